// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 5 inputs: O = INIT[{I4, I3, I2, I1, I0}], I0 is the least significant address
 * bit.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "LUT5".
 */
module LUT5 #(
    parameter [31:0] INIT = 32'h00000000  // bit i is the output at address i
) (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3,
    input  wire I4
);
    assign O = INIT[{I4, I3, I2, I1, I0}];
endmodule
`default_nettype wire

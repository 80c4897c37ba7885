// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 6 inputs: O = INIT[{I5, I4, I3, I2, I1, I0}], I0 is the least significant
 * address bit.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "LUT6".
 */
module LUT6 #(
    parameter [63:0] INIT = 64'h0000000000000000  // bit i is the output at address i
) (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3,
    input  wire I4,
    input  wire I5
);
    assign O = INIT[{I5, I4, I3, I2, I1, I0}];
endmodule
`default_nettype wire

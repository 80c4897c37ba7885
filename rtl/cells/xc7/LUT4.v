// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 4 inputs: O = INIT[{I3, I2, I1, I0}], I0 is the least significant address bit.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "LUT4".
 */
module LUT4 #(
    parameter [15:0] INIT = 16'h0000  // bit i is the output at address i
) (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3
);
    assign O = INIT[{I3, I2, I1, I0}];
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 4 inputs: Z = INIT[{D, C, B, A}], A is the least significant address bit.
 * Source: Lattice FPGA Libraries Reference Guide, "LUT4"; TN1262, ECP5 and ECP5-5G family, slices.
 */
module LUT4 #(
    parameter [15:0] INIT = 16'h0000  // bit i is the output at address i
) (
    input  wire A,
    input  wire B,
    input  wire C,
    input  wire D,
    output wire Z
);
    assign Z = INIT[{D, C, B, A}];
endmodule
`default_nettype wire

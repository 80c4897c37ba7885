// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 4 inputs: F = INIT[{I3, I2, I1, I0}], I0 is the least significant address bit.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "LUT4"; UG288, Configurable Function Unit, "CLU".
 */
module LUT4 #(
    parameter [15:0] INIT = 16'h0000  // bit i is the output at address i
) (
    output wire F,
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3
);
    assign F = INIT[{I3, I2, I1, I0}];
endmodule
`default_nettype wire

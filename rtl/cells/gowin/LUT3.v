// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 3 inputs: F = INIT[{I2, I1, I0}], I0 is the least significant address bit.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "LUT3"; UG288, Configurable Function Unit, "CLU".
 */
module LUT3 #(
    parameter [7:0] INIT = 8'h00  // bit i is the output at address i
) (
    output wire F,
    input  wire I0,
    input  wire I1,
    input  wire I2
);
    assign F = INIT[{I2, I1, I0}];
endmodule
`default_nettype wire

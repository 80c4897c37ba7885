// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 1 input: F = INIT[I0].
 * Source: Gowin SUG283, Gowin Primitives User Guide, "LUT1"; UG288, Configurable Function Unit, "CLU".
 */
module LUT1 #(
    parameter [1:0] INIT = 2'h0  // bit i is the output at address i
) (
    output wire F,
    input  wire I0
);
    assign F = INIT[I0];
endmodule
`default_nettype wire

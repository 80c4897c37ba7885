// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 2 inputs: F = INIT[{I1, I0}], I0 is the least significant address bit.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "LUT2"; UG288, Configurable Function Unit, "CLU".
 */
module LUT2 #(
    parameter [3:0] INIT = 4'h0  // bit i is the output at address i
) (
    output wire F,
    input  wire I0,
    input  wire I1
);
    assign F = INIT[{I1, I0}];
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 1 input: O = INIT[I0].
 * Source: Cologne Chip UG1001, GateMate FPGA Primitives Library, "CC_LUT1".
 */
module CC_LUT1 #(
    parameter [1:0] INIT = 2'h0  // bit i is the output at address i
) (
    output wire O,
    input  wire I0
);
    assign O = INIT[I0];
endmodule
`default_nettype wire

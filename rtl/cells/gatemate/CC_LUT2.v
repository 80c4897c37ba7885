// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Lookup table with 2 inputs: O = INIT[{I1, I0}], I0 is the least significant address bit.
 * Source: Cologne Chip UG1001, GateMate FPGA Primitives Library, "CC_LUT2".
 */
module CC_LUT2 #(
    parameter [3:0] INIT = 4'h0  // bit i is the output at address i
) (
    output wire O,
    input  wire I0,
    input  wire I1
);
    assign O = INIT[{I1, I0}];
endmodule
`default_nettype wire

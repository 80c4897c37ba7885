// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * One position of a carry chain. With S (select) and D (data) as below,
 *   SUM  = S ^ CIN
 *   COUT = S ? CIN : D
 * ALU_MODE               S                      D        result of a chain
 *   0 ADD                I0 ^ I1                I0       I0 + I1 + CIN
 *   1 SUB                I0 ^ ~I1               I0       I0 - I1, with a first CIN of 1
 *   2 ADDSUB             I3 ? ADD : SUB         I0       I0 + I1 or I0 - I1
 *   3 NE                 I0 ^ ~I1               1        last COUT: I0 and I1 differ
 *   4 GE                 I0 ^ ~I1               I0       last COUT: I0 >= I1
 *   5 LE                 I0 ^ ~I1               I1       last COUT: I0 <= I1
 *   6 CUP                I0                     0        I0 + 1
 *   7 CDN                ~I0                    1        I0 - 1
 *   8 CUPCDN             I3 ? I0 : ~I0          I0       I0 + 1 or I0 - 1
 * Left out: mode 9 (MULT), which nothing that lutgen emits uses.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "ALU"; UG288, Configurable Function Unit, "ALU".
 */
module ALU #(
    parameter [31:0] ALU_MODE = 32'd0  // 0..8
) (
    output wire SUM,
    output wire COUT,
    input  wire I0,
    input  wire I1,
    input  wire I3,
    input  wire CIN
);
    wire add = I0 ^ I1;

    // One entry a mode, mode 0 in the lowest bit.
    wire [8:0] selects = {~(I0 ^ I3), ~I0, I0, ~add, ~add, ~add, ~(add ^ I3), ~add, add};
    wire [8:0] datas   = {I0, 1'b1, 1'b0, I1, I0, 1'b1, I0, I0, I0};

    wire select = selects[ALU_MODE];
    assign SUM  = select ^ CIN;
    assign COUT = select ? CIN : datas[ALU_MODE];
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of CLK: loads D. It starts as 0.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "DFF".
 */
module DFF (
    output reg  Q,
    input  wire D,
    input  wire CLK
);
    initial Q = 1'b0;

    always @(posedge CLK) Q <= D;
endmodule
`default_nettype wire

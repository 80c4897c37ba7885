// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of CLK: RESET sets it to 0 (synchronous), else it loads D. It starts as 0.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "DFFR".
 */
module DFFR (
    output reg  Q,
    input  wire D,
    input  wire CLK,
    input  wire RESET
);
    initial Q = 1'b0;

    always @(posedge CLK) begin
        if (RESET) Q <= 1'b0;
        else Q <= D;
    end
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of CLK: loads D while EN is 1. SR sets it to 0 at any time (asynchronous). It starts
 * as INIT. The parameters that invert pins and the one that chooses the value of SR are left out: they stay 0.
 * Source: Cologne Chip UG1001, GateMate FPGA Primitives Library, "CC_DFF".
 */
module CC_DFF #(
    parameter [0:0] INIT = 1'b0  // value after configuration
) (
    input  wire D,
    input  wire CLK,
    input  wire EN,
    input  wire SR,
    output reg  Q
);
    initial Q = INIT;

    always @(posedge CLK or posedge SR) begin
        if (SR) Q <= 1'b0;
        else if (EN) Q <= D;
    end
endmodule
`default_nettype wire

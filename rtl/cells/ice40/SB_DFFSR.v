// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of C: R sets it to 0 (synchronous), else it loads D. It starts as 0.
 * Source: Lattice iCE Technology Library, "SB_DFFSR".
 */
module SB_DFFSR (
    output reg  Q,
    input  wire C,
    input  wire R,
    input  wire D
);
    initial Q = 1'b0;

    always @(posedge C) begin
        if (R) Q <= 1'b0;
        else Q <= D;
    end
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of C: loads D. It starts as 0.
 * Source: Lattice iCE Technology Library, "SB_DFF".
 */
module SB_DFF (
    output reg  Q,
    input  wire C,
    input  wire D
);
    initial Q = 1'b0;

    always @(posedge C) Q <= D;
endmodule
`default_nettype wire

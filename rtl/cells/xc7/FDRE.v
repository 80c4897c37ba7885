// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop on the rising edge of C: R sets it to 0 (synchronous, wins over CE), else CE loads D.
 * It starts as INIT, which the bitstream sets.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "FDRE".
 */
module FDRE #(
    parameter [0:0] INIT = 1'b0  // value after configuration
) (
    output reg  Q,
    input  wire C,
    input  wire CE,
    input  wire D,
    input  wire R
);
    initial Q = INIT;

    always @(posedge C) begin
        if (R) Q <= 1'b0;
        else if (CE) Q <= D;
    end
endmodule
`default_nettype wire

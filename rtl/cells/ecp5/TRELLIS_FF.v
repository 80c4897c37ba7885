// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop of an ECP5 slice as Yosys and nextpnr name it. On the active clock edge an active LSR sets
 * it to its reset value, else it takes DI. It starts as its reset value.
 * The pins CE (clock enable) and M (preload) are left out: nothing that lutgen emits connects them
 * (nextpnr would not pack a flop with its LUT if M were connected), so CEMUX must be "1".
 * Source: Lattice FPGA Libraries Reference Guide, "FD1P3IX", "FD1P3DX" and their kin, whose modes
 * the parameters choose; Project Trellis, ECP5 tile "PLC2" (names of the settings).
 */
module TRELLIS_FF #(
    parameter  [63:0] GSR     = "ENABLED",  // global set/reset, not simulated
    parameter [127:0] CEMUX   = "1",    // clock enable: "1" = always
    parameter  [23:0] CLKMUX  = "CLK",  // "CLK" rising edge, "INV" falling edge
    parameter  [23:0] LSRMUX  = "LSR",  // "LSR" active high, "INV" active low
    parameter [127:0] SRMODE  = "LSR_OVER_CE",  // synchronous; "ASYNC" asynchronous
    parameter  [39:0] REGSET  = "RESET"   // reset value: "RESET" = 0, "SET" = 1
) (
    input  wire CLK,
    input  wire LSR,
    input  wire DI,
    output reg  Q
);
    localparam [63:0] unused_gsr = GSR;
    localparam [127:0] unused_cemux = CEMUX;

    localparam [0:0] kSetValue = REGSET != "RESET";
    wire reset = LSR ^ (LSRMUX == "INV");

    initial Q = kSetValue;

    generate
        if (SRMODE[39:0] == "ASYNC") begin : g_async
            wire clock = CLK ^ (CLKMUX == "INV");
            always @(posedge clock or posedge reset) begin
                if (reset) Q <= kSetValue;
                else Q <= DI;
            end
        end else if (CLKMUX == "INV") begin : g_falling
            always @(negedge CLK) begin
                if (reset) Q <= kSetValue;
                else Q <= DI;
            end
        end else begin : g_rising
            always @(posedge CLK) begin
                if (reset) Q <= kSetValue;
                else Q <= DI;
            end
        end
    endgenerate
endmodule
`default_nettype wire

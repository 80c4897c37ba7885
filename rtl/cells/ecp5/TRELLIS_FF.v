// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Flop of an ECP5 slice as Yosys and nextpnr name it. On the active clock edge an active LSR sets
 * it to its reset value, else an active clock enable loads DI. It starts as its reset value.
 * Source: Lattice FPGA Libraries Reference Guide, "FD1P3IX", "FD1P3DX" and their kin, whose modes
 * the parameters choose; Project Trellis, ECP5 tile "PLC2" (names of the settings).
 */
module TRELLIS_FF #(
    parameter  [63:0] GSR     = "ENABLED",  // global set/reset, not simulated
    parameter [127:0] CEMUX   = "1",    // enable: "1" always, "0" never, "CE", "INV" = not CE
    parameter  [23:0] CLKMUX  = "CLK",  // "CLK" rising edge, "INV" falling edge
    parameter  [23:0] LSRMUX  = "LSR",  // "LSR" active high, "INV" active low
    parameter [127:0] SRMODE  = "LSR_OVER_CE",  // synchronous; "ASYNC" asynchronous
    parameter  [39:0] REGSET  = "RESET",  // reset value: "RESET" = 0, "SET" = 1
    parameter [127:0] LSRMODE = "LSR"     // "LSR" takes REGSET, "PRLD" takes M
) (
    input  wire CLK,
    input  wire LSR,
    input  wire CE,
    input  wire DI,
    input  wire M,
    output reg  Q
);
    localparam [63:0] unused_gsr = GSR;
    wire unused_m = M;

    localparam [0:0] kSetValue = REGSET != "RESET";
    wire enable = (CEMUX[7:0] == "1") | ((CEMUX[7:0] != "0") & (CE ^ (CEMUX[23:0] == "INV")));
    wire reset = LSR ^ (LSRMUX == "INV");
    wire reset_value = (LSRMODE[31:0] == "PRLD") ? M : kSetValue;

    initial Q = kSetValue;

    generate
        if (SRMODE[39:0] == "ASYNC") begin : g_async
            wire clock = CLK ^ (CLKMUX == "INV");
            always @(posedge clock or posedge reset) begin
                if (reset) Q <= reset_value;
                else if (enable) Q <= DI;
            end
        end else if (CLKMUX == "INV") begin : g_falling
            always @(negedge CLK) begin
                if (reset) Q <= reset_value;
                else if (enable) Q <= DI;
            end
        end else begin : g_rising
            always @(posedge CLK) begin
                if (reset) Q <= reset_value;
                else if (enable) Q <= DI;
            end
        end
    endgenerate
endmodule
`default_nettype wire

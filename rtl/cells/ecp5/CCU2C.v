// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Carry cell of one slice: two positions, position 0 nearest to CIN. Of position i:
 *   propagate  p = INITi[{Di, Ci, Bi, Ai}]
 *   generate   g = INITi[{1'b0, 1'b0, Bi, Ai}], 0 when INJECT1_i = "YES"
 *   sum        Si = p ^ carry in; with INJECT1_i = "YES" just p
 *   carry out  p ? carry in : g
 * Source: Lattice FPGA Libraries Reference Guide, "CCU2C"; TN1262, ECP5 family, ripple mode.
 */
module CCU2C #(
    parameter [15:0] INIT0     = 16'h0000,  // table of position 0, bit i is the value at address i
    parameter [15:0] INIT1     = 16'h0000,  // table of position 1
    parameter [23:0] INJECT1_0 = "YES",     // "YES": position 0 takes no part in the carry; "NO"
    parameter [23:0] INJECT1_1 = "YES"      // the same for position 1
) (
    input  wire CIN,
    input  wire A0,
    input  wire B0,
    input  wire C0,
    input  wire D0,
    input  wire A1,
    input  wire B1,
    input  wire C1,
    input  wire D1,
    output wire S0,
    output wire S1,
    output wire COUT
);
    localparam [0:0] kCarry0 = INJECT1_0 != "YES";
    localparam [0:0] kCarry1 = INJECT1_1 != "YES";

    wire p0 = INIT0[{D0, C0, B0, A0}];
    wire p1 = INIT1[{D1, C1, B1, A1}];
    wire g0 = INIT0[{2'b00, B0, A0}] & kCarry0;
    wire g1 = INIT1[{2'b00, B1, A1}] & kCarry1;
    wire c1 = p0 ? CIN : g0;

    assign S0   = p0 ^ (CIN & kCarry0);
    assign S1   = p1 ^ (c1 & kCarry1);
    assign COUT = p1 ? c1 : g1;
endmodule
`default_nettype wire

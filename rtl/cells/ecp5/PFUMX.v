// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Two-to-one multiplexer that joins the two LUT4 of a slice: Z = C0 ? ALUT : BLUT
 * (mind the order: ALUT is the value for C0 = 1).
 * Source: Lattice FPGA Libraries Reference Guide, "PFUMX".
 */
module PFUMX (
    input  wire ALUT,
    input  wire BLUT,
    input  wire C0,
    output wire Z
);
    assign Z = C0 ? ALUT : BLUT;
endmodule
`default_nettype wire

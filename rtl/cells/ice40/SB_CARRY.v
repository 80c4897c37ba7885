// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Carry of one logic cell: CO = majority of I0, I1 and CI.
 * Source: Lattice iCE Technology Library, "SB_CARRY".
 */
module SB_CARRY (
    output wire CO,
    input  wire I0,
    input  wire I1,
    input  wire CI
);
    assign CO = (I0 & I1) | (I0 & CI) | (I1 & CI);
endmodule
`default_nettype wire

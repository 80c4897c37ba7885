// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Two-to-one multiplexer that joins the two MUXF7 of a slice: O = S ? I1 : I0.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "MUXF8".
 */
module MUXF8 (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire S
);
    assign O = S ? I1 : I0;
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Full adder: {CO, S} = A + B + CI. Two that follow one another in a carry chain share a CPE.
 * Source: Cologne Chip UG1001, GateMate FPGA Primitives Library, "CC_ADDF".
 */
module CC_ADDF (
    input  wire A,
    input  wire B,
    input  wire CI,
    output wire CO,
    output wire S
);
    assign S  = A ^ B ^ CI;
    assign CO = (A & B) | (A & CI) | (B & CI);
endmodule
`default_nettype wire

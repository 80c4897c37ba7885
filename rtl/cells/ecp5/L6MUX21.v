// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Two-to-one multiplexer that joins two PFUMX (or two L6MUX21): Z = SD ? D1 : D0.
 * Source: Lattice FPGA Libraries Reference Guide, "L6MUX21".
 */
module L6MUX21 (
    input  wire D0,
    input  wire D1,
    input  wire SD,
    output wire Z
);
    assign Z = SD ? D1 : D0;
endmodule
`default_nettype wire

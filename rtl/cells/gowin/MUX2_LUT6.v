// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Two-to-one multiplexer that joins two MUX2_LUT5: O = S0 ? I1 : I0.
 * Source: Gowin SUG283, Gowin Primitives User Guide, "MUX2_LUT6".
 */
module MUX2_LUT6 (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire S0
);
    assign O = S0 ? I1 : I0;
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Four-to-one multiplexer: Y is D0, D1, D2 or D3 for {S1, S0} = 0, 1, 2 or 3. Takes a whole CPE.
 * Source: Cologne Chip UG1001, GateMate FPGA Primitives Library, "CC_MX4".
 */
module CC_MX4 (
    input  wire D0,
    input  wire D1,
    input  wire D2,
    input  wire D3,
    input  wire S0,
    input  wire S1,
    output wire Y
);
    assign Y = S1 ? (S0 ? D3 : D2) : (S0 ? D1 : D0);
endmodule
`default_nettype wire

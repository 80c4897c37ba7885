// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Carry chain of one slice: four positions, position 0 nearest to the carry input.
 *   carry into position 0      c0 = CI | CYINIT (a chain uses one, the other is 0)
 *   carry out of position i    CO[i] = S[i] ? carry into i : DI[i]
 *   sum of position i          O[i]  = S[i] ^ carry into i
 * With S = a ^ b and DI = a (or b) it adds two 4-bit numbers.
 * Source: AMD UG953, Vivado Design Suite 7 Series FPGA Libraries Guide, "CARRY4";
 * UG474, 7 Series FPGAs Configurable Logic Block, "Carry Logic".
 */
module CARRY4 (
    output wire [3:0] CO,
    output wire [3:0] O,
    input  wire       CI,
    input  wire       CYINIT,
    input  wire [3:0] DI,
    input  wire [3:0] S
);
    // One scalar wire a position, so that no tool sees a vector that depends on itself.
    wire c0 = CI | CYINIT;
    wire c1 = S[0] ? c0 : DI[0];
    wire c2 = S[1] ? c1 : DI[1];
    wire c3 = S[2] ? c2 : DI[2];
    wire c4 = S[3] ? c3 : DI[3];

    assign CO = {c4, c3, c2, c1};
    assign O  = S ^ {c3, c2, c1, c0};
endmodule
`default_nettype wire

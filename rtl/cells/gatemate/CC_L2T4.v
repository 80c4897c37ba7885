// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Half a CPE: a tree of three lookup tables with 2 inputs. L00 takes I0 and I1, L01 takes I2 and I3, L10 takes
 * the outputs of both, that of L00 as the less significant address bit.
 * Source: Cologne Chip DS1001, GateMate FPGA, "Cologne Programmable Element"; the cell as Yosys and nextpnr name it.
 */
module CC_L2T4 #(
    parameter [3:0] INIT_L00 = 4'h0,  // bit i is the output at address i
    parameter [3:0] INIT_L01 = 4'h0,
    parameter [3:0] INIT_L10 = 4'h0
) (
    output wire O,
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3
);
    wire l00 = INIT_L00[{I1, I0}];
    wire l01 = INIT_L01[{I3, I2}];

    assign O = INIT_L10[{l01, l00}];
endmodule
`default_nettype wire

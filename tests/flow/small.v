// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Eight tables, eight flip-flops and two carry cells between few pins: enough kinds of cells to place, small
 * enough to be routed in seconds. The tables are those of no network.
 */
module small (
    input  wire clk,
    input  wire rst,
    input  wire si,
    output wire so,
    output wire carry
);
  wire [8:0] chain;
  wire [7:0] table_out, sum, co;
  assign chain[0] = si;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : bits
      FDRE ff (.Q(chain[i+1]), .C(clk), .CE(1'b1), .D(sum[i]), .R(rst));
      LUT6 #(.INIT(64'h9669_F00D_1234_5678 ^ (64'h1 << (7 * i)))) lut (
          .O(table_out[i]), .I0(chain[0]), .I1(chain[1]), .I2(chain[(i+2)%9]), .I3(chain[(i+3)%9]),
          .I4(chain[(i+4)%9]), .I5(chain[(i+5)%9]));
    end
  endgenerate
  CARRY4 low (.CO(co[3:0]), .O(sum[3:0]), .CI(1'b0), .CYINIT(si), .DI(chain[3:0]), .S(table_out[3:0]));
  CARRY4 high (.CO(co[7:4]), .O(sum[7:4]), .CI(co[3]), .CYINIT(1'b0), .DI(chain[7:4]), .S(table_out[7:4]));
  assign so = chain[8];
  assign carry = co[7];
endmodule
`resetall

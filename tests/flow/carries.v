// SPDX-License-Identifier: Apache-2.0
// Carry chains of every shape, between a scan chain x and flops q; carries_test.cpp knows what each q has to be.
`default_nettype none

// A sum of 4 bits on one CARRY4, of which BITS are used.
module adder #(parameter BITS = 4) (
    input wire cyinit, input wire ci, input wire [BITS-1:0] a, input wire [BITS-1:0] b,
    output wire [BITS-1:0] o, output wire [BITS-1:0] co);
  wire [3:0] s, di, sums, carries;
  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : at
      if (i < BITS) begin : used
        LUT2 #(.INIT(4'h6)) s_lut (.I0(a[i]), .I1(b[i]), .O(s[i]));
        LUT1 #(.INIT(2'h2)) di_lut (.I0(a[i]), .O(di[i]));
      end else begin : unused
        assign s[i] = 1'b0;
        assign di[i] = 1'b0;
      end
    end
  endgenerate
  CARRY4 cy (.CYINIT(cyinit), .CI(ci), .S(s), .DI(di), .O(sums), .CO(carries));
  assign o = sums[BITS-1:0];
  assign co = carries[BITS-1:0];
endmodule

module flop (input wire clk, input wire ce, input wire d);
  wire q;
  (* keep *) FDRE ff (.Q(q), .C(clk), .CE(ce), .D(d), .R(1'b0));
endmodule

module carries (input wire clk_pin, input wire scan_pin);
  wire clk_pad, clk, scan;
  IBUF clk_buffer (.I(clk_pin), .O(clk_pad));
  BUFG clk_global (.I(clk_pad), .O(clk));
  IBUF scan_buffer (.I(scan_pin), .O(scan));
  wire [15:0] x;
  genvar i;
  generate
    for (i = 0; i < 16; i = i + 1) begin : chain
      FDRE ff (.Q(x[i]), .C(clk), .CE(1'b1), .D(i == 0 ? scan : x[(i + 15) % 16]), .R(1'b0));
    end
  endgenerate

  // The carry out goes to a flop, beside sums that go to flops.
  wire [1:0] o0, co0;
  adder #(2) plain (x[0], 1'b0, x[2:1], x[4:3], o0, co0);
  flop plain_o0 (clk, 1'b1, o0[0]);
  flop plain_o1 (clk, 1'b1, o0[1]);
  flop plain_co1 (clk, 1'b1, co0[1]);

  // It goes to two LUTs, and the sum is not read. (All LUTs have six inputs: no two of them share a
  // position by chance.)
  wire [1:0] o1, co1;
  wire other, once;
  adder #(2) luts (x[5], 1'b0, x[2:1], x[7:6], o1, co1);
  LUT6 #(.INIT({16{4'h9}})) other_lut (
      .I0(co1[1]), .I1(x[8]), .I2(x[3]), .I3(x[0]), .I4(x[1]), .I5(x[2]), .O(other));
  LUT6 #(.INIT(64'hFEDC_BA98_7654_3210)) once_lut (
      .I0(x[9]), .I1(x[10]), .I2(x[11]), .I3(x[12]), .I4(x[13]), .I5(co1[1]), .O(once));
  flop luts_o0 (clk, 1'b1, o1[0]);
  flop luts_other (clk, 1'b1, other);
  flop luts_once (clk, 1'b1, once);

  // One from the middle of a chain and one from its end.
  wire [3:0] o2, co2;
  wire middle;
  adder #(4) four (x[1], 1'b0, x[5:2], x[9:6], o2, co2);
  LUT6 #(.INIT({16{4'h6}})) middle_lut (
      .I0(x[10]), .I1(co2[1]), .I2(x[1]), .I3(x[2]), .I4(x[3]), .I5(x[4]), .O(middle));
  flop four_middle (clk, 1'b1, middle);
  flop four_o2 (clk, 1'b1, o2[2]);
  flop four_o3 (clk, 1'b1, o2[3]);
  flop four_co3 (clk, 1'b1, co2[3]);

  // One to a flop and to the start of two other chains; these are three chains.
  wire [1:0] o3, co3, o4, co4, o5, co5;
  adder #(2) fork (x[3], 1'b0, x[5:4], x[7:6], o3, co3);
  adder #(2) left (co3[1], 1'b0, x[9:8], x[11:10], o4, co4);
  adder #(2) right (co3[1], 1'b0, x[13:12], x[15:14], o5, co5);
  flop fork_o1 (clk, 1'b1, o3[1]);
  flop fork_co1 (clk, 1'b1, co3[1]);
  flop left_o1 (clk, 1'b1, o4[1]);
  flop right_co1 (clk, 1'b1, co5[1]);

  // One to the start of one other chain alone: one chain of five bits.
  wire [1:0] o6, co6;
  wire [2:0] o7, co7;
  adder #(2) lower (x[0], 1'b0, x[2:1], x[8:7], o6, co6);
  adder #(3) upper (co6[1], 1'b0, x[5:3], x[11:9], o7, co7);
  flop lower_o1 (clk, 1'b1, o6[1]);
  flop upper_o0 (clk, 1'b1, o7[0]);
  flop upper_co2 (clk, 1'b1, co7[2]);

  // Two CARRY4 in a row: one from the first, which goes on, and one from the second.
  wire [3:0] o8, co8;
  wire [1:0] o9, co9;
  wire first, second;
  adder #(4) low (x[4], 1'b0, x[8:5], x[12:9], o8, co8);
  adder #(2) high (1'b0, co8[3], x[14:13], x[1:0], o9, co9);
  LUT6 #(.INIT({16{4'h6}})) first_lut (
      .I0(x[15]), .I1(co8[3]), .I2(x[1]), .I3(x[2]), .I4(x[3]), .I5(x[4]), .O(first));
  LUT6 #(.INIT({16{4'h8}})) second_lut (
      .I0(x[15]), .I1(co9[1]), .I2(x[1]), .I3(x[2]), .I4(x[3]), .I5(x[4]), .O(second));
  flop low_o3 (clk, 1'b1, o8[3]);
  flop low_first (clk, 1'b1, first);
  flop high_o1 (clk, 1'b1, o9[1]);
  flop high_second (clk, 1'b1, second);

  // It cannot: the sum of the same bit has to leave, too.
  wire [1:0] o10, co10;
  wire blocked;
  adder #(2) blocking (x[6], 1'b0, x[8:7], x[10:9], o10, co10);
  LUT6 #(.INIT({16{4'h6}})) blocked_lut (
      .I0(x[0]), .I1(o10[1]), .I2(x[1]), .I3(x[2]), .I4(x[3]), .I5(x[4]), .O(blocked));
  flop blocking_o1 (clk, 1'b1, blocked);
  flop blocking_co1 (clk, 1'b1, co10[1]);

  // It cannot: the flops of the two sums cannot share a slice.
  wire [1:0] o11, co11;
  adder #(2) mixed (x[7], 1'b0, x[9:8], x[11:10], o11, co11);
  flop mixed_o0 (clk, 1'b1, o11[0]);
  flop mixed_o1 (clk, x[0], o11[1]);
  flop mixed_co1 (clk, 1'b1, co11[1]);

  // LUTs of five and six inputs that have their bits to themselves; one reads a carry out.
  wire [3:0] s12, o12, co12;
  wire di12, wide;
  LUT2 #(.INIT(4'h6)) wide_s0 (.I0(x[1]), .I1(x[4]), .O(s12[0]));
  LUT1 #(.INIT(2'h2)) wide_di0 (.I0(x[1]), .O(di12));
  LUT6 #(.INIT(64'h6996_9669_9669_6996)) wide_s1 (
      .I0(x[2]), .I1(x[3]), .I2(x[5]), .I3(x[6]), .I4(x[7]), .I5(x[8]), .O(s12[1]));
  LUT5 #(.INIT(32'h9669_6996)) wide_s2 (.I0(x[9]), .I1(x[10]), .I2(x[11]), .I3(x[12]), .I4(x[13]), .O(s12[2]));
  LUT6 #(.INIT(64'h6996_9669_9669_6996)) wide_s3 (
      .I0(x[0]), .I1(x[1]), .I2(x[2]), .I3(x[3]), .I4(x[4]), .I5(co1[1]), .O(s12[3]));
  CARRY4 wide_cy (.CYINIT(x[0]), .CI(1'b0), .S(s12), .DI({x[14], x[13], x[2], di12}), .O(o12), .CO(co12));
  LUT6 #(.INIT({16{4'h6}})) wide_lut (
      .I0(x[15]), .I1(co12[1]), .I2(x[1]), .I3(x[2]), .I4(x[3]), .I5(x[4]), .O(wide));
  flop wide_o1 (clk, 1'b1, o12[1]);
  flop wide_co1 (clk, 1'b1, wide);
  flop wide_co2 (clk, 1'b1, co12[2]);
  flop wide_o3 (clk, 1'b1, o12[3]);

  // The same at the lowest bit, where there is no place for it.
  wire [3:0] o13, co13;
  wire s13;
  LUT6 #(.INIT(64'h6996_9669_9669_6996)) lowest_s (
      .I0(x[0]), .I1(x[1]), .I2(x[2]), .I3(x[3]), .I4(x[4]), .I5(x[5]), .O(s13));
  CARRY4 lowest_cy (.CYINIT(x[6]), .CI(1'b0), .S({3'b0, s13}), .DI({3'b0, x[5]}), .O(o13), .CO(co13));
  flop lowest_o0 (clk, 1'b1, o13[0]);
  flop lowest_co0 (clk, 1'b1, co13[0]);
endmodule

`default_nettype wire

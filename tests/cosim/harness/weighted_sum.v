// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * A design of somebody else's: other port names, reset active low, ports of every size.
 * Two register stages: latency 2 cycles, one result per cycle.
 */
module weighted_sum (
    input  wire        clk_i,
    input  wire        rst_ni,   // synchronous, active low
    input  wire        valid_i,
    input  wire [39:0] a_i,
    input  wire [11:0] b_i,
    output reg         valid_o,
    output reg  [40:0] sum_o,    // a + 3 b
    output reg  [99:0] echo_o,   // {b, a, 8'ha5, a}
    output reg  [3:0]  low_o     // low bits of b
);
    reg        valid_reg;
    reg [39:0] a_reg;
    reg [11:0] b_reg;
    reg [13:0] triple_reg;

    always @(posedge clk_i) begin
        a_reg      <= a_i;
        b_reg      <= b_i;
        triple_reg <= {2'b00, b_i} + {1'b0, b_i, 1'b0};
        sum_o      <= {1'b0, a_reg} + {27'd0, triple_reg};
        echo_o     <= {b_reg, a_reg, 8'ha5, a_reg};
        low_o      <= b_reg[3:0];
        valid_reg  <= rst_ni & valid_i;
        valid_o    <= rst_ni & valid_reg;
    end
endmodule
`default_nettype wire

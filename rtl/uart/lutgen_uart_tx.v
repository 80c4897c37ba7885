// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Transmitter of a UART: 8 data bits, least significant first, no parity, one stop bit.
 * Takes a byte while idle; 10 * CLOCKS_PER_BIT cycles later it can take the next.
 */
module lutgen_uart_tx #(
    parameter [15:0] CLOCKS_PER_BIT = 16'd868  // clock cycles of one bit, 4 to 65535
) (
    input  wire       clk,
    input  wire       rst,            // synchronous, active high; ends a byte on its way
    input  wire [7:0] s_axis_tdata,   // the byte to send
    input  wire       s_axis_tvalid,
    output wire       s_axis_tready,  // 1 while idle
    output wire       tx              // the line, 1 when idle; from a flop
);
    localparam [15:0] WHOLE = CLOCKS_PER_BIT - 16'd1;

    reg busy_reg = 1'b0, busy_next;
    reg [15:0] count_reg = 16'd0, count_next;        // cycles to the end of this bit
    reg [3:0] index_reg = 4'd0, index_next;          // 0 start bit, 1 to 8 data, 9 stop bit
    reg [8:0] shift_reg = 9'h1ff, shift_next;        // bit 0 is on the line; 1 comes after the last

    always @* begin
        busy_next = busy_reg;
        count_next = count_reg - 16'd1;
        index_next = index_reg;
        shift_next = shift_reg;
        if (!busy_reg) begin
            count_next = WHOLE;
            index_next = 4'd0;
            busy_next = s_axis_tvalid;
            if (s_axis_tvalid) shift_next = {s_axis_tdata, 1'b0};
        end else if (count_reg == 16'd0) begin
            count_next = WHOLE;
            index_next = index_reg + 4'd1;
            shift_next = {1'b1, shift_reg[8:1]};
            busy_next = index_reg != 4'd9;
        end
    end

    always @(posedge clk) begin
        count_reg <= count_next;
        index_reg <= index_next;
        if (rst) begin
            busy_reg <= 1'b0;
            shift_reg <= 9'h1ff;
        end else begin
            busy_reg <= busy_next;
            shift_reg <= shift_next;
        end
    end

    assign s_axis_tready = ~busy_reg;
    assign tx = shift_reg[0];
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Receiver of a UART: 8 data bits, least significant first, no parity, one stop bit.
 * A byte comes out in the middle of its stop bit. The line may run up to 3 % faster or slower than
 * CLOCKS_PER_BIT says (8 or more).
 */
module lutgen_uart_rx #(
    parameter [15:0] CLOCKS_PER_BIT = 16'd868  // clock cycles of one bit, 4 to 65535
) (
    input  wire       clk,
    input  wire       rst,            // synchronous, active high
    input  wire       rx,             // the line, 1 when idle; asynchronous to clk
    output wire [7:0] m_axis_tdata,   // the byte received
    output wire       m_axis_tvalid,  // 1 for one cycle a byte; nobody can make it wait
    output wire       frame_error     // 1 for one cycle when the stop bit was 0: the byte is dropped
);
    localparam [15:0] WHOLE = CLOCKS_PER_BIT - 16'd1;
    localparam [15:0] HALF = {1'b0, CLOCKS_PER_BIT[15:1]} - 16'd1;

    // Two flops against metastability; the third holds the level before, so that a line that is stuck at 0
    // starts no byte.
    reg [2:0] line_reg = 3'b111;
    wire line = line_reg[1];
    wire falls = line_reg[2] & ~line_reg[1];

    reg busy_reg = 1'b0, busy_next;
    reg [15:0] count_reg = 16'd0, count_next;  // cycles to the next sample
    reg [3:0] index_reg = 4'd0, index_next;    // 0 start bit, 1 to 8 data, 9 stop bit
    reg [7:0] data_reg = 8'd0, data_next;
    reg valid_reg = 1'b0, valid_next;
    reg error_reg = 1'b0, error_next;

    always @* begin
        busy_next = busy_reg;
        count_next = count_reg - 16'd1;
        index_next = index_reg;
        data_next = data_reg;
        valid_next = 1'b0;
        error_next = 1'b0;
        if (!busy_reg) begin
            busy_next = falls;
            count_next = HALF;
            index_next = 4'd0;
        end else if (count_reg == 16'd0) begin
            count_next = WHOLE;
            index_next = index_reg + 4'd1;
            if (index_reg == 4'd0) begin
                busy_next = ~line;  // back at 1 in the middle of the start bit: it was a glitch
            end else if (index_reg == 4'd9) begin
                busy_next = 1'b0;
                valid_next = line;
                error_next = ~line;
            end else begin
                data_next = {line, data_reg[7:1]};
            end
        end
    end

    always @(posedge clk) begin
        line_reg <= {line_reg[1:0], rx};
        count_reg <= count_next;
        index_reg <= index_next;
        data_reg <= data_next;
        if (rst) begin
            busy_reg <= 1'b0;
            valid_reg <= 1'b0;
            error_reg <= 1'b0;
        end else begin
            busy_reg <= busy_next;
            valid_reg <= valid_next;
            error_reg <= error_next;
        end
    end

    assign m_axis_tdata = data_reg;
    assign m_axis_tvalid = valid_reg;
    assign frame_error = error_reg;
endmodule
`default_nettype wire

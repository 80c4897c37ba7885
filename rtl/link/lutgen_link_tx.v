// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Sends response frames (README.md): flag, status, sequence number, payload, check, flag; stuffs what lies between
 * the flags.
 */
module lutgen_link_tx #(
    parameter [127:0] IDENTITY = 128'd0,               // the answer to "who are you"; byte i is bits 8*i+7 to 8*i
    parameter integer COUNT_BITS = 4,                  // 4 to 24: holds LAST_RESULT_BYTE, and 15
    parameter [COUNT_BITS-1:0] LAST_RESULT_BYTE = 0    // payload bytes of a result, less one
) (
    input  wire       clk,
    input  wire       rst,            // synchronous, active high
    input  wire       start,          // 1 for one cycle while idle: send a frame
    input  wire       start_error,    // with start: it says what is wrong, else it answers
    input  wire [2:0] start_code,     // with start: what is wrong; else 1 for IDENTITY, 2 for a result
    input  wire [7:0] start_number,   // with start: sequence number
    output wire       idle,
    input  wire       result_valid,   // 1 for one cycle after start: the result is there
    input  wire [7:0] result_byte,    // the next byte of the result
    output wire       result_next,    // 1 for one cycle: it is taken
    output wire [7:0] m_axis_tdata,
    output wire       m_axis_tvalid,
    input  wire       m_axis_tready
);
    localparam [7:0] FLAG = 8'h7e;
    localparam [7:0] ESCAPE = 8'h7d;
    localparam [COUNT_BITS-1:0] LAST_CHECK_BYTE = 3;
    localparam [COUNT_BITS-1:0] LAST_IDENTITY_BYTE = 15;
    localparam [2:0] IDLE = 3'd0, WAIT = 3'd1, OPEN = 3'd2, STATUS = 3'd3, NUMBER = 3'd4, PAYLOAD = 3'd5, CHECK = 3'd6,
                     CLOSE = 3'd7;

    reg [2:0] state_reg = IDLE, state_next;
    reg [COUNT_BITS-1:0] index_reg = 0, index_next;  // of the byte in this part
    reg error_reg = 1'b0;
    reg [2:0] code_reg = 3'd0;
    reg [7:0] number_reg = 8'd0;
    reg escaped_reg = 1'b0;
    reg [31:0] crc_reg = 32'hffffffff;
    reg [7:0] shift_reg = 8'd0;
    reg [3:0] bits_reg = 4'd0;  // 8 to 15 while bits are left

    wire identity = code_reg[0];  // where there is a payload, that is
    wire is_flag = (state_reg == OPEN) | (state_reg == CLOSE);
    wire [7:0] identity_byte = IDENTITY[{index_reg[3:0], 3'd0} +: 8];
    reg [7:0] value;
    always @* begin
        case (state_reg)
            STATUS: value = {1'b1, {2{error_reg}}, 2'b00, code_reg};
            NUMBER: value = number_reg;
            PAYLOAD: value = identity ? identity_byte : result_byte;
            default: value = crc_reg[7:0];
        endcase
    end
    wire special = (value == FLAG) | (value == ESCAPE);
    wire sent = m_axis_tvalid & m_axis_tready;
    wire escape = special & ~escaped_reg & ~is_flag;  // the byte on its way is ESCAPE
    wire take = sent & ~is_flag & ~escape;            // a byte of the frame is done

    wire [COUNT_BITS-1:0] last_index =
        state_reg == CHECK ? LAST_CHECK_BYTE : identity ? LAST_IDENTITY_BYTE : LAST_RESULT_BYTE;
    wire last = index_reg == last_index;

    always @* begin
        state_next = state_reg;
        case (state_reg)
            IDLE: if (start) state_next = ~start_error & start_code[1] ? WAIT : OPEN;
            WAIT: if (result_valid) state_next = OPEN;
            OPEN: if (sent) state_next = STATUS;
            STATUS: if (take) state_next = NUMBER;
            NUMBER: if (take) state_next = error_reg ? CHECK : PAYLOAD;
            PAYLOAD: if (take & last) state_next = CHECK;
            CHECK: if (take & last) state_next = CLOSE;
            default: if (sent) state_next = IDLE;
        endcase
        index_next = index_reg + {{COUNT_BITS-1{1'b0}}, take};
        if ((state_reg == NUMBER) | (take & last)) index_next = 0;
    end

    // CRC-32 of IEEE 802.3 without the final inversion, bit 0 of each byte first, one bit a cycle. While its own low
    // byte goes through, it shifts down by eight, so that CHECK sends it byte after byte.
    wire feedback = crc_reg[0] ^ shift_reg[0];

    always @(posedge clk) begin
        index_reg <= index_next;
        if (start) begin
            error_reg <= start_error;
            code_reg <= start_code;
            number_reg <= start_number;
        end
        if (take) shift_reg <= value;
        else shift_reg <= {1'b0, shift_reg[7:1]};
        if (state_reg == OPEN) crc_reg <= 32'hffffffff;
        else if (bits_reg[3]) crc_reg <= {1'b0, crc_reg[31:1]} ^ (feedback ? 32'hedb88320 : 32'd0);
        if (rst) begin
            state_reg <= IDLE;
            escaped_reg <= 1'b0;
            bits_reg <= 4'd0;
        end else begin
            state_reg <= state_next;
            if (sent) escaped_reg <= escape;
            bits_reg <= take ? 4'd8 : bits_reg[3] ? bits_reg + 4'd1 : 4'd0;
        end
    end

    assign idle = state_reg == IDLE;
    assign result_next = take & (state_reg == PAYLOAD) & ~identity;
    assign m_axis_tdata = is_flag ? FLAG : escape ? ESCAPE : {value[7:6], value[5] ^ escaped_reg, value[4:0]};
    assign m_axis_tvalid = (state_reg != IDLE) & (state_reg != WAIT) & ~bits_reg[3];
endmodule
`default_nettype wire

// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * Takes request frames out of a stream of bytes (README.md): undoes the stuffing, counts, checks.
 * A flag starts a new frame in every state, so that no garbage is remembered past it.
 */
module lutgen_link_rx #(
    parameter integer COUNT_BITS = 2,                  // 2 to 24: holds LAST_SAMPLE_BYTE, and 3
    parameter [COUNT_BITS-1:0] LAST_SAMPLE_BYTE = 0    // payload bytes of a sample, less one
) (
    input  wire       clk,
    input  wire       rst,            // synchronous, active high
    input  wire [7:0] s_axis_tdata,   // bytes of the line, 10 clock cycles apart or more
    input  wire       s_axis_tvalid,
    input  wire       line_error,     // 1 for one cycle when a byte was lost (its stop bit was 0)
    output wire       frame_start,    // 1 for one cycle at every flag: the next payload byte is byte 0
    output wire [7:0] payload_byte,   // of a sample, not yet checked
    output wire       payload_valid,
    output wire       frame_valid,    // 1 for one cycle: a frame ended
    output wire       frame_sample,   // with frame_valid: it is a sample; else "who are you"
    output wire [7:0] frame_number,   // with frame_valid: its sequence number
    output wire [2:0] frame_fault     // with frame_valid: 0, or what is wrong: line, length or kind, check
);
    localparam [7:0] FLAG = 8'h7e;
    localparam [7:0] ESCAPE = 8'h7d;
    localparam [7:0] WHO = 8'h01;
    localparam [7:0] SAMPLE = 8'h02;
    localparam [COUNT_BITS-1:0] LAST_CHECK_BYTE = 3;
    localparam [2:0] AT_KIND = 3'd0, AT_NUMBER = 3'd1, AT_PAYLOAD = 3'd2, AT_CHECK = 3'd3, AT_END = 3'd4;

    wire flag = s_axis_tvalid & (s_axis_tdata == FLAG);
    wire escape = s_axis_tvalid & (s_axis_tdata == ESCAPE);
    wire take = s_axis_tvalid & (s_axis_tdata != FLAG) & (s_axis_tdata != ESCAPE);
    reg escaped_reg = 1'b0;
    wire [7:0] value = {s_axis_tdata[7:6], s_axis_tdata[5] ^ escaped_reg, s_axis_tdata[4:0]};

    // Where in the frame we are.
    reg [2:0] state_reg = AT_KIND, state_next;
    reg [COUNT_BITS-1:0] left_reg = 0, left_next;  // bytes of this part after the next one
    reg wrong_reg = 1'b0, wrong_next;              // no such kind, too long, or ESCAPE twice
    reg broken_reg = 1'b0;
    reg sample_reg = 1'b0;
    reg [7:0] number_reg = 8'd0;
    wire last = left_reg == 0;

    always @* begin
        state_next = state_reg;
        left_next = left_reg;
        wrong_next = wrong_reg | (escape & escaped_reg);
        if (flag) begin
            state_next = AT_KIND;
            wrong_next = 1'b0;
        end else if (take) begin
            left_next = left_reg - 1'b1;
            case (state_reg)
                AT_KIND: begin
                    state_next = AT_NUMBER;
                    wrong_next = wrong_reg | ((value != WHO) & (value != SAMPLE));
                end
                AT_NUMBER: begin
                    state_next = sample_reg ? AT_PAYLOAD : AT_CHECK;
                    left_next = sample_reg ? LAST_SAMPLE_BYTE : LAST_CHECK_BYTE;
                end
                AT_PAYLOAD: if (last) begin
                    state_next = AT_CHECK;
                    left_next = LAST_CHECK_BYTE;
                end
                AT_CHECK: if (last) state_next = AT_END;
                default: wrong_next = 1'b1;
            endcase
        end
    end

    // CRC-32 of IEEE 802.3 without the final inversion, bit 0 of each byte first, one bit a cycle. Check bytes that are
    // right are what stands in the register, so that nothing is ever fed back while they go through.
    reg [31:0] crc_reg = 32'hffffffff;
    reg [7:0] shift_reg = 8'd0;
    reg [3:0] bits_reg = 4'd0;      // 8 to 15 while bits are left
    reg check_reg = 1'b0;           // they are of a check byte
    reg mismatch_reg = 1'b0;
    wire feedback = crc_reg[0] ^ shift_reg[0];

    always @(posedge clk) begin
        if (take) shift_reg <= value;
        else shift_reg <= {1'b0, shift_reg[7:1]};
        if (flag) crc_reg <= 32'hffffffff;
        else if (bits_reg[3]) crc_reg <= {1'b0, crc_reg[31:1]} ^ (feedback ? 32'hedb88320 : 32'd0);
        if (take) check_reg <= state_reg == AT_CHECK;
        mismatch_reg <= ~flag & (mismatch_reg | (bits_reg[3] & check_reg & feedback));
        if (take & (state_reg == AT_KIND)) sample_reg <= value == SAMPLE;
        if (take & (state_reg == AT_NUMBER)) number_reg <= value;
        left_reg <= left_next;
        if (rst) begin
            state_reg <= AT_KIND;
            wrong_reg <= 1'b0;
            broken_reg <= 1'b0;
            escaped_reg <= 1'b0;
            bits_reg <= 4'd0;
        end else begin
            state_reg <= state_next;
            wrong_reg <= wrong_next;
            broken_reg <= (broken_reg & ~flag) | line_error;
            if (s_axis_tvalid) escaped_reg <= escape;
            bits_reg <= take ? 4'd8 : bits_reg[3] ? bits_reg + 4'd1 : 4'd0;
        end
    end

    wire empty = (state_reg == AT_KIND) & ~escaped_reg & ~broken_reg & ~wrong_reg;
    wire length_fault = (state_reg != AT_END) | escaped_reg | wrong_reg;
    assign frame_start = flag;
    assign payload_byte = value;
    assign payload_valid = take & (state_reg == AT_PAYLOAD);
    assign frame_valid = flag & ~empty;
    assign frame_sample = sample_reg;
    assign frame_number = number_reg;
    assign frame_fault = {broken_reg, length_fault, mismatch_reg};
endmodule
`default_nettype wire

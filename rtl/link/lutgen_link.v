// SPDX-License-Identifier: Apache-2.0
`resetall
`default_nettype none
/*
 * The device's end of the line between host and network (README.md): requests in, answers out, one at a time.
 * A request that ends while the answer to another is still due or on its way is dropped; the host asks again.
 */
module lutgen_link #(
    parameter [127:0] IDENTITY = 128'd0,                     // the answer to "who are you"; byte i is bits 8*i+7 to 8*i
    parameter integer SAMPLE_COUNT_BITS = 2,                 // 2 to 24: holds LAST_SAMPLE_BYTE, and 3
    parameter [SAMPLE_COUNT_BITS-1:0] LAST_SAMPLE_BYTE = 0,  // payload bytes of a sample, less one
    parameter integer RESULT_COUNT_BITS = 4,                 // 4 to 24: holds LAST_RESULT_BYTE, and 15
    parameter [RESULT_COUNT_BITS-1:0] LAST_RESULT_BYTE = 0   // payload bytes of a result, less one
) (
    input  wire       clk,
    input  wire       rst,            // synchronous, active high
    input  wire [7:0] s_axis_tdata,   // bytes of the line, 10 clock cycles apart or more
    input  wire       s_axis_tvalid,
    input  wire       line_error,     // 1 for one cycle when a byte was lost (its stop bit was 0)
    output wire [7:0] m_axis_tdata,
    output wire       m_axis_tvalid,
    input  wire       m_axis_tready,
    output wire       frame_start,    // 1 for one cycle: the next payload byte is byte 0 of a sample
    output wire [7:0] payload_byte,   // of a sample, not yet checked
    output wire       payload_valid,
    output wire       sample_valid,   // 1 for one cycle: all of its bytes came and are right
    input  wire       result_valid,   // 1 for one cycle: result_byte holds the result's first byte
    input  wire [7:0] result_byte,
    output wire       result_next     // 1 for one cycle: result_byte is taken; the next one in the cycle after
);
    wire frame_valid, frame_sample, idle;
    wire [7:0] frame_number;
    wire [2:0] frame_fault;
    wire accept = frame_valid & idle;
    wire fault = frame_fault != 3'd0;

    reg sample_valid_reg = 1'b0;
    always @(posedge clk) begin
        sample_valid_reg <= accept & ~fault & frame_sample & ~rst;
    end

    lutgen_link_rx #(.COUNT_BITS(SAMPLE_COUNT_BITS), .LAST_SAMPLE_BYTE(LAST_SAMPLE_BYTE)) rx (
        .clk(clk), .rst(rst),
        .s_axis_tdata(s_axis_tdata), .s_axis_tvalid(s_axis_tvalid), .line_error(line_error),
        .frame_start(frame_start), .payload_byte(payload_byte), .payload_valid(payload_valid),
        .frame_valid(frame_valid), .frame_sample(frame_sample), .frame_number(frame_number),
        .frame_fault(frame_fault));

    lutgen_link_tx #(.IDENTITY(IDENTITY), .COUNT_BITS(RESULT_COUNT_BITS), .LAST_RESULT_BYTE(LAST_RESULT_BYTE)) tx (
        .clk(clk), .rst(rst),
        .start(accept), .start_error(fault),
        .start_code(fault ? frame_fault : {1'b0, frame_sample, ~frame_sample}), .start_number(frame_number),
        .idle(idle), .result_valid(result_valid), .result_byte(result_byte), .result_next(result_next),
        .m_axis_tdata(m_axis_tdata), .m_axis_tvalid(m_axis_tvalid), .m_axis_tready(m_axis_tready));

    assign sample_valid = sample_valid_reg;
endmodule
`default_nettype wire

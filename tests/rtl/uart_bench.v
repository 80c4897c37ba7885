// SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none
// Every byte from transmitter to receiver, back to back; then a line drawn by hand: fast, slow, with a glitch,
// with a broken stop bit, stuck at 0. Prints one line a fault and, at the end, how many checks were made.
module uart_bench;
    parameter [15:0] CLOCKS_PER_BIT = 16'd87;
    localparam real BIT_NS = 10.0 * CLOCKS_PER_BIT;

    reg clk = 1'b0;
    always #5 clk = ~clk;

    reg rst = 1'b1;
    reg [7:0] send = 8'd0;
    reg send_valid = 1'b0;
    wire send_ready;
    wire tx;
    reg by_hand = 1'b0;
    reg hand = 1'b1;
    wire [7:0] got;
    wire got_valid;
    wire frame_error;

    lutgen_uart_tx #(.CLOCKS_PER_BIT(CLOCKS_PER_BIT)) transmitter (
        .clk(clk), .rst(rst), .s_axis_tdata(send), .s_axis_tvalid(send_valid), .s_axis_tready(send_ready), .tx(tx));
    lutgen_uart_rx #(.CLOCKS_PER_BIT(CLOCKS_PER_BIT)) receiver (
        .clk(clk), .rst(rst), .rx(by_hand ? hand : tx), .m_axis_tdata(got), .m_axis_tvalid(got_valid),
        .frame_error(frame_error));

    integer checks = 0, faults = 0, bytes = 0, errors = 0, i;
    reg [7:0] last = 8'd0;
    always @(posedge clk) begin
        if (got_valid) begin
            if (!by_hand) begin
                checks = checks + 1;
                if (got !== bytes[7:0]) begin
                    faults = faults + 1;
                    $display("byte %0d: expected %h, found %h", bytes, bytes[7:0], got);
                end
            end
            last = got;
            bytes = bytes + 1;
        end
        if (frame_error) errors = errors + 1;
    end

    task check(input [31:0] found, input [31:0] expected, input [8*24-1:0] what);
        begin
            checks = checks + 1;
            if (found !== expected) begin
                faults = faults + 1;
                $display("%0s: expected %0d, found %0d", what, expected, found);
            end
        end
    endtask

    task draw(input [7:0] value, input stop, input real bit_ns);
        begin
            hand = 1'b0;
            #(bit_ns);
            for (i = 0; i < 8; i = i + 1) begin
                hand = value[i];
                #(bit_ns);
            end
            hand = stop;
            #(bit_ns);
        end
    endtask

    integer n;
    initial begin
        repeat (3) @(posedge clk);
        rst <= 1'b0;
        for (n = 0; n < 256; n = n + 1) begin
            send <= n[7:0];
            send_valid <= 1'b1;
            @(posedge clk);
            while (!send_ready) @(posedge clk);
            send_valid <= 1'b0;
            @(posedge clk);
        end
        #(12 * BIT_NS);
        check(bytes, 256, "bytes back to back");
        by_hand = 1'b1;
        #(2 * BIT_NS);
        draw(8'ha5, 1'b1, BIT_NS * 1.03);
        draw(8'h5a, 1'b1, BIT_NS * 1.03);
        check(last, 8'h5a, "3 percent slow");
        draw(8'hc3, 1'b1, BIT_NS * 0.97);
        draw(8'h81, 1'b1, BIT_NS * 0.97);
        #(BIT_NS);
        check(last, 8'h81, "3 percent fast");
        check(bytes, 260, "bytes by hand");
        hand = 1'b0;
        #(BIT_NS * 0.25);
        hand = 1'b1;
        #(12 * BIT_NS);
        check(bytes + errors, 260, "a glitch is no byte");
        draw(8'h77, 1'b0, BIT_NS);
        #(30 * BIT_NS);
        check(errors, 1, "one broken stop bit");
        check(bytes, 260, "its byte is dropped");
        hand = 1'b1;
        #(2 * BIT_NS);
        draw(8'h3c, 1'b1, BIT_NS);
        #(BIT_NS);
        check(last, 8'h3c, "after a stuck line");
        $display("%0d checks, %0d faults", checks, faults);
        $finish;
    end
endmodule
`default_nettype wire

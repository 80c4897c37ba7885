// SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none
// rtl/link behind a stream of bytes: good requests, damaged ones, garbage between them. Whatever came before, the next
// good request is answered, and rightly; nothing damaged is ever answered but with a refusal.
// Prints one line a fault and, at the end, how many checks were made.
module link_bench;
    parameter integer SEED = 1;
    localparam integer SAMPLE_BYTES = 5, RESULT_BYTES = 19;
    localparam [127:0] IDENTITY = 128'h0f7e7d0c0b0a09080706057d7e020100;

    reg clk = 1'b0;
    always #5 clk = ~clk;
    reg rst = 1'b1;
    reg [7:0] rx = 8'd0;
    reg rx_valid = 1'b0, line_error = 1'b0, tx_ready = 1'b1;
    wire [7:0] tx, payload_byte;
    wire tx_valid, frame_start, payload_valid, sample_valid, result_next;
    reg result_valid = 1'b0;
    reg [8*RESULT_BYTES-1:0] result = 0;

    lutgen_link #(
        .IDENTITY(IDENTITY), .SAMPLE_COUNT_BITS(3), .LAST_SAMPLE_BYTE(SAMPLE_BYTES - 1),
        .RESULT_COUNT_BITS(5), .LAST_RESULT_BYTE(RESULT_BYTES - 1)
    ) link (
        .clk(clk), .rst(rst), .s_axis_tdata(rx), .s_axis_tvalid(rx_valid), .line_error(line_error),
        .m_axis_tdata(tx), .m_axis_tvalid(tx_valid), .m_axis_tready(tx_ready),
        .frame_start(frame_start), .payload_byte(payload_byte), .payload_valid(payload_valid),
        .sample_valid(sample_valid), .result_valid(result_valid), .result_byte(result[7:0]), .result_next(result_next));

    integer checks = 0, faults = 0, seed, i, n;
    task check(input ok, input [8*40-1:0] what);
        begin
            checks = checks + 1;
            if (!ok) begin
                faults = faults + 1;
                $display("trial %0d: %0s", n, what);
            end
        end
    endtask

    function [31:0] crc_of(input [31:0] crc, input [7:0] value);
        integer k;
        begin
            crc_of = crc ^ value;
            for (k = 0; k < 8; k = k + 1) crc_of = {1'b0, crc_of[31:1]} ^ (crc_of[0] ? 32'hedb88320 : 32'd0);
        end
    endfunction

    // The network: some cycles after a sample its bytes come back, among others.
    function [8*RESULT_BYTES-1:0] result_of(input [8*SAMPLE_BYTES-1:0] of_sample);
        result_of = {of_sample, 16'h7e7d, of_sample[31:0] * 32'd2654435761, 64'h7e7d7d7e00ff5e5d};
    endfunction
    reg [8*SAMPLE_BYTES-1:0] sample = 0;
    integer bytes_taken = 0, samples = 0, wait_cycles = 0;
    reg [8*SAMPLE_BYTES-1:0] sample_taken;
    always @(posedge clk) begin
        if (frame_start) bytes_taken = 0;
        if (payload_valid) begin
            sample = {payload_byte, sample[8*SAMPLE_BYTES-1:8]};
            bytes_taken = bytes_taken + 1;
        end
        result_valid <= 1'b0;
        if (result_next) result <= {8'd0, result[8*RESULT_BYTES-1:8]};
        if (wait_cycles != 0) begin
            wait_cycles = wait_cycles - 1;
            if (wait_cycles == 0) begin
                result_valid <= 1'b1;
                result <= result_of(sample_taken);
            end
        end
        if (sample_valid) begin
            samples = samples + 1;
            sample_taken = sample;
            wait_cycles = 1 + ({$random(seed)} % 40);
        end
        tx_ready <= ({$random(seed)} % 8) == 0;
    end

    // The host's receiver.
    reg [7:0] got [0:63];
    reg [7:0] status, number;
    reg [8*RESULT_BYTES-1:0] payload;
    reg [31:0] crc;
    reg was_escape = 1'b0;
    integer got_bytes = 0, answers = 0, refusals = 0, payload_bytes = 0;
    always @(posedge clk) if (tx_valid & tx_ready) begin
        if (tx == 8'h7e) begin
            if (got_bytes != 0) begin
                crc = 32'hffffffff;
                for (i = 0; i < got_bytes; i = i + 1) crc = crc_of(crc, got[i]);
                check(crc == 0 && !was_escape, "a response with a wrong check");
                status = got[0];
                number = got[1];
                payload = 0;
                payload_bytes = got_bytes - 6;
                for (i = 0; i < payload_bytes; i = i + 1) payload[8*i +: 8] = got[i + 2];
                if (status[7:3] == 5'b11100) refusals = refusals + 1;
                else answers = answers + 1;
            end
            got_bytes = 0;
            was_escape = 1'b0;
        end else if (tx == 8'h7d) begin
            was_escape = 1'b1;
        end else begin
            got[got_bytes] = was_escape ? tx ^ 8'h20 : tx;
            got_bytes = got_bytes + 1;
            was_escape = 1'b0;
        end
    end

    task send(input [7:0] value);
        begin
            rx <= value;
            rx_valid <= 1'b1;
            @(posedge clk);
            rx_valid <= 1'b0;
            rx <= $random(seed);
            repeat (9) @(posedge clk);
        end
    endtask

    task settle;  // long enough for any answer
        begin
            repeat (1200) @(posedge clk);
        end
    endtask

    // A request as bytes of the line.
    reg [7:0] line [0:63];
    reg [31:0] line_crc;
    integer line_bytes;
    task put(input [7:0] value);
        begin
            line_crc = crc_of(line_crc, value);
            put_stuffed(value);
        end
    endtask
    task put_stuffed(input [7:0] value);
        begin
            if (value == 8'h7e || value == 8'h7d) begin
                line[line_bytes] = 8'h7d;
                line_bytes = line_bytes + 1;
            end
            line[line_bytes] = (value == 8'h7e || value == 8'h7d) ? value ^ 8'h20 : value;
            line_bytes = line_bytes + 1;
        end
    endtask
    reg [31:0] check_bytes;
    task make_request(input [7:0] kind, input [7:0] of_number, input [8*SAMPLE_BYTES-1:0] value, input integer value_bytes);
        integer k;
        begin
            line_crc = 32'hffffffff;
            line_bytes = 1;
            line[0] = 8'h7e;
            put(kind);
            put(of_number);
            for (k = 0; k < value_bytes; k = k + 1) put(value[8*k +: 8]);
            check_bytes = line_crc;
            for (k = 0; k < 4; k = k + 1) put_stuffed(check_bytes[8*k +: 8]);
            line[line_bytes] = 8'h7e;
            line_bytes = line_bytes + 1;
        end
    endtask
    task send_line;
        integer k;
        begin
            for (k = 0; k < line_bytes; k = k + 1) send(line[k]);
        end
    endtask

    function [7:0] awkward(input integer draw);  // flags and escapes are likely
        awkward = draw[9:8] == 0 ? 8'h7e : draw[9:8] == 1 ? 8'h7d : draw[7:0];
    endfunction

    reg [8*SAMPLE_BYTES-1:0] value;
    reg [7:0] this_number;
    integer kind, garbage, answers_before, samples_before, refusals_before, at, k, changed;
    task ask;  // a good request, and what must come back
        begin
            this_number = awkward($random(seed));
            kind = {$random(seed)} % 2;
            for (k = 0; k < SAMPLE_BYTES; k = k + 1) value[8*k +: 8] = awkward($random(seed));
            answers_before = answers;
            samples_before = samples;
            refusals_before = refusals;
            if (kind == 0) make_request(8'h01, this_number, 0, 0);
            else make_request(8'h02, this_number, value, SAMPLE_BYTES);
            send_line;
            settle;
            check(answers == answers_before + 1, "a good request got no answer");
            check(number == this_number, "another number came back");
            check(samples == samples_before + kind, "sample_valid: not once a sample");
            if (kind == 0) begin
                check(status == 8'h81 && payload_bytes == 16 && payload[127:0] == IDENTITY, "identity");
            end else begin
                check(status == 8'h82 && payload_bytes == RESULT_BYTES && payload == result_of(value), "result");
            end
        end
    endtask

    initial begin
        seed = SEED;
        repeat (3) @(posedge clk);
        rst <= 1'b0;
        for (n = 0; n < 120; n = n + 1) begin
            // Garbage of any length; its own end is the flag that starts the request.
            garbage = {$random(seed)} % 20;
            samples_before = samples;
            answers_before = answers;
            for (k = 0; k < garbage; k = k + 1) begin
                send(awkward($random(seed)));
                line_error <= ({$random(seed)} % 16) == 0;
                @(posedge clk);
                line_error <= 1'b0;
            end
            send(8'h7e);
            settle;
            check(samples == samples_before && answers == answers_before, "garbage was answered");
            ask;
            check(refusals == refusals_before, "a good request was refused");

            // A damaged sample: a byte lost, added, or up to three changed.
            for (k = 0; k < SAMPLE_BYTES; k = k + 1) value[8*k +: 8] = awkward($random(seed));
            make_request(8'h02, n[7:0], value, SAMPLE_BYTES);
            answers_before = answers;
            samples_before = samples;
            refusals_before = refusals;
            at = 1 + {$random(seed)} % (line_bytes - 2);
            changed = 8'h7e;
            while (changed == 8'h7e || changed == line[at]) changed = {$random(seed)} % 256;
            case (n % 4)
                0: begin  // lost
                    for (k = at; k < line_bytes - 1; k = k + 1) line[k] = line[k + 1];
                    line_bytes = line_bytes - 1;
                end
                1: begin  // added
                    for (k = line_bytes; k > at; k = k - 1) line[k] = line[k - 1];
                    line_bytes = line_bytes + 1;
                    line[at] = changed;
                end
                2: line[at] = changed;
                default: begin
                    line[at] = changed;
                    line[1 + at % (line_bytes - 2)] = line[1 + at % (line_bytes - 2)] ^ 8'h01;
                end
            endcase
            send_line;
            settle;
            check(samples == samples_before && answers == answers_before, "a damaged request was answered");
            check(refusals >= refusals_before + 1, "a damaged request was not refused");
            ask;
        end
        // Aborted in the middle, and a request at once: the refusal of the first is on its way when the second ends, so
        // that it may get no answer of its own; asked again, it does.
        make_request(8'h02, 8'd1, 40'h0102030405, SAMPLE_BYTES);
        for (k = 0; k < 6; k = k + 1) send(line[k]);
        refusals_before = refusals;
        make_request(8'h01, 8'd9, 0, 0);
        send_line;
        settle;
        check(refusals == refusals_before + 1, "an aborted request was not refused");
        ask;
        // No such kind, a sample as long as "who are you", the other way round, a byte too many.
        refusals_before = refusals;
        answers_before = answers;
        make_request(8'h03, 8'd1, 40'h0102030405, SAMPLE_BYTES);
        send_line;
        settle;
        make_request(8'h02, 8'd1, 0, 0);
        send_line;
        settle;
        make_request(8'h01, 8'd1, 40'h0102030405, SAMPLE_BYTES);
        send_line;
        settle;
        make_request(8'h02, 8'd1, 40'h0102030405, SAMPLE_BYTES);
        line[line_bytes - 1] = 8'h00;  // one byte more, after the check
        line[line_bytes] = 8'h7e;
        line_bytes = line_bytes + 1;
        samples_before = samples;
        send_line;
        settle;
        check(samples == samples_before, "a request with a byte too many was taken");
        check(refusals == refusals_before + 4 && answers == answers_before, "a request of another form was answered");
        $display("%0d checks, %0d faults", checks, faults);
        $finish;
    end
endmodule
`default_nettype wire

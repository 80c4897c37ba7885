// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/bench_source.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;
using verilog::PortRole;

namespace {

verilog::Manifest small_manifest() {
  verilog::Manifest manifest;
  manifest.top = "net";
  manifest.ports = {{"clk", PortRole::clock, true, 1, 1, false},
                    {"rst", PortRole::reset, true, 1, 1, false},
                    {"in_valid", PortRole::in_valid, true, 1, 1, false},
                    {"features", PortRole::features, true, 4, 8, false},
                    {"out_valid", PortRole::out_valid, false, 1, 1, false},
                    {"class", PortRole::class_index, false, 1, 1, false},
                    {"scores", PortRole::scores, false, 2, 3, false}};
  return manifest;
}

}  // namespace

TEST_CASE("the bench module gives every port a fixed name", "[cosim][bench_source]") {
  const std::vector<std::string> probes = {"l1_n0_y", "1'b0", "features[7]"};
  CHECK(cosim::bench_verilog(small_manifest(), probes) ==
        R"(`resetall
`default_nettype none
/*
 * The design under fixed port names, for the co-simulation harness.
 */
module lutgen_bench (
    input  wire clk,
    input  wire rst,
    input  wire in_valid,
    input  wire [31:0] in0,
    output wire out_valid,
    output wire out0,
    output wire [5:0] out1,
    output wire [2:0] probes
);
    net dut (
        .clk(clk),
        .rst(rst),
        .in_valid(in_valid),
        .features(in0),
        .out_valid(out_valid),
        .class(out0),
        .scores(out1)
    );
    assign probes[0] = dut.l1_n0_y;
    assign probes[1] = 1'b0;
    assign probes[2] = dut.features[7];
endmodule
`default_nettype wire
)");
}

TEST_CASE("the bench program keeps the design's own port names in reports",
          "[cosim][bench_source]") {
  const std::string text = cosim::bench_main(small_manifest(), 3);
  CHECK(text.find("design.inputs = {Port(\"features\", top.in0, 32)};") != std::string::npos);
  CHECK(text.find("design.outputs = {Port(\"class\", top.out0, 1), Port(\"scores\", top.out1, 6)};") !=
        std::string::npos);
  CHECK(text.find("design.probes = Port(\"probes\", top.probes, 3);") != std::string::npos);
  CHECK(cosim::bench_main(small_manifest(), 0).find("probes") == std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
// A design written by hand, right and with one fault at a time: what is found, and how it is explained.
#include "lutgen/base/process.hpp"
#include "tests/cosim/small_design.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using cosim::Origin;

namespace {

/// Runs the small design with `from` replaced by `to`; it must fail.
cosim::Mismatch run_faulty(const test::TemporaryFolder& folder, const std::string& from,
                           const std::string& to) {
  const cosim::CosimReport report =
      test::run_small(folder.path(), test::replaced(test::kSmallVerilog, from, to),
                      test::small_manifest(), test::small_probes(1));
  CHECK(!report.passed());
  REQUIRE(report.mismatch.has_value());
  INFO(to_text(*report.mismatch));
  return *report.mismatch;
}

}  // namespace

TEST_CASE("a right design passes, and a second run builds nothing", "[small][pass]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const auto run = [&] {
    return test::run_small(folder.path(), test::kSmallVerilog, test::small_manifest(),
                           test::small_probes(1));
  };
  const cosim::CosimReport report = run();
  CHECK(report.passed());
  CHECK(report.samples == 200);
  CHECK(report.latency_found == 2u);
  CHECK(report.interval_found == 1u);
  CHECK(report.lost_in_reset > 0);
  CHECK(!report.mismatch.has_value());
  const auto program = folder.path() / "work" / "run" / "obj" / "Vlutgen_bench";
  const auto built = std::filesystem::last_write_time(program);
  CHECK(run().cycles == report.cycles);
  CHECK(std::filesystem::last_write_time(program) == built);
  const io::Json json = to_json(report);
  CHECK(json["mismatches"] == 0);
  CHECK(json["mismatch"].is_null());
}

TEST_CASE("a combinational design has latency 0", "[small][combinational]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  std::string text = test::kSmallVerilog;
  for (std::size_t at = text.find("  FDRE"); at != std::string::npos; at = text.find("  FDRE")) {
    // FDRE x (.Q(q), .C(clk), .CE(1'b1), .D(d), .R(r)); becomes assign q = d;
    const std::string line = text.substr(at, text.find('\n', at) - at);
    const auto between = [&line](const std::string& before) {
      const std::size_t start = line.find(before) + before.size();
      return line.substr(start, line.find(')', start) - start);
    };
    text.replace(at, line.size(), "  assign " + between(".Q(") + " = " + between(".D(") + ";");
  }
  verilog::Manifest manifest = test::small_manifest();
  manifest.latency_cycles = 0;
  const auto report = test::run_small(folder.path(), text, manifest, test::small_probes(0));
  CHECK(report.passed());
  CHECK(report.latency_found == 0u);
  CHECK(report.lost_in_reset == 0);
}

TEST_CASE("a trace is written when it is asked for", "[small][trace]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  cosim::CosimOptions options;
  options.limit = 20;
  options.trace = cosim::TraceFormat::vcd;
  options.trace_path = folder.path() / "trace.vcd";
  const auto report = test::run_small(folder.path(), test::kSmallVerilog, test::small_manifest(),
                                      test::small_probes(1), options);
  CHECK(report.samples == 20);
  const auto trace = base::read_file(options.trace_path);
  REQUIRE(trace.has_value());
  CHECK(trace->find("n2_q") != std::string::npos);
}

TEST_CASE("a flipped INIT bit is found in its neuron", "[small][init]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch =
      run_faulty(folder, "#(.INIT(4'h6)) n1_lut", "#(.INIT(4'h7)) n1_lut");
  CHECK(mismatch.origin == Origin::layer);
  CHECK(!mismatch.valid.has_value());
  REQUIRE(mismatch.layer.has_value());
  CHECK(mismatch.layer->layer == 0);
  CHECK(mismatch.layer->layer_label == "layer 0 (lut)");
  CHECK(mismatch.layer->index == 1);
  CHECK(mismatch.layer->expected == 0);
  CHECK(mismatch.layer->found == 1);
  CHECK(mismatch.layer->inputs == std::vector<std::uint32_t>{1, 2});
  CHECK(mismatch.layer->input_bits == std::vector<std::uint8_t>{0, 0});
  CHECK(mismatch.layer->address == 0);
  CHECK(mismatch.layer->differing == 1);
  CHECK(mismatch.layer->probed == 4);
  CHECK(mismatch.layer->sample == mismatch.output->sample);
}

TEST_CASE("a swapped wire is found in the neuron that reads it", "[small][wire]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch =
      run_faulty(folder, ".O(n2), .I0(features[2])", ".O(n2), .I0(features[1])");
  CHECK(mismatch.origin == Origin::layer);
  REQUIRE(mismatch.layer.has_value());
  CHECK(mismatch.layer->layer == 0);
  CHECK(mismatch.layer->index == 2);
}

TEST_CASE("a removed data register is found in the group that reads it", "[small][register]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch =
      run_faulty(folder, "FDRE n2_ff (.Q(n2_q), .C(clk), .CE(1'b1), .D(n2), .R(1'b0))",
                 "assign n2_q = n2");
  CHECK(mismatch.origin == Origin::layer);
  CHECK(!mismatch.valid.has_value());
  REQUIRE(mismatch.layer.has_value());
  CHECK(mismatch.layer->layer == 1);
  CHECK(mismatch.layer->value_kind == "group");
  CHECK(mismatch.layer->index == 1);
}

TEST_CASE("a removed valid register is found by its cycle", "[small][valid]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch =
      run_faulty(folder, "FDRE valid_ff (.Q(valid_q), .C(clk), .CE(1'b1), .D(in_valid), .R(rst))",
                 "assign valid_q = in_valid");
  CHECK(mismatch.origin == Origin::valid_path);
  CHECK(!mismatch.output.has_value());
  REQUIRE(mismatch.valid.has_value());
  CHECK(!mismatch.valid->expected);
  CHECK(mismatch.latency_found == 1u);
  CHECK(mismatch.latency_stated == 2);
}

TEST_CASE("a valid register that ignores the reset is found", "[small][reset]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch = run_faulty(folder, ".D(valid_q), .R(rst)", ".D(valid_q), .R(1'b0)");
  CHECK(mismatch.origin == Origin::valid_path);
  REQUIRE(mismatch.valid.has_value());
  CHECK(!mismatch.valid->expected);
  CHECK(!mismatch.valid->sample.has_value());
}

TEST_CASE("outputs in the wrong order are told from wrong layers", "[small][order]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  const cosim::Mismatch mismatch = run_faulty(folder, ".Q(scores[0]), .C(clk), .CE(1'b1), .D(g0_0)",
                                              ".Q(scores[0]), .C(clk), .CE(1'b1), .D(g1_0)");
  CHECK(mismatch.origin == Origin::after_last_probe);
  REQUIRE(mismatch.output.has_value());
  CHECK(mismatch.output->port == "scores");
  CHECK(mismatch.output->element == 0);
}

TEST_CASE("a net that the text no longer has keeps the mismatch and says why", "[small][net]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const test::TemporaryFolder folder;
  auto probes = test::small_probes(1);
  probes[0].probes[0].nets[0] = "no_such_net";
  const cosim::CosimReport report = test::run_small(
      folder.path(),
      test::replaced(test::kSmallVerilog, "#(.INIT(4'h6)) n1_lut", "#(.INIT(4'h7)) n1_lut"),
      test::small_manifest(), probes);
  REQUIRE(report.mismatch.has_value());
  CHECK(report.mismatch->origin == Origin::not_searched);
  CHECK(report.mismatch->reason.find("no_such_net") != std::string::npos);
  CHECK(report.mismatch->output.has_value());
}

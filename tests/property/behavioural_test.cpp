// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/behavioural.hpp"

#include <map>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "tests/property/random_design.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

TEST_CASE("the behavioural yardstick computes the golden model", "[verilator][behavioural]") {
  if (!test::have_tool("verilator")) return;
  // Two networks of each end: bits, scores, a class.
  std::map<model::ValueKind, int> tried;
  for (std::uint64_t seed = 11, found = 0; found < 6; ++seed) {
    REQUIRE(seed < 400);
    const auto model = test::random_design_model(seed);
    const auto end = model.layers.back().output;
    if (tried[end] >= 2 || (end == model::ValueKind::class_index && model.class_count() > 20)) continue;
    ++tried[end];
    ++found;
    const test::TemporaryFolder folder;
    // The structural design's manifest, with the yardstick in its place.
    verilog::EmitOptions options;
    options.top = "yardstick";
    auto design = verilog::build_design(model, options);
    REQUIRE(design);
    const auto yardstick = verilog::print_behavioural(model, logic::InputForm::features, "yardstick");
    REQUIRE(yardstick);
    design->manifest.latency_cycles = yardstick->latency_cycles;
    REQUIRE(verilog::write_design(*design, folder.path() / "design"));
    REQUIRE(base::write_file(folder.path() / "design" / "yardstick.v", yardstick->verilog));
    const auto dataset = test::random_dataset(model, seed, 200);
    cosim::CosimOptions cosim_options;
    cosim_options.work = folder.path() / "work";
    cosim_options.threads = base::hardware_threads();
    const auto report = cosim::run_cosim({folder.path() / "design", model, "", dataset, cosim_options});
    if (!report) FAIL(to_text(report.error()));
    INFO("seed " << seed);
    CHECK(report->mismatches == 0);
    CHECK(report->valid_errors == 0);
  }
}

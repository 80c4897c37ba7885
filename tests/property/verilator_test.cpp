// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/parallel.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "tests/property/random_design.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// Emits a few random networks and lets Verilator run each against the golden model, every cycle.
void check_family(tech::Family family) {
  if (!test::have_tool("verilator")) return;
  constexpr std::uint64_t kNetworks = 5;
  const std::uint64_t first = 100 * (static_cast<std::uint64_t>(family) + 1);
  for (std::uint64_t seed = first; seed < first + kNetworks; ++seed) {
    const test::TemporaryFolder folder;
    const auto model = test::random_design_model(seed);
    const auto dataset = test::random_dataset(model, seed, 200);
    const auto design = verilog::build_design(model, test::random_emit_options(family, seed));
    REQUIRE(design);
    REQUIRE(verilog::write_design(*design, folder.path() / "design"));
    cosim::CosimOptions options;
    options.seed = seed;
    options.work = folder.path() / "work";
    options.threads = base::hardware_threads();
    const auto report = cosim::run_cosim({folder.path() / "design", model, "", dataset, options});
    if (!report) FAIL(to_text(report.error()));
    INFO("seed " << seed << (report->mismatch ? "\n" + to_text(*report->mismatch) : ""));
    CHECK(report->samples == 200);
    CHECK(report->mismatches == 0);
    CHECK(report->valid_errors == 0);
    CHECK(report->latency_found == report->latency_cycles);
  }
}

}  // namespace

TEST_CASE("Verilator agrees with the golden model on random xc7 networks", "[verilator][xc7]") {
  check_family(tech::Family::xc7);
}
TEST_CASE("Verilator agrees with the golden model on random ecp5 networks", "[verilator][ecp5]") {
  check_family(tech::Family::ecp5);
}
TEST_CASE("Verilator agrees with the golden model on random ice40 networks", "[verilator][ice40]") {
  check_family(tech::Family::ice40);
}
TEST_CASE("Verilator agrees with the golden model on random gowin networks", "[verilator][gowin]") {
  check_family(tech::Family::gowin);
}
TEST_CASE("Verilator agrees with the golden model on random gatemate networks", "[verilator][gatemate]") {
  check_family(tech::Family::gatemate);
}

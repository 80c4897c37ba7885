// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/files.hpp"
#include "tests/property/random_design.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// Runs a tool over the emitted text of a design; fails with the tool's first complaint.
void require_accepted(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  const auto ran = base::run_process(
      {.arguments = std::move(arguments), .folder = folder, .environment = {}, .log = folder / "tool.log"});
  if (!ran) FAIL(to_text(ran.error()) << base::read_file(folder / "tool.log").value_or(""));
}

/// Lints random networks of every pipeline with the cell models as library. Verilator makes every warning
/// an error under -Wall; Icarus reads the text as Verilog-2001.
void check_family(tech::Family family) {
  if (!test::have_tool("verilator") || !test::have_tool("iverilog")) return;
  const std::string cells = fmt::format("{}/rtl/cells/{}", LUTGEN_SOURCE_DIR, tech::family_name(family));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const test::TemporaryFolder folder;
    auto options = test::random_emit_options(family, seed);
    options.map.scores_output = seed % 2 == 0;
    const auto design = verilog::build_design(test::random_design_model(seed), options);
    REQUIRE(design);
    REQUIRE(verilog::write_design(*design, folder.path()));
    const std::string file = design->manifest.top + ".v";
    require_accepted({"verilator", "--lint-only", "-Wall", "-y", cells, file}, folder.path());
    require_accepted({"iverilog", "-g2001", "-Wall", "-t", "null", "-y", cells, file}, folder.path());
  }
}

}  // namespace

TEST_CASE("Verilator and Icarus accept random xc7 networks without a word", "[lint][xc7]") {
  check_family(tech::Family::xc7);
}
TEST_CASE("Verilator and Icarus accept random ecp5 networks without a word", "[lint][ecp5]") {
  check_family(tech::Family::ecp5);
}
TEST_CASE("Verilator and Icarus accept random ice40 networks without a word", "[lint][ice40]") {
  check_family(tech::Family::ice40);
}
TEST_CASE("Verilator and Icarus accept random gowin networks without a word", "[lint][gowin]") {
  check_family(tech::Family::gowin);
}
TEST_CASE("Verilator and Icarus accept random gatemate networks without a word", "[lint][gatemate]") {
  check_family(tech::Family::gatemate);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/family_tools.hpp"

#include "lutgen/base/files.hpp"
#include "lutgen/flow/placement.hpp"
#include "lutgen/flow/scan_harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using board::Family;

namespace {

constexpr std::array kEvery = {Family::xc7, Family::ecp5, Family::ice40, Family::gowin, Family::gatemate};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("every family finds its own tools", "[flow][family_tools]") {
  for (const Family family : kEvery) {
    const flow::FamilyTools& tools = flow::family_tools(family);
    CHECK(tools.family == family);
    CHECK(flow::tool_info(tools.nextpnr).family == board::family_name(family));
    CHECK_FALSE(tools.bitstream_suffix.empty());
  }
}

TEST_CASE("a core is read after everything round it was mapped, and is not mapped itself", "[flow][family_tools]") {
  for (const Family family : kEvery) {
    const std::string script = flow::wrap_script(family, "top", {"top.v", "link.v"}, "core.v");
    const std::size_t box = script.find("read_verilog -lib core.v");
    const std::size_t synthesis = script.find(flow::family_tools(family).synthesis);
    const std::size_t core = script.find("read_verilog -overwrite core.v");
    INFO(script);
    REQUIRE(core != std::string::npos);
    CHECK(box < synthesis);
    CHECK(synthesis < core);
    CHECK(script.find("synth_", core) == std::string::npos);
    const std::string read = flow::read_script(family, "top", {"core.v", "top.v"});
    CHECK(read.find("synth_") == std::string::npos);
    CHECK(read.find("abc") == std::string::npos);
  }
}

TEST_CASE("the harness has a flop for every bit of a port but the clock", "[flow][scan_harness]") {
  verilog::Manifest manifest;
  manifest.top = "net";
  const auto add = [&](const char* name, verilog::PortRole role, bool is_input, std::uint32_t elements, std::uint32_t bits) {
    manifest.ports.push_back({name, role, is_input, elements, bits, false});
  };
  add("clk", verilog::PortRole::clock, true, 1, 1);
  add("rst", verilog::PortRole::reset, true, 1, 1);
  add("in_valid", verilog::PortRole::in_valid, true, 1, 1);
  add("features", verilog::PortRole::features, true, 5, 2);
  add("out_valid", verilog::PortRole::out_valid, false, 1, 1);
  add("class_index", verilog::PortRole::class_index, false, 1, 3);
  for (const Family family : kEvery) {
    const std::string text = flow::print_scan_harness(family, manifest);
    INFO(text);
    CHECK(count(text, "(* keep *)") == 12 + 4);
    CHECK(text.find("net core (.clk(clk), .rst(chain[11]), .in_valid(chain[10]), .features(chain[9:0]), "
                    ".out_valid(out[0:0]), .class_index(out[3:1]));") != std::string::npos);
    CHECK(text.find("chain_0_ff") != std::string::npos);
    CHECK(text.find("{}") == std::string::npos);
  }
}

TEST_CASE("the frequency before routing is the worst of the first block in the log", "[flow][placement]") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "log";
  REQUIRE(base::write_file(path,
                           "Info: placed\nInfo: Max frequency for clock 'a': 92.84 MHz (PASS at 27.00 MHz)\n"
                           "Info: Max frequency for clock 'b': 55.5 MHz (PASS at 27.00 MHz)\nInfo: routing\n"
                           "Info: Max frequency for clock 'a': 11.00 MHz (FAIL at 27.00 MHz)\n"));
  CHECK(flow::read_estimated_fmax_mhz(path) == 55.5);
  REQUIRE(base::write_file(path, "Info: no clock\n"));
  CHECK(flow::read_estimated_fmax_mhz(path) == 0.0);
}

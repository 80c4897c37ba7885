// SPDX-License-Identifier: Apache-2.0
// Yosys maps the top of a board to every family, with the core as a black box, whose connections stay.
#include "lutgen/base/process.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "tests/board/board_design.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// The core's ports and nothing else.
std::string black_box(const verilog::Manifest& core) {
  std::string ports;
  for (const verilog::Port& port : core.ports) {
    ports += fmt::format("{}{} wire [{}:0] {}", ports.empty() ? "" : ", ", port.is_input ? "input" : "output",
                         port.elements * port.bits_per_element - 1, port.name);
  }
  return fmt::format("(* blackbox *)\nmodule {} ({});\nendmodule\n", core.top, ports);
}

void check_board(const char* id, const std::string& synthesis, model::FeatureType type) {
  const auto yosys = flow::find_tool(flow::ToolId::yosys);
  if (!yosys) LUTGEN_SKIP("yosys is not installed, or too old");
  CAPTURE(id, model::feature_type_name(type));
  const auto board = board::find_board(id, {});
  REQUIRE(board);
  const auto family = tech::find_family(board::family_name(board->family)).value_or(tech::Family::xc7);
  const auto design = test::board_design(test::random_classifier(2, type), *board, family);
  const test::TemporaryFolder folder;
  auto files = test::write_board_design(design, folder.path());
  files.pop_back();
  REQUIRE(base::write_file(folder.path() / "core.v", black_box(design.core.manifest)));
  std::string script = "read_verilog core.v";
  for (const std::string& file : files) script += " " + file;
  script += fmt::format("\n{} -top {}\ncheck -assert\nselect -assert-count 1 t:{}\nselect -assert-min 1 w:sample\nstat\n",
                        synthesis, board::kBoardTop, design.core.manifest.top);
  REQUIRE(base::write_file(folder.path() / "script.ys", script));
  const auto ran = base::run_process({.arguments = {yosys->path.string(), "-q", "-l", "yosys.log", "script.ys"},
                                      .folder = folder.path(), .environment = {}, .log = folder.path() / "tool.log"});
  if (!ran) FAIL(to_text(ran.error()) << base::read_file(folder.path() / "tool.log").value_or(""));
  // Nothing is left that is no cell of the family.
  const std::string log = base::read_file(folder.path() / "yosys.log").value_or("");
  const std::string counts = log.substr(log.rfind("Printing statistics"));
  CAPTURE(counts);
  CHECK(counts.find("   $_") == std::string::npos);
  CHECK(counts.find("$mem") == std::string::npos);
}

}  // namespace

TEST_CASE("synth_xilinx maps the top of a board", "[board][yosys]") {
  check_board("arty-a7-35t", "synth_xilinx -flatten", model::FeatureType::u8);
}
TEST_CASE("synth_ecp5 maps the top of a board", "[board][yosys]") {
  check_board("ulx3s-85f", "synth_ecp5", model::FeatureType::i32);
}
TEST_CASE("synth_ice40 maps the top of a board", "[board][yosys]") {
  check_board("ice40-hx8k", "synth_ice40", model::FeatureType::f32);
}
TEST_CASE("synth_gowin maps the top of a board", "[board][yosys]") {
  check_board("tang-nano-9k", "synth_gowin", model::FeatureType::i16);
}
TEST_CASE("synth_gatemate maps the top of a board", "[board][yosys]") {
  check_board("gatemate-a1-evb", "synth_gatemate", model::FeatureType::bit);
}

// SPDX-License-Identifier: Apache-2.0
// What the generator prints is accepted by every tool, for every board, every feature type.
#include "lutgen/base/process.hpp"
#include "tests/board/board_design.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

using model::FeatureType;
constexpr FeatureType kTypes[] = {FeatureType::bit, FeatureType::u8,  FeatureType::i8, FeatureType::u16,
                                  FeatureType::i16, FeatureType::i32, FeatureType::f32};

/// Runs a tool; fails with what it said.
void require_accepted(std::vector<std::string> arguments, const std::vector<std::string>& files,
                      const std::filesystem::path& folder) {
  arguments.insert(arguments.end(), files.begin(), files.end());
  const auto ran = base::run_process(
      {.arguments = std::move(arguments), .folder = folder, .environment = {}, .log = folder / "tool.log"});
  const std::string said = base::read_file(folder / "tool.log").value_or("");
  if (!ran) FAIL(to_text(ran.error()) << said);
}

tech::Family core_family(const board::Board& board) {
  return tech::find_family(board::family_name(board.family)).value_or(tech::Family::xc7);
}

}  // namespace

TEST_CASE("Verilator and Icarus accept the top of every board without a word", "[board][lint]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  if (!base::find_program("iverilog")) LUTGEN_SKIP("iverilog is not installed");
  std::uint64_t seed = 0;
  for (const std::string& id : board::board_ids({})) {
    for (const FeatureType type : kTypes) {
      if (++seed % 5 != 0 && id != "arty-a7-35t") continue;
      CAPTURE(id, model::feature_type_name(type), seed);
      const test::TemporaryFolder folder;
      const auto board = board::find_board(id, {});
      REQUIRE(board);
      const auto design = test::board_design(test::random_classifier(seed, type), *board, core_family(*board));
      const auto files = test::write_board_design(design, folder.path());
      const std::string cells = fmt::format("{}/rtl/cells/{}", LUTGEN_SOURCE_DIR, design.core.manifest.family);
      require_accepted({"verilator", "--lint-only", "-Wall", "-y", cells, "--top-module", std::string(board::kBoardTop)}, files, folder.path());
      require_accepted({"iverilog", "-g2001", "-Wall", "-t", "null", "-y", cells}, files, folder.path());
      CHECK(*base::read_file(folder.path() / "tool.log") == "");
    }
  }
}

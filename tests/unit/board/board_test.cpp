// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/board.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "lutgen/base/files.hpp"
#include "lutgen/board/board_files.hpp"
#include "tests/support/property.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
namespace fs = std::filesystem;

TEST_CASE("every board of the source tree is read, and is inside the program as it is", "[board]") {
  const fs::path root = fs::path(LUTGEN_SOURCE_DIR) / "boards";
  std::set<std::string> embedded;
  for (const auto& file : board::board_files()) {
    CAPTURE(std::string(file.id));
    const auto text = base::read_file(root / file.id / "board.toml");
    REQUIRE(text);
    CHECK(*text == file.content);
    CHECK(embedded.insert(std::string(file.id)).second);
    const auto parsed = board::parse_board(*text, file.id, "board.toml");
    if (!parsed) FAIL(to_text(parsed.error()));
  }
  for (const auto& entry : fs::directory_iterator(root)) {
    if (!entry.is_directory()) continue;
    CAPTURE(entry.path().string());
    CHECK(embedded.count(entry.path().filename().string()) == 1);  // else add it to lutgen/board/CMakeLists.txt
  }
}

TEST_CASE("a board's figures are those of its file", "[board]") {
  const auto arty = board::find_board("arty-a7-35t", {});
  REQUIRE(arty);
  CHECK(board::family_name(arty->family) == "xc7");
  CHECK(arty->luts == 20800);
  CHECK(arty->freq_mhz == 100);
  CHECK(arty->clock.name == "E3");
  CHECK(arty->uart_rx.name == "A9");
  CHECK(arty->uart_tx.name == "D10");
  CHECK(board::clocks_per_bit(*arty) == 100);
  REQUIRE(arty->reset);
  CHECK_FALSE(arty->reset->active_low);
  CHECK(arty->nextpnr == std::vector<std::string>{"--device", "xc7a35tcsg324-1"});
  CHECK(arty->leds.size() == 4);
}

TEST_CASE("what a build is expected to come to is read, and is within the device", "[board]") {
  const auto files = board::board_files();
  const auto file = std::find_if(files.begin(), files.end(), [](const auto& each) { return each.id == "icebreaker"; });
  REQUIRE(file != files.end());
  const std::string text(file->content);
  const auto parsed = board::parse_board(text, "icebreaker", "f");
  REQUIRE(parsed);
  REQUIRE(parsed->expected);
  CHECK(parsed->expected->network == "mnist-lut4-300");
  CHECK(parsed->expected->luts > 1000);
  CHECK(parsed->expected->fmax_mhz >= parsed->freq_mhz);
  const auto with = [&](const std::string& name, const std::string& value) {
    const std::size_t at = text.find("\n" + name + " = ", text.find("[expected]"));
    REQUIRE(at != std::string::npos);
    return text.substr(0, at) + "\n" + name + " = " + value + text.substr(text.find('\n', at + 1));
  };
  CHECK(board::parse_board(with("luts", "5280"), "icebreaker", "f"));
  CHECK_FALSE(board::parse_board(with("luts", "5281"), "icebreaker", "f"));
  CHECK_FALSE(board::parse_board(with("fmax_mhz", "11.9"), "icebreaker", "f"));
  CHECK_FALSE(board::parse_board(with("source", "\"\""), "icebreaker", "f"));
  const auto without = board::parse_board(text.substr(0, text.find("[expected]")), "icebreaker", "f");
  REQUIRE(without);
  CHECK_FALSE(without->expected);
}

TEST_CASE("a folder of the user's comes before the boards inside the program", "[board]") {
  const test::TemporaryFolder folder;
  const auto files = board::board_files();
  std::string text(files.front().content);
  const std::string id(files.front().id);
  text.replace(text.find("luts = "), 7, "luts = 1");  // 63400 becomes 163400
  fs::create_directories(folder.path() / id);
  REQUIRE(base::write_file(folder.path() / id / "board.toml", text));
  const board::BoardFolders folders{{folder.path()}};
  const auto ours = board::find_board(id, folders);
  const auto built_in = board::find_board(id, {});
  REQUIRE(ours);
  REQUIRE(built_in);
  CHECK(ours->luts == built_in->luts + 100000);
  CHECK(board::board_ids(folders) == board::board_ids({}));
}

TEST_CASE("an id that leads out of the folders is no board", "[board]") {
  const auto found = board::find_board("../boards/basys3", {});
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Code::board_unknown);
}

TEST_CASE("a damaged board file is refused, never a crash", "[board][property]") {
  const auto files = board::board_files();
  test::property([&] {
    const auto& file = files[*rc::gen::inRange<std::size_t>(0, files.size())];
    std::string text(file.content);
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto length = *rc::gen::inRange<std::size_t>(1, 60);
    text.erase(at, length);
    const auto parsed = board::parse_board(text, file.id, "f");
    if (!parsed) RC_ASSERT(!to_text(parsed.error()).empty());
  });
}

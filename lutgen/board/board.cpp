// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/board.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/board/board_files.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::board {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBoardBytes = 1 << 20;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

Result<BoardFolders> board_folders() {
  BoardFolders result;
  std::string list = variable("LUTGEN_BOARDS");
  while (!list.empty()) {
    const std::size_t colon = std::min(list.find(':'), list.size());
    const fs::path folder = list.substr(0, colon);
    list.erase(0, colon + 1);
    if (folder.empty()) continue;
    if (!is_folder(folder)) {
      return fail(Code::board_folder_missing, "LUTGEN_BOARDS",
                  fmt::format("expected folders with one folder a board, found no folder {}", io::quote(folder.string())),
                  "mend the variable, or unset it to use the boards inside the program");
    }
    result.folders.push_back(folder);
  }
  const std::string config = variable("XDG_CONFIG_HOME");
  const std::string home = variable("HOME");
  const fs::path user = !config.empty() ? fs::path(config) : home.empty() ? fs::path() : fs::path(home) / ".config";
  if (!user.empty() && is_folder(user / "lutgen" / "boards")) result.folders.push_back(user / "lutgen" / "boards");
  return result;
}

std::vector<std::string> board_ids(const BoardFolders& folders) {
  std::set<std::string> ids;
  for (const BoardFile& file : board_files()) ids.insert(std::string(file.id));
  for (const fs::path& folder : folders.folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (is_file(entry->path() / "board.toml")) ids.insert(entry->path().filename().string());
    }
  }
  return {ids.begin(), ids.end()};
}

Result<Board> find_board(std::string_view id, const BoardFolders& folders) {
  const std::vector<std::string> ids = board_ids(folders);
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
    std::string known;
    for (const std::string& each : ids) known += (known.empty() ? "" : ", ") + each;
    return fail(Code::board_unknown, "board", fmt::format("expected one of {}; found {}", known, io::quote(id)),
                "`lutgen boards` lists them; boards/README.md says how to add one");
  }
  for (const fs::path& folder : folders.folders) {
    const fs::path path = folder / id / "board.toml";
    if (!is_file(path)) continue;
    LUTGEN_TRY(const std::string text, base::read_file(path, kMaxBoardBytes));
    return parse_board(text, id, path.string());
  }
  const auto files = board_files();
  const auto file = std::find_if(files.begin(), files.end(), [&](const BoardFile& each) { return each.id == id; });
  LUTGEN_CHECK(file != files.end());
  return parse_board(file->content, id, fmt::format("boards/{}/board.toml", id));
}

}  // namespace lutgen::board

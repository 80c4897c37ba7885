// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lutgen::board {

/// A board file of the source tree that the program carries in itself.
///
/// id       its folder, "arty-a7-35t"
/// content  its bytes; static storage
struct BoardFile {
  std::string_view id;
  std::string_view content;
};

/// All of boards/*/board.toml, sorted by id. The definition is made by the build (embed.cmake). O(1).
[[nodiscard]] std::span<const BoardFile> board_files();

}  // namespace lutgen::board

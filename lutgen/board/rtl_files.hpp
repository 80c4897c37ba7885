// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lutgen::board {

/// A file of rtl/ that every board design needs; the program carries it in itself.
///
/// path     "link/lutgen_link.v"; always with '/'
/// content  its bytes; static storage
struct RtlFile {
  std::string_view path;
  std::string_view content;
};

/// All of rtl/link/*.v and rtl/uart/*.v, sorted by path. The definition is made by the build. O(1).
[[nodiscard]] std::span<const RtlFile> rtl_files();

}  // namespace lutgen::board

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lutgen::style {

/// One file of the project.
///
/// path   relative to the project's root, '/' between folders
/// lines  its text without line ends; empty for a binary file
/// code   C++ only: `lines` with comments, literals and preprocessor lines blanked, same columns
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
  std::vector<std::string> code;
  bool executable = false;

  /// True when the path ends so, for example ".hpp".
  [[nodiscard]] bool ends_with(std::string_view end) const { return path.ends_with(end); }
  /// True when the path begins so, for example "lutgen/".
  [[nodiscard]] bool is_under(std::string_view folder) const { return path.starts_with(folder); }
  /// True for .cpp, .hpp and .cu.
  [[nodiscard]] bool is_cpp() const { return ends_with(".cpp") || ends_with(".hpp") || ends_with(".cu"); }
};

/// Every file of the project, sorted by path; made from the disk, or by hand in the checks' own
/// tests.
struct SourceTree {
  std::vector<SourceFile> files;

  /// The file of that path, or nullptr. O(files).
  [[nodiscard]] const SourceFile* find(std::string_view path) const;
};

/// What is wrong: "file:line: what, and what to do", one entry each. Line 0 is left out.
using Problems = std::vector<std::string>;

/// Adds a problem; `line` counts from 1, 0 means the whole file.
void add_problem(Problems& problems, const SourceFile& file, std::size_t line,
                 std::string_view text);

/// A file with this text, for tests of the checks.
[[nodiscard]] SourceFile make_file(std::string path, std::string_view text);

/// Reads all files below `root` except build folders, hidden folders (other than .ci and .github),
/// and a fuzzer's corpus. Binary files are listed without lines.
[[nodiscard]] SourceTree read_tree(const std::filesystem::path& root);

/// Blanks comments, string and character literals and preprocessor lines; keeps lines and columns.
[[nodiscard]] std::vector<std::string> blank_non_code(const std::vector<std::string>& lines);

/// Path in `#include <path>` or `#include "path"` with its opening character, else empty.
[[nodiscard]] std::string include_of(const std::string& line);

/// Module of a file below lutgen/ ("truth" for lutgen/truth/hex.cpp), else empty.
[[nodiscard]] std::string module_of(std::string_view path);

}  // namespace lutgen::style

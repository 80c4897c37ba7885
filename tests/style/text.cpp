// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <regex>

#include <fmt/core.h>

#include "tests/style/checks.hpp"

namespace lutgen::style {
namespace {

constexpr std::size_t kMaxFileLines = 600;
constexpr std::size_t kMaxGoldenLines = 59;

bool is_source(const SourceFile& file) {
  constexpr auto kEnds =
      std::to_array<std::string_view>({".cpp", ".hpp", ".cu", ".h", ".def", ".v", ".vh", ".sv", ".cmake",
                                       ".cmake.in", "CMakeLists.txt", ".toml"});
  return is_bash(file) || std::any_of(kEnds.begin(), kEnds.end(),
                                      [&](std::string_view end) { return file.ends_with(end); });
}

/// Reports each line that matches `pattern`.
void report_matches(Problems& problems, const SourceFile& file, const std::regex& pattern,
                    std::string_view text) {
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (std::regex_search(file.lines[i], pattern)) add_problem(problems, file, i + 1, text);
  }
}

}  // namespace

Problems check_file_length(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (is_source(file) && file.lines.size() > kMaxFileLines) {
      add_problem(problems, file, file.lines.size(),
                  fmt::format("{} lines, the limit is {}; split it by concept", file.lines.size(),
                              kMaxFileLines));
    }
  }
  return problems;
}

Problems check_golden_length(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (file.is_under("tests/golden/") && file.path.find("/expected") != std::string::npos &&
        file.lines.size() > kMaxGoldenLines) {
      add_problem(problems, file, file.lines.size(),
                  fmt::format("{} lines, the limit is {}; show one idea only", file.lines.size(),
                              kMaxGoldenLines));
    }
  }
  return problems;
}

Problems check_ascii(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto bad = std::find_if(file.lines[i].begin(), file.lines[i].end(), [](char c) {
        return (c < ' ' && c != '\t') || c == 0x7f || static_cast<unsigned char>(c) > 0x7f;
      });
      if (bad != file.lines[i].end()) {
        add_problem(problems, file, i + 1,
                    fmt::format("byte {:#04x} in column {}; write ASCII only",
                                static_cast<unsigned char>(*bad), bad - file.lines[i].begin() + 1));
      }
    }
  }
  return problems;
}

Problems check_spdx(const SourceTree& tree) {
  static const std::regex kLicence("^(//|#) SPDX-License-Identifier: Apache-2\\.0$");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    // The cases' run.sh are sourced by their runner and hold a line or two.
    const bool is_case = file.is_under("tests/errors/") || file.is_under("tests/golden/");
    if (!is_source(file) || (is_case && file.ends_with("/run.sh"))) continue;
    const std::size_t line = !file.lines.empty() && file.lines[0].starts_with("#!") ? 1 : 0;
    if (file.lines.size() <= line || !std::regex_match(file.lines[line], kLicence)) {
      add_problem(problems, file, line + 1,
                  "begin with the line SPDX-License-Identifier: Apache-2.0");
    }
  }
  return problems;
}

Problems check_marks(const SourceTree& tree) {
  // Put together from parts, so that this file does not hold what it looks for.
  static const std::regex kMark(fmt::format("\\b({}|{}|{}|{})\\b",
                                            "TO"
                                            "DO",
                                            "FIX"
                                            "ME",
                                            "XX"
                                            "X",
                                            "HA"
                                            "CK"));
  static const std::regex kIssue("#[0-9]+");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (std::regex_search(file.lines[i], kMark) && !std::regex_search(file.lines[i], kIssue)) {
        add_problem(problems, file, i + 1,
                    "name the issue (#number) of what is unfinished, or finish it");
      }
    }
  }
  return problems;
}

Problems check_private_names(const SourceTree& tree) {
  // Put together from parts, so that this file does not hold what it looks for.
  static const std::regex kPrivate(fmt::format("{}|{}|{}|{}|{}|{}",
                                               "/wo"
                                               "rk/",
                                               "/fa"
                                               "rm",
                                               "\\.lib"
                                               "rary",
                                               "deb\\.deb"
                                               "ian\\.org",
                                               "registry\\.np"
                                               "mjs",
                                               "pypi\\.o"
                                               "rg"));
  Problems problems;
  for (const SourceFile& file : tree.files) {
    report_matches(problems, file, kPrivate,
                   "a path or host of the place where this was written; say it another way");
  }
  return problems;
}

Problems check_links(const SourceTree& tree) {
  static const std::regex kLink("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.ends_with(".md")) continue;
    const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      for (std::sregex_iterator link(line.begin(), line.end(), kLink), end; link != end; ++link) {
        std::string target = (folder / (*link)[1].str()).lexically_normal().generic_string();
        const bool is_there =
            std::any_of(tree.files.begin(), tree.files.end(), [&](const SourceFile& other) {
              return other.path == target ||
                     other.is_under(target.ends_with("/") ? target : target + "/");
            });
        if (!is_there) {
          add_problem(problems, file, i + 1,
                      fmt::format("the link to {} leads nowhere; mend or remove it", target));
        }
      }
    }
  }
  return problems;
}

}  // namespace lutgen::style

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <regex>
#include <set>

#include <fmt/core.h>

#include "tests/style/checks.hpp"

namespace lutgen::style {
namespace {

struct NamedCode {
  std::string name;
  std::size_t line;
};

std::vector<NamedCode> read_codes(const SourceFile& definitions) {
  static const std::regex kCode("^LUTGEN_DIAGNOSTIC\\(([a-z0-9_]+),");
  std::vector<NamedCode> codes;
  for (std::size_t i = 0; i < definitions.lines.size(); ++i) {
    std::smatch found;
    if (std::regex_search(definitions.lines[i], found, kCode)) codes.push_back({found[1], i + 1});
  }
  return codes;
}

/// Every name X in `Code::X` in the library.
std::set<std::string> used_codes(const SourceTree& tree) {
  static const std::regex kUse("\\bCode::([a-z0-9_]+)");
  std::set<std::string> used;
  for (const SourceFile& file : tree.files) {
    if (!file.is_under("lutgen/") || !file.is_cpp()) continue;
    for (const std::string& line : file.code) {
      for (std::sregex_iterator use(line.begin(), line.end(), kUse), end; use != end; ++use) {
        used.insert((*use)[1]);
      }
    }
  }
  return used;
}

bool holds_word(const SourceFile& file, const std::string& word) {
  const std::regex pattern("(^|[ (/])" + std::regex_replace(word, std::regex("\\."), "\\.") +
                           "($|[ )])");
  return std::any_of(file.lines.begin(), file.lines.end(), [&](const std::string& line) {
    return std::regex_search(line.substr(0, line.find('#')), pattern);
  });
}

bool holds_text(const SourceFile& file, std::string_view text) {
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

bool is_bash(const SourceFile& file) {
  return (file.is_under("scripts/") && !file.ends_with(".md")) || file.path == ".ci/run" ||
         file.ends_with(".sh");
}

Problems check_diagnostics(const SourceTree& tree) {
  Problems problems;
  const SourceFile* definitions = tree.find("lutgen/base/diagnostics.def");
  if (definitions == nullptr) return {"lutgen/base/diagnostics.def: expected this file"};
  const std::set<std::string> used = used_codes(tree);
  std::set<std::string> names;
  for (const NamedCode& code : read_codes(*definitions)) {
    names.insert(code.name);
    if (!used.contains(code.name)) {
      add_problem(problems, *definitions, code.line,
                  fmt::format("'{}' is used nowhere in lutgen/; use it or remove it", code.name));
    }
    for (const std::string_view needed : {"run.sh", "expected.txt"}) {
      const std::string path = fmt::format("tests/errors/{}/{}", code.name, needed);
      if (tree.find(path) == nullptr) {
        add_problem(problems, *definitions, code.line,
                    fmt::format("'{}' has no {}; add the smallest bad input", code.name, path));
      }
    }
  }
  // A folder may also be <code>.<variant>, a second way to the same code.
  static const std::regex kCase("^tests/errors/([^/.]+)[^/]*/.*");
  for (const SourceFile& file : tree.files) {
    std::smatch found;
    if (std::regex_match(file.path, found, kCase) && !names.contains(found[1])) {
      add_problem(problems, file, 0,
                  fmt::format("'{}' is no code of diagnostics.def; remove or rename the folder",
                              found[1].str()));
    }
  }
  return problems;
}

Problems check_cmake_lists(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.ends_with(".cpp") && !file.ends_with(".cu")) continue;
    const std::size_t slash = file.path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.path.substr(0, slash + 1);
    const std::string name = file.path.substr(slash + 1);
    // A folder without a list of its own belongs to the list above it (tests/support).
    const SourceFile* list = tree.find(folder + "CMakeLists.txt");
    const bool is_listed =
        list != nullptr
            ? holds_word(*list, name)
            : std::any_of(tree.files.begin(), tree.files.end(), [&](const SourceFile& other) {
                return other.ends_with("CMakeLists.txt") && holds_word(other, name);
              });
    if (!is_listed) add_problem(problems, file, 0, "name it in the CMakeLists.txt of its folder");
  }
  return problems;
}

Problems check_module_pages(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    const std::string module = module_of(file.path);
    if (module.empty() || !file.ends_with(".hpp")) continue;
    const std::size_t slash = file.path.rfind('/');
    const std::string stem = file.path.substr(slash + 1, file.path.size() - slash - 5);
    const SourceFile* page = tree.find("lutgen/" + module + "/README.md");
    if (page == nullptr ||
        (!holds_text(*page, "`" + stem + "`") && !holds_text(*page, "`" + stem + ".hpp`"))) {
      add_problem(problems, file, 0,
                  fmt::format("lutgen/{}/README.md has no line about `{}`; say what it is for",
                              module, stem));
    }
  }
  return problems;
}

Problems check_scripts(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!is_bash(file) || file.ends_with(".sh")) continue;
    if (!file.executable) add_problem(problems, file, 0, "run chmod +x on it");
    if (!holds_text(file, "set -euo pipefail")) {
      add_problem(problems, file, 0, "stop at the first error: set -euo pipefail");
    }
    if (!holds_text(file, "-h | --help)")) {
      add_problem(problems, file, 0, "answer -h and --help with what it does and its options");
    }
  }
  return problems;
}

Problems check_subjects(const std::vector<std::string>& subjects) {
  static const std::regex kSubject(
      "^[0-9a-f]+ (Add|Fix|Improve|Optimize|Remove|Tests|Docs|Build)\\b.*");
  Problems problems;
  for (const std::string& subject : subjects) {
    if (!std::regex_match(subject, kSubject)) {
      problems.push_back(
          subject +
          ": begin the subject with Add, Fix, Improve, Optimize, Remove, Tests, Docs or Build");
    }
  }
  return problems;
}

}  // namespace lutgen::style

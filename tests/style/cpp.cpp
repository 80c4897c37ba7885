// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <regex>
#include <set>

#include <fmt/core.h>

#include "tests/style/checks.hpp"
#include "tests/style/declarations.hpp"

namespace lutgen::style {
namespace {

constexpr std::size_t kMaxFunctionLines = 60;

// report_broken_check, the end of a program that has a bug (rule 13).
const std::set<std::string, std::less<>> kMayAbort = {"lutgen/base/result.cpp"};

std::string trimmed(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin == std::string::npos ? std::string{} : line.substr(begin);
}

/// True when a comment of the block directly above `line` (from 1) contains `text`.
bool comment_above_holds(const SourceFile& file, std::size_t line, std::string_view text) {
  for (std::size_t i = line - 1; i > 0 && trimmed(file.lines[i - 1]).starts_with("//"); --i) {
    if (file.lines[i - 1].find(text) != std::string::npos) return true;
  }
  return false;
}

void report_code(Problems& problems, const SourceFile& file, const std::regex& pattern,
                 std::string_view text) {
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    std::smatch found;
    if (std::regex_search(file.code[i], found, pattern)) {
      add_problem(problems, file, i + 1, fmt::format("'{}': {}", found.str(), text));
    }
  }
}

/// Declarations that need no documentation of their own.
bool is_exempt(const Declaration& declaration) {
  static const std::regex kForward(
      "^(template ?<.*> ?)?(class|struct|enum|enum class) [A-Za-z_:0-9]+( ?: ?[a-z_0-9:]+)?$");
  // A using-declaration names what is documented elsewhere; an alias is a name of its own.
  const bool is_using_declaration =
      declaration.head.starts_with("using ") && declaration.head.find('=') == std::string::npos;
  return !declaration.is_public || is_using_declaration ||
         declaration.head.starts_with("static_assert") ||
         declaration.head.starts_with("namespace ") ||
         declaration.head.starts_with("extern template") ||
         (!declaration.has_body && std::regex_match(declaration.head, kForward));
}

}  // namespace

Problems check_function_length(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    for (const Declaration& function : find_declarations(file)) {
      const std::size_t lines = function.last_line - function.first_line + 1;
      if (function.kind != DeclarationKind::function || lines <= kMaxFunctionLines) continue;
      if (comment_above_holds(file, function.first_line, "// Long because: ")) continue;
      add_problem(problems, file, function.first_line,
                  fmt::format("a function of {} lines, the limit is {}; split it, or say above it "
                              "'// Long because: ...'",
                              lines, kMaxFunctionLines));
    }
  }
  return problems;
}

Problems check_headers(const SourceTree& tree) {
  static const std::regex kUsing("\\busing +namespace\\b");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.ends_with(".hpp")) continue;
    const auto first = std::find_if(file.lines.begin(), file.lines.end(),
                                    [](const std::string& line) { return line.starts_with("#"); });
    if (first == file.lines.end() || *first != "#pragma once") {
      add_problem(problems, file, 0, "the first directive of a header is #pragma once");
    }
    report_code(problems, file, kUsing, "no using-directives in headers; name what you use");
  }
  return problems;
}

Problems check_documented(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    const bool is_public = file.is_under("lutgen/") || file.is_under("sim/");
    if (!is_public || !file.ends_with(".hpp")) continue;
    std::set<std::size_t> documented_ends;  // last lines: the next line belongs to the same group
    for (const Declaration& declaration : find_declarations(file)) {
      if (is_exempt(declaration)) continue;
      const std::size_t above = declaration.first_line - 1;
      const bool has_block = above > 0 && trimmed(file.lines[above - 1]).starts_with("///");
      if (has_block || documented_ends.contains(above)) {
        documented_ends.insert(declaration.last_line);
      } else {
        add_problem(problems, file, declaration.first_line,
                    fmt::format("no /// block above '{}'; say what it computes, shapes, units, "
                                "errors, cost",
                                declaration.head.substr(0, 60)));
      }
    }
  }
  return problems;
}

Problems check_reproducible(const SourceTree& tree) {
  static const std::regex kClock(
      "\\b(system_clock|gettimeofday|clock_gettime|localtime|gmtime|strftime|"
      "time ?\\( ?(nullptr|NULL|0|&)|__DATE__|__TIME__|__TIMESTAMP__)");
  static const std::regex kRandom(
      "\\b(random_device|mt19937(_64)?|s?rand ?\\(|default_random_engine)");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.is_cpp()) continue;
    report_code(problems, file, kClock,
                "the same input must give the same bytes; take no time of day");
    report_code(problems, file, kRandom, "use lutgen/base/rng.hpp with a seed from the caller");
  }
  return problems;
}

Problems check_library_is_silent(const SourceTree& tree) {
  static const std::regex kPrints(
      "\\b(f?printf|f?puts|putchar|perror|cout|cerr|clog|fmt::print) ?(\\(|<<)");
  static const std::regex kLeaves("\\b(throw|exit ?\\(|abort ?\\(|quick_exit|terminate ?\\()");
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.is_cpp() || !file.is_under("lutgen/") || file.is_under("lutgen/cli/")) continue;
    if (kMayAbort.contains(file.path)) continue;
    report_code(problems, file, kPrints, "the library prints nothing; give the text to the caller");
    report_code(problems, file, kLeaves,
                "the library throws nothing and never exits; return a Result");
  }
  return problems;
}

}  // namespace lutgen::style

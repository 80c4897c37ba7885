// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/result.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

namespace lutgen {
namespace {

struct CodeText {
  std::string_view name;
  std::string_view meaning;
};

constexpr auto kCodes = std::to_array<CodeText>({
#define LUTGEN_DIAGNOSTIC(name, meaning) {#name, meaning},
#include "lutgen/base/diagnostics.def"
#undef LUTGEN_DIAGNOSTIC
});

}  // namespace

std::string_view code_name(Code code) { return kCodes.at(static_cast<std::size_t>(code)).name; }

std::string_view code_meaning(Code code) {
  return kCodes.at(static_cast<std::size_t>(code)).meaning;
}

std::string to_text(const Diagnostic& diagnostic) {
  std::string text;
  if (!diagnostic.place.empty()) text = diagnostic.place + ": ";
  text += fmt::format("error[{}]: {}\n", code_name(diagnostic.code), diagnostic.message);
  if (!diagnostic.hint.empty()) text += fmt::format("  hint: {}\n", diagnostic.hint);
  return text;
}

void base::report_broken_check(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal check failed: %s\nThis is a bug in lutgen.\n", file, line,
               expression);
  std::abort();
}

}  // namespace lutgen

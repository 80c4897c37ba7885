// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/names.hpp"

namespace lutgen::csource {
namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string legalize_prefix(std::string_view name) {
  std::string prefix;
  bool gap = false;  // between two parts; none at the ends
  for (const char c : name) {
    if (!is_letter(c) && !is_digit(c)) {
      gap = true;
      continue;
    }
    if (prefix.empty() && is_digit(c)) prefix = "network_";
    if (gap && !prefix.empty() && prefix.back() != '_') prefix += '_';
    gap = false;
    prefix += c;
  }
  if (prefix.empty()) return "network";
  if (prefix.size() > kMaxPrefix) prefix.resize(kMaxPrefix);
  if (prefix.back() == '_') prefix.pop_back();
  return prefix;
}

bool is_legal_prefix(std::string_view name) { return legalize_prefix(name) == name; }

std::string macro_prefix(std::string_view prefix) {
  std::string text(prefix);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace lutgen::csource

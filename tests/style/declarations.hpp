// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/style/source_tree.hpp"

namespace lutgen::style {

/// What a declaration declares, as far as the checks care.
enum class DeclarationKind : std::uint8_t { function, type, other };

/// A declaration at namespace or class scope.
///
/// head         its text up to the `;` or `{`, one space between words
/// first_line   where it begins; counts from 1
/// last_line    where it ends, with its body
/// is_public    directly in a named namespace that is not `detail`
struct Declaration {
  DeclarationKind kind = DeclarationKind::other;
  std::string head;
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  bool has_body = false;
  bool is_public = false;
};

/// Finds the declarations of a C++ file by following its braces; a heuristic, not a parser: macros
/// are not expanded, and whatever stands inside a function belongs to it. In order of `first_line`.
[[nodiscard]] std::vector<Declaration> find_declarations(const SourceFile& file);

}  // namespace lutgen::style

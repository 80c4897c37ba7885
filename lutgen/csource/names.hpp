// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lutgen::csource {

/// Longest prefix that names get. C99 promises to tell external names apart by their first 31 characters only; every
/// compiler in use looks at all of them.
inline constexpr std::size_t kMaxPrefix = 128;

/// Turns a model's name into what the C names start with: letters, digits and single underscores, a letter first and no
/// underscore last. "mnist-lut6-1000" becomes "mnist_lut6_1000", "8-bit" becomes "network_8_bit". O(length).
[[nodiscard]] std::string legalize_prefix(std::string_view name);

/// Whether `legalize_prefix` leaves a name as it is. Keywords are fine: the prefix never stands alone. O(length).
[[nodiscard]] bool is_legal_prefix(std::string_view name);

/// The prefix of macros: the same in capitals. O(length).
[[nodiscard]] std::string macro_prefix(std::string_view prefix);

}  // namespace lutgen::csource

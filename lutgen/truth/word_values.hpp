// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lutgen::truth {

/// Values of variable k at the assignments 64*block to 64*block + 63, one a bit; assignment a has bit k of a. O(1).
[[nodiscard]] constexpr std::uint64_t variable_word(std::size_t k, std::size_t block) {
  constexpr std::array<std::uint64_t, 6> kWithin = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                                    0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};
  return k < kWithin.size() ? kWithin[k] : ((block >> (k - kWithin.size())) & 1) != 0 ? ~std::uint64_t{0} : 0;
}

/// A table's values where its inputs have the values `inputs`, 64 at once.
///
/// entries  TruthTable::words, or as long a part of them as starts at entry `first`
/// inputs   [inputs of the table], input 0 first
/// Cost     O(2^inputs): the upper half of the entries where the last input is 1, the lower elsewhere, and so on
[[nodiscard]] inline std::uint64_t evaluate_words(std::span<const std::uint64_t> entries, std::span<const std::uint64_t> inputs,
                                                  std::size_t first = 0) {
  if (inputs.empty()) return ((entries[first >> 6] >> (first & 63)) & 1) != 0 ? ~std::uint64_t{0} : 0;
  const auto rest = inputs.first(inputs.size() - 1);
  return (evaluate_words(entries, rest, first) & ~inputs.back()) |
         (evaluate_words(entries, rest, first + (std::size_t{1} << rest.size())) & inputs.back());
}

}  // namespace lutgen::truth

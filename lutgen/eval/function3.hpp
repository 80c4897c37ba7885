// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace lutgen::eval {

/// Functions of three inputs as 8-bit tables: bit a is the value at address a, input 0 the least significant bit.

/// The three inputs themselves.
inline constexpr std::array<unsigned, 3> kInput3{0xAA, 0xCC, 0xF0};

/// Whether a table depends on input k. O(1).
[[nodiscard]] constexpr bool depends3(unsigned table, int k) {
  constexpr std::array<unsigned, 3> kLow{0x55, 0x33, 0x0F};
  return (((table >> (1 << k)) ^ table) & kLow[static_cast<std::size_t>(k)]) != 0;
}
/// The table with input k inverted. O(1).
[[nodiscard]] constexpr unsigned flip3(unsigned table, int k) {
  const unsigned high = kInput3[static_cast<std::size_t>(k)];
  return ((table & high) >> (1 << k)) | ((table & (high ^ 0xFFu)) << (1 << k));
}
/// The table with input k fixed; it does not depend on k. O(1).
[[nodiscard]] constexpr unsigned fix3(unsigned table, int k, bool value) {
  const unsigned high = kInput3[static_cast<std::size_t>(k)];
  const unsigned half = table & (value ? high : high ^ 0xFFu);
  return half | (value ? half >> (1 << k) : half << (1 << k));
}
/// The table with inputs k and k + 1 exchanged. O(1).
[[nodiscard]] constexpr unsigned swap3(unsigned table, int k) {
  return k == 0 ? (table & 0x99) | ((table & 0x22) << 1) | ((table & 0x44) >> 1)
                : (table & 0xC3) | ((table & 0x0C) << 2) | ((table & 0x30) >> 2);
}
/// The table as a function of inputs exchanged at will: input `from[k]` of the table becomes input k. O(1).
[[nodiscard]] constexpr unsigned permute3(unsigned table, std::array<int, 3> from) {
  unsigned result = 0;
  for (unsigned a = 0; a < 8; ++a) {
    unsigned source = 0;
    for (unsigned k = 0; k < 3; ++k) source |= ((a >> k) & 1) << from[k];
    result |= ((table >> source) & 1) << a;
  }
  return result;
}

/// One step of a chain: a two-input table (bit a: value at address a, `x` least significant; bit 0 is 0) of two of the
/// chain's values: 0..2 are its inputs, 3.. the steps before.
struct ChainStep {
  std::uint8_t table = 0;
  std::uint8_t x = 0;
  std::uint8_t y = 0;
};

/// For every function of three inputs that is 0 at address 0 (index table / 2) the shortest chain of two-input operations
/// which are 0 at address 0; the last step is the function. Empty for the inputs themselves and the constant.
///
/// Returns  [128]; the chains have at most 4 steps
/// Cost     a millisecond, once
[[nodiscard]] const std::array<std::vector<ChainStep>, 128>& shortest_chains();

}  // namespace lutgen::eval

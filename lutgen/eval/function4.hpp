// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lutgen/eval/program.hpp"

namespace lutgen::eval {

/// How two functions make a third with one more input s, where low and high are its cofactors:
/// choose = s ? high : low; low_change = low ^ (s & (low ^ high)); high_change = high ^ (~s & (low ^ high)).
enum class Join : std::uint8_t { choose, low_change, high_change };

/// Operations that a join takes. O(1).
[[nodiscard]] constexpr unsigned join_cost(Basis basis, Join join) {
  return basis == Basis::ternary ? 1 : join == Join::choose ? 3 : 2;
}

/// How one function of four inputs is made; 16-bit tables: bit a is the value at address a, input 0 the least significant.
///
/// nested   outer(inner(the inputs but `last`, in their order), last, input number `again` of those) or, if not set,
///          the join of two functions of three inputs at input `last`
struct Recipe4 {
  bool nested = false;
  Join join = Join::choose;
  std::uint8_t last = 0;
  std::uint8_t again = 0;
  std::uint8_t inner = 0;
  std::uint8_t outer = 0;
};

/// What functions of up to four inputs cost, and how they are made.
///
/// cost3    [256]: operations for a function of three inputs; 0 for constants and the inputs themselves
/// cost4    [65536]
/// recipes  [65536]; of no meaning for functions of fewer than four inputs
struct Functions4 {
  std::array<std::uint8_t, 256> cost3{};
  std::vector<std::uint8_t> cost4;
  std::vector<Recipe4> recipes;
};

/// The tables of a basis: every function of four inputs in two operations of three inputs where it can be, else as a join.
///
/// Cost  some milliseconds, once; 500 KB
[[nodiscard]] const Functions4& functions4(Basis basis);

/// Exchanges the bits under `mask` with those `shift` higher. O(1).
template <class Word>
[[nodiscard]] constexpr Word delta_swap(Word word, Word mask, int shift) {
  const Word change = ((word >> shift) ^ word) & mask;
  return word ^ change ^ (change << shift);
}

/// A table with its inputs `k` and 3 (the top one) exchanged; for 5 and 6 inputs: k and 4, k and 5. O(1).
[[nodiscard]] constexpr std::uint32_t swap_top4(std::uint32_t table, int k) {
  constexpr std::array<std::uint32_t, 3> kMask{0x00AA, 0x00CC, 0x00F0};  // input k is 1, the top one 0
  return k == 3 ? table : delta_swap(table, kMask[static_cast<std::size_t>(k)], 8 - (1 << k));
}
[[nodiscard]] constexpr std::uint32_t swap_top5(std::uint32_t table, int k) {
  constexpr std::array<std::uint32_t, 4> kMask{0xAAAA, 0xCCCC, 0xF0F0, 0xFF00};
  return k == 4 ? table : delta_swap(table, kMask[static_cast<std::size_t>(k)], 16 - (1 << k));
}
[[nodiscard]] constexpr std::uint64_t swap_top6(std::uint64_t table, int k) {
  constexpr std::array<std::uint64_t, 5> kMask{0xAAAAAAAA, 0xCCCCCCCC, 0xF0F0F0F0, 0xFF00FF00, 0xFFFF0000};
  return k == 5 ? table : delta_swap(table, kMask[static_cast<std::size_t>(k)], 32 - (1 << k));
}

}  // namespace lutgen::eval

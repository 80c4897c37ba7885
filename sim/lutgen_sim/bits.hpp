// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lutgen::sim {

/// A value of any width: 32-bit words, least significant word first; bits above the width are 0.
using Words = std::vector<std::uint32_t>;

/// Words that hold `width_bits` bits. O(1).
[[nodiscard]] constexpr std::size_t words_for(std::size_t width_bits) {
  return (width_bits + 31) / 32;
}

/// Mask of the bits in use in the last word of a value of `width_bits` >= 1 bits. O(1).
[[nodiscard]] constexpr std::uint32_t last_word_mask(std::size_t width_bits) {
  const std::size_t used = width_bits % 32;
  return used == 0 ? 0xffffffffu : (std::uint32_t{1} << used) - 1;
}

/// Bit `index` of a value, bit 0 the least significant. O(1).
[[nodiscard]] inline bool bit_at(const std::uint32_t* words, std::size_t index) {
  return ((words[index / 32] >> (index % 32)) & 1u) != 0;
}

/// Hex digits of a value, most significant first, no prefix: ceil(width_bits / 4) of them.
[[nodiscard]] inline std::string to_hex(const std::uint32_t* words, std::size_t width_bits) {
  std::string text;
  for (std::size_t digit = (width_bits + 3) / 4; digit-- > 0;)
    text += "0123456789abcdef"[(words[digit / 8] >> (4 * (digit % 8))) & 15u];
  return text;
}

/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA):
/// the same seed gives the same numbers everywhere.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  /// 64 uniform bits. O(1).
  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  /// Nearly uniform in [1, bound], bound >= 1. O(1).
  constexpr std::uint64_t from_one_to(std::uint64_t bound) { return 1 + next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace lutgen::sim

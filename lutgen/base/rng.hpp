// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lutgen::base {

/// The one source of randomness: SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable
/// pseudorandom number generators", OOPSLA). The same seed gives the same numbers everywhere.
class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}

  /// 64 uniform bits. O(1).
  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, bound), bound >= 1, by multiplication (bias below bound / 2^64). O(1).
  constexpr std::uint64_t below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }

  /// Uniform in [0, 1), 53 bits. O(1).
  constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace lutgen::base

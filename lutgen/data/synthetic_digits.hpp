// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lutgen/data/dataset.hpp"

namespace lutgen::data {

/// Rows and columns of a drawn digit, as of MNIST's.
inline constexpr std::uint32_t kDigitSide = 28;

/// Seed and sample counts of the data set "synthetic-digits".
inline constexpr std::uint64_t kSyntheticSeed = 1;
inline constexpr std::size_t kSyntheticTrainSamples = 20000;
inline constexpr std::size_t kSyntheticTestSamples = 10000;

/// One drawn digit: 0 is background, 255 full ink; row by row from the top left.
struct DrawnDigit {
  std::uint32_t label = 0;
  std::array<std::uint8_t, kDigitSide * kDigitSide> pixels{};
};

/// Draws a digit by our own generator: strokes along a glyph, each sample with its own size, slant,
/// shift, pen width, unsteadiness and specks. It depends on nothing but the three arguments, and is
/// the same on every machine (integers only). O(pixels * strokes).
[[nodiscard]] DrawnDigit draw_digit(std::uint64_t seed, Split split, std::uint64_t index);

/// The first `samples` digits of a split, ten classes; every other digit data set's stand-in where
/// none is at hand. O(samples).
[[nodiscard]] Dataset make_synthetic_digits(std::uint64_t seed, Split split, std::size_t samples);

}  // namespace lutgen::data

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lutgen/eval/target.hpp"

namespace lutgen::eval {

/// A tile is 64 samples by at most 64 features.
inline constexpr std::size_t kTile = 64;

/// Compares a tile of features with a threshold each.
///
/// rows        sample s begins at rows + s * stride (values, not bytes); nothing beyond `width` values is read
/// samples     1..64; bits of samples beyond are 0
/// width       1..64
/// thresholds  [64]; bit = value > threshold; those beyond `width` are read, and give anything
/// words       [64]: bit s of the word at byte_position[f], or float_position[f], is the answer for sample s and feature f
template <class Value>
using CompareTile = void (*)(const Value* rows, std::size_t stride, std::size_t samples, std::size_t width,
                             const Value* thresholds, std::uint64_t* words);

/// The inner loops between samples and words, for one instruction set.
///
/// byte_position, float_position  where a compared tile keeps the word of each feature
/// spread     planes[p * stride], p < count <= 8: values[s] is the number whose bit p is bit s of plane p
struct BitKernels {
  CompareTile<std::uint8_t> compare_bytes;
  CompareTile<float> compare_floats;
  void (*spread)(const std::uint64_t* planes, std::size_t stride, std::size_t count, std::uint8_t* values);
  std::array<std::uint8_t, kTile> byte_position;
  std::array<std::uint8_t, kTile> float_position;
};

/// The kernels for a target, as far as this machine has their instructions; portable ones otherwise. Static storage.
[[nodiscard]] const BitKernels& bit_kernels(Target target);

/// Transposes 64 by 64 bits: afterwards bit j of word i is what bit i of word j was.
void transpose_bits(std::uint64_t* words);

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lutgen::train {

/// Tables that are trained have at most this many inputs, so that an entry's address and a table's bits fit a byte and a word.
inline constexpr std::uint32_t kMaxTrainedInputs = 6;

/// The extents of one LUT layer's step.
///
/// neurons  tables
/// fan_in   inputs of each, 1 to kMaxTrainedInputs
/// samples  in the batch
struct LutBatch {
  std::uint32_t neurons = 0;
  std::uint32_t fan_in = 0;
  std::size_t samples = 0;

  /// Entries of a table: 2^fan_in.
  [[nodiscard]] std::size_t entries() const { return std::size_t{1} << fan_in; }
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::model {

/// A sample has at most this many features: 16,777,216, an image of 4096 x 4096.
inline constexpr std::uint64_t kMaxFeatures = std::uint64_t{1} << 24;

/// The shape of a sample has at most this many lengths.
inline constexpr std::size_t kMaxInputAxes = 8;

/// A layer reads and gives at most this many bits, so that no count overflows 32 bits.
inline constexpr std::uint64_t kMaxLayerBits = std::uint64_t{1} << 28;

/// A network's or a layer's name has at most this many characters.
inline constexpr std::size_t kMaxNameLength = 128;

/// What a layer's tensors are called in the file, so that a diagnostic can name them; empty texts for
/// a model that was built in memory.
struct TensorNames {
  std::string thresholds;
  std::string inputs;
  std::string tables;
  std::string offsets;
  std::string weights;
};

/// Checks every rule of a model built in memory and fills the derived fields of each layer
/// (`input_count`, `output_count`, `output`; empty `sources` become the previous layer).
///
/// place    names the model in diagnostics
/// tensors  one for each layer, or none at all
/// Errors   every model_* code that does not concern the file itself
/// Cost     O(inputs + tables + thresholds + weights)
[[nodiscard]] Result<void> validate_model(Model& model, const std::string& place,
                                          std::span<const TensorNames> tensors = {});

}  // namespace lutgen::model

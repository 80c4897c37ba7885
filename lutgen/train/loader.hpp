// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/data/dataset.hpp"
#include "lutgen/train/encoder.hpp"
#include "lutgen/train/warp.hpp"

namespace lutgen::train {

/// Encoded samples of one step.
///
/// bits    [live bits][samples], 0 or 1
/// labels  [samples]
/// values  [samples][features], before the encoder, where the loader keeps them
struct Batch {
  std::vector<std::uint8_t> bits;
  std::vector<std::int64_t> labels;
  std::vector<float> values;
};

/// Gives the batches of a data set, in an order of its own in every epoch.
class Loader {
 public:
  /// `dataset` and `encoder` have to outlive it. Images (samples of two dimensions) are warped as `warp` says, others never.
  Loader(const data::Dataset& dataset, const Encoder& encoder, const WarpOptions& warp, std::uint64_t seed, std::size_t threads);

  /// From now on batches hold their samples' values, too.
  void keep_values() { keeps_values_ = true; }

  /// A random order of all samples. Depends on the seed and the epoch only.
  [[nodiscard]] std::vector<std::uint32_t> order_of(std::uint32_t epoch) const;

  /// Encodes some samples; in `epoch` 0 as they are, else changed in a way that depends on seed, epoch and sample only.
  /// Cost  O(samples * features)
  [[nodiscard]] Batch load(std::span<const std::uint32_t> samples, std::uint32_t epoch) const;

 private:
  [[nodiscard]] std::vector<float> values_of(std::uint32_t sample, std::uint32_t epoch) const;

  const data::Dataset& dataset_;
  const Encoder& encoder_;
  WarpOptions warp_;
  std::uint64_t seed_;
  std::size_t threads_;
  bool keeps_values_ = false;
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/data/dataset.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::train {

/// How features become bits.
///
/// levels        thresholds of each feature
/// quantiles     thresholds divide each feature's values in the training set into parts of equal size (a feature of few
///               values gets fewer bits that differ); else they divide the range of all values, a power of two, so that one
///               level of bytes is the top bit, a wire: `x > 127`
/// rarest        a bit that is 0, or 1, in fewer than this part of the training samples is read by no table
struct EncoderOptions {
  std::uint32_t levels = 1;
  bool quantiles = false;
  double rarest = 0.004;
};

/// A thermometer encoder, and what is known of its bits.
///
/// ones   [features * levels]: part of the training samples in which the bit is 1
/// live   the bits that tables may read, ascending: often enough both 0 and 1, and unlike the level below
/// costs  [live bits]: LUT6 positions that a comparison with the threshold takes in hardware (comparison_cost)
struct Encoder {
  model::Thermometer thermometer;
  model::FeatureType type = model::FeatureType::u8;
  std::vector<double> ones;
  std::vector<std::uint32_t> live;
  std::vector<double> costs;
};

/// LUT6 positions that `x > threshold` takes, x a byte. What counts are the bits of x above the ones at the end of the threshold: one
/// of them is a wire (127), two are half a position, for two such functions share one (63, 191), three to six a position, more two.
/// A constant, beyond 0..254, costs nothing.
[[nodiscard]] double comparison_cost(double threshold);

/// Chooses the thresholds. Bytes stay bytes; any other numbers become f32 features, and quantiles are taken for them.
///
/// Cost  O(samples * features * log samples)
[[nodiscard]] Encoder make_encoder(const data::Dataset& training, const EncoderOptions& options);

/// One sample's live bits, 0 or 1 each, written `stride` bytes apart: bits[i * stride] is live bit i.
///
/// values  [features]
void encode_sample(const Encoder& encoder, std::span<const float> values, std::uint8_t* bits, std::size_t stride);

}  // namespace lutgen::train

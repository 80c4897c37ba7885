// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lutgen/model/model.hpp"

namespace lutgen::board {

/// The thermometer layer of a network, or nullptr when its features are bits.
[[nodiscard]] const model::Thermometer* encoder_of(const model::Model& model);

/// A threshold as the comparator takes it: a feature is above it when its key is greater than `key`, or always.
///
/// key  of integers: the number plus 2^(bits-1) when the type is signed; of f32: the 32 bits, all inverted when the
///      sign is set, else the sign set, so that keys are in the order of the numbers (0 and -0 next to each other)
struct ThresholdKey {
  bool always = false;
  std::uint32_t key = 0;

  friend bool operator==(const ThresholdKey&, const ThresholdKey&) = default;
};

/// The key of a finite threshold for features of that type (not bit): x > threshold exactly when the key of x is
/// greater, for every x but NaN (which is above nothing, and which the comparator has to refuse). O(1).
[[nodiscard]] ThresholdKey threshold_key(model::FeatureType type, double threshold);

/// Verilog, inside the board top: reads `payload_byte`, `payload_valid`, `frame_start`, drives the register `sample`:
/// one comparator a threshold; what differs from feature to feature comes from a ROM. O(thresholds).
[[nodiscard]] std::string stream_encoder(const model::Model& model);

}  // namespace lutgen::board

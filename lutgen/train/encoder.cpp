// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/encoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lutgen::train {
namespace {

/// The thresholds that divide sorted values into levels + 1 parts of about equal size; each lies below the next larger value.
void add_quantiles(const std::vector<double>& sorted, std::uint32_t levels, std::vector<double>& thresholds) {
  for (std::uint32_t t = 1; t <= levels; ++t) {
    const std::size_t at = sorted.size() * t / (levels + 1);
    // Strictly between two values where there are two, so that rounding to f32 changes nothing.
    const double value = sorted[std::min(at, sorted.size() - 1)];
    const auto below = std::lower_bound(sorted.begin(), sorted.end(), value);
    const double threshold = below == sorted.begin() ? value : (value + *(below - 1)) / 2;
    thresholds.push_back(static_cast<double>(static_cast<float>(threshold)));
  }
}

}  // namespace

double comparison_cost(double threshold) {
  const double least = std::floor(threshold) + 1;  // x >= least
  if (least < 1 || least > 255) return 0;
  const int bits = 8 - std::countr_zero(static_cast<std::uint32_t>(least));
  return bits == 1 ? 0 : bits == 2 ? 0.5 : bits <= 6 ? 1 : 2;
}

Encoder make_encoder(const data::Dataset& training, const EncoderOptions& options) {
  Encoder encoder;
  const bool is_bytes = std::holds_alternative<data::ByteFeatures>(training.features);
  const auto features = static_cast<std::uint32_t>(training.feature_count());
  model::Thermometer& thermometer = encoder.thermometer;
  encoder.type = is_bytes ? model::FeatureType::u8 : model::FeatureType::f32;
  thermometer.features = features;
  thermometer.levels = options.levels;
  thermometer.stored_type = encoder.type;
  double largest = 0;
  for (std::size_t s = 0; is_bytes && s < training.sample_count(); ++s) {
    for (std::uint32_t f = 0; f < features; ++f) largest = std::max(largest, training.feature(s, f));
  }
  // The nearest power of two: 256 for 255, 16 for 16, so that thresholds are those of few bits.
  const double range = std::exp2(std::round(std::log2(std::max(1.0, largest))));
  std::vector<double> values(training.sample_count());
  for (std::uint32_t f = 0; f < features; ++f) {
    for (std::size_t s = 0; s < values.size(); ++s) values[s] = training.feature(s, f);
    std::sort(values.begin(), values.end());
    const std::size_t first = thermometer.thresholds.size();
    if (options.quantiles || !is_bytes) {
      add_quantiles(values, options.levels, thermometer.thresholds);
      if (is_bytes) {
        for (std::size_t t = first; t < thermometer.thresholds.size(); ++t) thermometer.thresholds[t] = std::floor(thermometer.thresholds[t]);
      }
    } else {
      for (std::uint32_t t = 1; t <= options.levels; ++t) {
        thermometer.thresholds.push_back(std::max(0.0, std::round(range * t / (options.levels + 1)) - 1));
      }
    }
    for (std::size_t t = first; t < thermometer.thresholds.size(); ++t) {
      const auto above = values.end() - std::upper_bound(values.begin(), values.end(), thermometer.thresholds[t]);
      encoder.ones.push_back(static_cast<double>(above) / static_cast<double>(values.size()));
      const bool is_new = t == first || encoder.ones[t] != encoder.ones[t - 1];
      if (is_new && encoder.ones[t] >= options.rarest && encoder.ones[t] <= 1 - options.rarest) {
        encoder.live.push_back(static_cast<std::uint32_t>(t));
        // Comparisons of other numbers are the host's.
        encoder.costs.push_back(is_bytes ? comparison_cost(thermometer.thresholds[t]) : 0);
      }
    }
  }
  return encoder;
}

void encode_sample(const Encoder& encoder, std::span<const float> values, std::uint8_t* bits, std::size_t stride) {
  for (std::size_t i = 0; i < encoder.live.size(); ++i) {
    const std::uint32_t bit = encoder.live[i];
    const auto value = static_cast<double>(values[bit / encoder.thermometer.levels]);
    bits[i * stride] = value > encoder.thermometer.thresholds[bit] ? 1 : 0;
  }
}

}  // namespace lutgen::train

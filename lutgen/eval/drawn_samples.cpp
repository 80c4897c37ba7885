// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/drawn_samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lutgen/base/rng.hpp"

namespace lutgen::eval {
namespace {

using model::FeatureType;

/// `whole` where the type has it, otherwise the nearest value that it has.
double nearest_value(double whole, FeatureType type) {
  switch (type) {
    case FeatureType::bit: return std::clamp(whole, 0.0, 1.0);
    case FeatureType::u8: return std::clamp(whole, 0.0, 255.0);
    case FeatureType::i8: return std::clamp(whole, -128.0, 127.0);
    case FeatureType::u16: return std::clamp(whole, 0.0, 65535.0);
    case FeatureType::i16: return std::clamp(whole, -32768.0, 32767.0);
    case FeatureType::i32: return std::clamp(whole, -2147483648.0, 2147483520.0);  // the largest that a float holds as well
    case FeatureType::f32: break;
  }
  return whole;
}

/// The smallest value of the type above `threshold`, or the nearest where there is none.
double value_above(double threshold, FeatureType type) {
  if (type == FeatureType::f32) return std::nextafter(static_cast<float>(threshold), std::numeric_limits<float>::max());
  return nearest_value(std::floor(threshold) + 1, type);
}

/// The largest value of the type that is not above `threshold`, or the type's lowest.
double value_below(double threshold, FeatureType type) {
  return type == FeatureType::f32 ? threshold : nearest_value(std::floor(threshold), type);
}

/// The encoder that reads the network's input, or null.
const model::Thermometer* find_encoder(const model::Model& model) {
  for (const model::Layer& layer : model.layers) {
    const auto* encoder = std::get_if<model::Thermometer>(&layer.operation);
    if (encoder != nullptr && layer.sources.front() == model::kNetworkInput) return encoder;
  }
  return nullptr;
}

}  // namespace

data::Dataset draw_samples(const model::Model& model, std::size_t count, std::uint64_t seed) {
  const model::Thermometer* encoder = find_encoder(model);
  const FeatureType type = model.input.type;
  const std::size_t features = model.input.feature_count();
  base::Rng rng(seed);
  data::FloatFeatures values;
  values.reserve(count * features);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t f = 0; f < features; ++f) {
      const bool above = rng.below(2) != 0;
      double value = above ? 1 : 0;
      if (encoder != nullptr) {
        const double threshold = encoder->thresholds[f * encoder->levels + rng.below(encoder->levels)];
        value = above ? value_above(threshold, type) : value_below(threshold, type);
      }
      values.push_back(static_cast<float>(value));
    }
  }
  data::Dataset dataset;
  dataset.name = "drawn";
  dataset.shape = model.input.shape;
  dataset.labels.assign(count, 0);
  dataset.class_count = std::max(model.class_count(), 1u);
  if (type == FeatureType::u8 || type == FeatureType::bit) {
    dataset.features = data::ByteFeatures(values.begin(), values.end());
  } else {
    dataset.features = std::move(values);
  }
  return dataset;
}

}  // namespace lutgen::eval

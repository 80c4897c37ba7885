// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::test {

/// Uniform in [low, high].
inline std::uint32_t pick(base::Rng& rng, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(rng.below(high - low + 1));
}

/// A LUT layer on `sources` bits: random connections (repeats likely), one table in eight constant.
inline model::LutLayer random_luts(base::Rng& rng, std::uint32_t neurons, std::uint32_t fan_in, std::uint32_t sources) {
  model::LutLayer luts;
  luts.neurons = neurons;
  luts.fan_in = fan_in;
  for (std::uint32_t n = 0; n < neurons; ++n) {
    for (std::uint32_t k = 0; k < fan_in; ++k) luts.inputs.push_back(pick(rng, 0, sources - 1));
    const std::uint32_t shape = pick(rng, 0, 7);
    for (std::uint32_t byte = 0; byte < luts.table_bytes(); ++byte) {
      auto bits = static_cast<std::uint8_t>(shape == 0 ? 0 : shape == 1 ? 0xFF : rng.next());
      if (fan_in < 3) bits = static_cast<std::uint8_t>(bits & ((1u << (1u << fan_in)) - 1));
      luts.tables.push_back(bits);
    }
  }
  return luts;
}

/// A threshold layer that gives `outputs` bits, on `sources` bits: neurons without terms, equal bits in one sum, weights
/// of either sign and 0, constant comparisons, and the residual form t, t-m, t+m as well as trees of any thresholds.
inline model::ThresholdLayer random_thresholds(base::Rng& rng, std::uint32_t outputs, std::uint32_t sources) {
  model::ThresholdLayer layer;
  layer.levels = pick(rng, 1, model::kMaxResidualBits);
  while (outputs % layer.levels != 0) --layer.levels;
  layer.neurons = outputs / layer.levels;
  const std::uint32_t shape = pick(rng, 0, 3);  // of the weights: none, 1 and -1, small, of any size
  layer.offsets.push_back(0);
  for (std::uint32_t n = 0; n < layer.neurons; ++n) {
    std::int64_t middle = 0;
    const std::uint32_t terms = pick(rng, 0, 7) == 0 ? 0 : pick(rng, 1, 2 * sources);
    for (std::uint32_t t = 0; t < terms; ++t) {
      layer.inputs.push_back(pick(rng, 0, sources - 1));
      const std::uint32_t range = shape == 1 ? 1 : shape == 2 ? 5 : 1000;
      std::int32_t weight = static_cast<std::int32_t>(pick(rng, 0, 2 * range)) - static_cast<std::int32_t>(range);
      if (shape == 0) weight = 1;
      if (shape != 0) layer.weights.push_back(weight);
      middle += weight;
    }
    layer.offsets.push_back(static_cast<std::uint32_t>(layer.inputs.size()));
    const auto near = [&] { return static_cast<std::int32_t>(middle / 2 + pick(rng, 0, 4)) - 2; };
    const std::int32_t first = near();
    const auto step = static_cast<std::int32_t>(pick(rng, 0, 3));
    layer.thresholds.push_back(pick(rng, 0, 9) == 0 ? 1'000'000 : first);
    for (std::uint32_t i = 1; i < layer.nodes(); ++i) {
      layer.thresholds.push_back(i > 2 ? near() : i == 1 ? first - step : first + step);
    }
  }
  return layer;
}

/// How large random models get.
struct RandomModelLimits {
  std::uint32_t features = 12;
  std::uint32_t table_inputs = 8;
  std::uint32_t classes = 12;
  std::uint32_t group = 9;
};

inline model::Thermometer random_encoder(base::Rng& rng, const model::Input& input) {
  model::Thermometer encoder;
  encoder.features = static_cast<std::uint32_t>(input.feature_count());
  encoder.levels = pick(rng, 1, 3);
  const bool is_byte = input.type == model::FeatureType::u8;
  encoder.stored_type = is_byte ? model::FeatureType::u8 : model::FeatureType::i32;
  for (std::uint32_t i = 0; i < encoder.features * encoder.levels; ++i) {
    const std::uint32_t shape = pick(rng, 0, 5);
    double threshold = is_byte ? pick(rng, 0, 255) : static_cast<double>(pick(rng, 0, 300)) - 150;
    if (shape == 0) threshold = is_byte ? 127 : -1;  // a power of two: one wire
    if (shape == 1) threshold = is_byte ? 255 : -200;
    encoder.thresholds.push_back(threshold);
  }
  return encoder;
}

/// A valid random model: bits, u8 or i8 features; one to four layers of LUTs or thresholds (one may also read the
/// inputs of the layer before); ends in argmax, in scores or in bits.
inline model::Model random_model(std::uint64_t seed, const RandomModelLimits& limits = {}) {
  base::Rng rng(seed);
  model::Model model;
  model.name = "random";
  const std::uint32_t features = pick(rng, 1, limits.features);
  constexpr model::FeatureType kTypes[] = {model::FeatureType::bit, model::FeatureType::u8, model::FeatureType::i8};
  model.input = {{features}, kTypes[pick(rng, 0, 2)]};
  std::uint32_t bits = features;
  std::vector<std::int32_t> source = {model::kNetworkInput};
  const auto add = [&](model::Operation operation) {
    model::Layer layer;
    layer.operation = std::move(operation);
    layer.sources = source;
    model.layers.push_back(std::move(layer));
    source = {static_cast<std::int32_t>(model.layers.size() - 1)};
  };
  if (model.input.type != model::FeatureType::bit) {
    add(random_encoder(rng, model.input));
    bits = static_cast<std::uint32_t>(std::get<model::Thermometer>(model.layers[0].operation).thresholds.size());
  }
  const std::uint32_t groups = pick(rng, 2, limits.classes);
  const std::uint32_t last = groups * pick(rng, 1, limits.group);
  const auto add_bits = [&](std::uint32_t outputs) {
    if (pick(rng, 0, 2) == 0) {
      add(random_thresholds(rng, outputs, bits));
    } else {
      add(random_luts(rng, outputs, pick(rng, 1, limits.table_inputs), bits));
    }
  };
  for (std::uint32_t hidden = pick(rng, 0, 3); hidden > 0; --hidden) {
    const std::uint32_t outputs = pick(rng, 1, 20);
    const std::vector<std::int32_t> before = source;
    add_bits(outputs);
    const bool skips = pick(rng, 0, 2) == 0 && before.size() == 1;
    if (skips) source.insert(source.end(), before.begin(), before.end());
    bits = skips ? bits + outputs : outputs;
  }
  add_bits(last);
  const std::uint32_t end = pick(rng, 0, 5);
  if (end != 0) add(model::GroupSum{groups});
  if (end > 1) add(model::Argmax{});
  return model;
}

/// Random feature values in the range of the type.
inline std::vector<double> random_features(base::Rng& rng, const model::Input& input) {
  std::vector<double> features;
  for (std::uint64_t f = 0; f < input.feature_count(); ++f) {
    switch (input.type) {
      case model::FeatureType::bit: features.push_back(pick(rng, 0, 1)); break;
      case model::FeatureType::u8: features.push_back(pick(rng, 0, 255)); break;
      default: features.push_back(static_cast<double>(pick(rng, 0, 255)) - 128); break;
    }
  }
  return features;
}

}  // namespace lutgen::test

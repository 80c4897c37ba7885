// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/random_model.hpp"

namespace lutgen::test {

/// Threshold neurons whose sums have much in common.
///
/// most_weight  of a term, either sign; 1: all weights are 1 or -1
/// bases        0: every neuron has all inputs with weights of its own; else it has the terms of one of so many sets, as
///              they are or negated, and `own` terms more
struct DenseShape {
  std::uint32_t neurons = 8;
  std::uint32_t inputs = 40;
  std::uint32_t levels = 1;
  std::uint32_t most_weight = 1;
  std::uint32_t bases = 0;
  std::uint32_t own = 8;
};

inline std::int32_t random_weight(base::Rng& rng, std::uint32_t most) {
  const auto weight = static_cast<std::int32_t>(pick(rng, 1, most));
  return rng.below(2) == 0 ? weight : -weight;
}

/// A layer of that shape; thresholds near the middle of each sum.
inline model::ThresholdLayer dense_layer(base::Rng& rng, const DenseShape& shape) {
  model::ThresholdLayer layer;
  layer.neurons = shape.neurons;
  layer.levels = shape.levels;
  layer.offsets.push_back(0);
  std::vector<std::vector<std::int32_t>> bases(shape.bases, std::vector<std::int32_t>(shape.inputs, 0));
  for (auto& base : bases) {
    for (auto& weight : base) weight = rng.below(3) != 0 ? random_weight(rng, shape.most_weight) : 0;
  }
  for (std::uint32_t n = 0; n < shape.neurons; ++n) {
    std::vector<std::int32_t> weights(shape.inputs, 0);
    if (bases.empty()) {
      for (auto& weight : weights) weight = random_weight(rng, shape.most_weight);
    } else {
      weights = bases[rng.below(bases.size())];
      const std::int32_t sign = rng.below(2) == 0 ? 1 : -1;
      for (auto& weight : weights) weight *= sign;
      for (std::uint32_t k = 0; k < shape.own; ++k) weights[rng.below(weights.size())] = random_weight(rng, shape.most_weight);
    }
    std::int32_t middle = 0;
    for (std::uint32_t i = 0; i < shape.inputs; ++i) {
      if (weights[i] == 0) continue;
      layer.inputs.push_back(i);
      layer.weights.push_back(weights[i]);
      middle += weights[i];
    }
    layer.offsets.push_back(static_cast<std::uint32_t>(layer.inputs.size()));
    middle = middle / 2 + static_cast<std::int32_t>(pick(rng, 0, 4)) - 2;
    const auto step = static_cast<std::int32_t>(1 + shape.inputs * shape.most_weight / 16);
    layer.thresholds.push_back(middle);
    for (std::uint32_t node = 1; node < layer.nodes(); ++node) layer.thresholds.push_back(node % 2 != 0 ? middle - step : middle + step);
  }
  return layer;
}

/// A network of such a layer alone, on bits.
inline model::Model dense_model(const DenseShape& shape, std::uint64_t seed) {
  base::Rng rng(seed);
  model::Model model;
  model.name = "dense";
  model.input = {{shape.inputs}, model::FeatureType::bit};
  model.layers.resize(1);
  model.layers[0].operation = dense_layer(rng, shape);
  return model;
}

/// A valid random network with such a layer in it: behind tables or not, and before tables, sums and argmax or not.
inline model::Model random_dense_model(std::uint64_t seed) {
  base::Rng rng(seed);
  DenseShape shape;
  shape.neurons = pick(rng, 2, 10);
  shape.inputs = pick(rng, 24, 80);
  shape.levels = pick(rng, 0, 3) == 0 ? pick(rng, 2, model::kMaxResidualBits) : 1;
  shape.most_weight = pick(rng, 0, 2) != 0 ? 1 : pick(rng, 2, 7);
  shape.bases = pick(rng, 0, 1) == 0 ? 0 : pick(rng, 1, 3);
  shape.own = pick(rng, 0, 12);
  model::Model model;
  model.name = "dense";
  const bool has_tables = pick(rng, 0, 3) == 0;
  model.input = {{has_tables ? pick(rng, 4, 20) : shape.inputs}, model::FeatureType::bit};
  const auto add = [&](model::Operation operation) {
    model::Layer layer;
    layer.operation = std::move(operation);
    model.layers.push_back(std::move(layer));
  };
  if (has_tables) add(random_luts(rng, shape.inputs, pick(rng, 1, 3), static_cast<std::uint32_t>(model.input.feature_count())));
  add(dense_layer(rng, shape));
  const std::uint32_t bits = shape.neurons * shape.levels;
  const std::uint32_t end = pick(rng, 0, 5);
  if (end == 1) add(random_luts(rng, pick(rng, 1, 6), pick(rng, 1, 4), bits));
  if (end == 2) {
    shape.inputs = bits;
    shape.neurons = pick(rng, 2, 10);
    add(dense_layer(rng, shape));
  }
  if (end == 3) {
    add(model::GroupSum{bits});
    add(model::Argmax{});
  }
  return model;
}

}  // namespace lutgen::test

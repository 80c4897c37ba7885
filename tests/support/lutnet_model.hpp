// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::test {

/// How large a LUTNet-like layer is.
struct LutnetShape {
  std::uint32_t neurons = 64;
  std::uint32_t lanes = 576;
  std::uint32_t levels = 1;
};

/// A layer with the statistics of a trained and pruned LUTNet (CIFAR-10, conv6: 256 neurons of 2,304 lanes): 69 of 256
/// neurons have no operator left, 11.3 % of all operators survive; of these 86.8 % are a wire or an inverter of their own
/// lane, 13.2 % one of six functions of the lane and its partner in a random permutation that all neurons share.
///
/// The first layer holds a table for each operator that survived, the second adds them up per neuron and compares with
/// about half of them (LUTNet, arXiv 1904.00938 and 1910.12625, and its public code).
inline model::Model lutnet_model(const LutnetShape& shape, std::uint64_t seed) {
  constexpr std::array<std::uint8_t, 6> kGates = {0b1000, 0b1110, 0b0010, 0b1011, 0b0110, 0b1001};
  base::Rng rng(seed);
  std::vector<std::uint32_t> partner(shape.lanes);
  std::iota(partner.begin(), partner.end(), 0);
  for (std::uint32_t i = shape.lanes; i > 1; --i) std::swap(partner[i - 1], partner[rng.below(i)]);
  model::LutLayer operators;
  operators.fan_in = 2;
  model::ThresholdLayer sums;
  sums.neurons = shape.neurons;
  sums.levels = shape.levels;
  sums.offsets.push_back(0);
  for (std::uint32_t n = 0; n < shape.neurons; ++n) {
    const bool is_dead = rng.below(256) < 69;
    for (std::uint32_t lane = 0; lane < shape.lanes && !is_dead; ++lane) {
      // 11.3 % of all, from the 187 of 256 neurons that are left: 15.5 % of theirs.
      if (rng.below(1000) >= 155) continue;
      const bool is_gate = rng.below(1000) < 132;
      const std::uint8_t literal = rng.below(2) == 0 ? 0b1010 : 0b0101;
      operators.inputs.insert(operators.inputs.end(), {lane, partner[lane]});
      operators.tables.push_back(is_gate ? kGates[rng.below(kGates.size())] : literal);
      sums.inputs.push_back(operators.neurons++);
    }
    const auto terms = static_cast<std::int32_t>(sums.inputs.size() - sums.offsets.back());
    sums.offsets.push_back(static_cast<std::uint32_t>(sums.inputs.size()));
    const std::int32_t middle = terms / 2 + static_cast<std::int32_t>(rng.below(5)) - 2;
    const std::int32_t step = terms / 8;
    sums.thresholds.push_back(middle);
    for (std::uint32_t node = 1; node < sums.nodes(); ++node) {
      sums.thresholds.push_back(node % 2 != 0 ? middle - step : middle + step);
    }
  }
  model::Model model;
  model.name = "lutnet-like";
  model.input = {{shape.lanes}, model::FeatureType::bit};
  model.layers.resize(2);
  model.layers[0].operation = std::move(operators);
  model.layers[1].operation = std::move(sums);
  return model;
}

}  // namespace lutgen::test

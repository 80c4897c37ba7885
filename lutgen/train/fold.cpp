// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/fold.hpp"

#include <algorithm>
#include <cmath>

#include "lutgen/base/result.hpp"

namespace lutgen::train {
namespace {

/// What node i of the search tree compares the normed sum with: the signs on the way to it, times their scales.
double node_value(std::size_t node, std::span<const double> scales) {
  std::vector<bool> way;
  for (; node > 0; node = (node - 1) / 2) way.push_back(node % 2 == 0);
  double value = 0;
  for (std::size_t l = 0; l < way.size(); ++l) value += (way[way.size() - 1 - l] ? 1 : -1) * scales[l];
  return value;
}

}  // namespace

FoldedNeuron fold_neuron(std::span<const std::int32_t> weights, double unit, const Norm& norm, std::span<const double> scales) {
  LUTGEN_CHECK(unit > 0 && norm.deviation > 0);
  FoldedNeuron folded;
  folded.flipped = norm.gain < 0;
  std::int64_t total = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;
  for (const std::int32_t weight : weights) {
    const std::int64_t w = folded.flipped ? -std::int64_t{weight} : weight;
    total += weight;
    (w < 0 ? least : most) += w;
  }
  const std::size_t nodes = (std::size_t{1} << scales.size()) - 1;
  for (std::size_t i = 0; i < nodes; ++i) {
    const double value = node_value(i, scales);
    double bound = 0;
    if (norm.gain == 0) {
      bound = static_cast<double>(norm.bias > value ? least - 1 : most);
    } else {
      const double sum = norm.mean + (value - norm.bias) * norm.deviation / norm.gain;
      bound = (sum / unit + static_cast<double>(total)) / 2;
      bound = std::floor(folded.flipped ? -bound : bound);
    }
    // Beyond the sums that occur all thresholds are alike.
    folded.thresholds.push_back(static_cast<std::int32_t>(std::clamp(bound, static_cast<double>(least - 1), static_cast<double>(most))));
  }
  return folded;
}

}  // namespace lutgen::train

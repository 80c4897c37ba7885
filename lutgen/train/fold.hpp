// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lutgen::train {

/// What batch norm does to one neuron's sum: gain * (sum - mean) / deviation + bias. The gain may be negative or 0.
struct Norm {
  double gain = 1;
  double mean = 0;
  double deviation = 1;
  double bias = 0;
};

/// A neuron as counters and comparators know it: whole numbers only.
///
/// flipped     the terms' weights have to be negated first: the gain is negative
/// thresholds  [2^levels - 1] in heap order (model::ThresholdLayer), for the sum of the weights (negated if flipped) of the
///             terms whose bit is 1
struct FoldedNeuron {
  bool flipped = false;
  std::vector<std::int32_t> thresholds;
};

/// Folds scales and batch norm of a binarised neuron into whole thresholds, without a change of any answer: a whole number is
/// above a real one exactly when it is above its floor. With bits u of the terms, the neuron's sum is unit * sum of c (2u - 1), and
/// its outputs are the residual signs of what batch norm makes of that.
///
/// weights  c of each term, whole
/// unit     above 0
/// scales   [levels] of the residual signs, none negative
/// Cost     O(terms + 2^levels)
[[nodiscard]] FoldedNeuron fold_neuron(std::span<const std::int32_t> weights, double unit, const Norm& norm, std::span<const double> scales);

}  // namespace lutgen::train

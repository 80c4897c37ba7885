// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/fold.hpp"

#include <cmath>

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

/// The outputs by the definition: batch norm, then residual signs.
std::vector<bool> by_definition(double sum, const train::Norm& norm, const std::vector<double>& scales) {
  double rest = norm.gain * (sum - norm.mean) / norm.deviation + norm.bias;
  std::vector<bool> bits;
  for (const double scale : scales) {
    bits.push_back(rest > 0);
    rest -= bits.back() ? scale : -scale;
  }
  return bits;
}

/// The outputs by the thresholds: down the search tree.
std::vector<bool> by_thresholds(std::int32_t sum, const train::FoldedNeuron& neuron, std::size_t levels) {
  std::vector<bool> bits;
  std::size_t node = 0;
  for (std::size_t l = 0; l < levels; ++l) {
    bits.push_back(sum > neuron.thresholds[node]);
    node = 2 * node + (bits.back() ? 2 : 1);
  }
  return bits;
}

}  // namespace

TEST_CASE("folded thresholds answer as batch norm and residual signs do, gains of any sign", "[train][fold][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto real = [&](double limit) { return (2 * rng.unit() - 1) * limit; };
    std::vector<std::int32_t> weights(rng.below(9));
    for (std::int32_t& weight : weights) weight = static_cast<std::int32_t>(rng.below(7)) - 3;
    train::Norm norm{.gain = real(2), .mean = real(4), .deviation = 0.01 + std::abs(real(3)), .bias = real(2)};
    if (rng.below(8) == 0) norm.gain = 0;
    const double unit = 0.001 + std::abs(real(1));
    std::vector<double> scales(1 + rng.below(3));
    for (double& scale : scales) scale = std::abs(real(1));
    const train::FoldedNeuron neuron = train::fold_neuron(weights, unit, norm, scales);
    RC_ASSERT(neuron.thresholds.size() == (std::size_t{1} << scales.size()) - 1);
    RC_ASSERT(neuron.flipped == (norm.gain < 0));
    for (std::uint32_t bits = 0; bits < 1U << weights.size(); ++bits) {
      std::int32_t ones = 0;
      std::int32_t sum = 0;
      for (std::size_t t = 0; t < weights.size(); ++t) {
        const bool bit = (bits >> t & 1) != 0;
        ones += bit ? (neuron.flipped ? -weights[t] : weights[t]) : 0;
        sum += bit ? weights[t] : -weights[t];
      }
      RC_ASSERT(by_thresholds(ones, neuron, scales.size()) == by_definition(unit * sum, norm, scales));
    }
  });
}

TEST_CASE("thresholds far beyond all sums are kept within them", "[train][fold]") {
  const std::vector<std::int32_t> weights = {2, -1};
  const std::vector<double> scales = {0.5};
  // Never, always; and a gain of 0, whose bias decides.
  CHECK(train::fold_neuron(weights, 1, {.gain = 1e-12, .mean = 0, .deviation = 1, .bias = -5}, scales).thresholds[0] == 2);
  CHECK(train::fold_neuron(weights, 1, {.gain = 1e-12, .mean = 0, .deviation = 1, .bias = 5}, scales).thresholds[0] == -2);
  CHECK(train::fold_neuron(weights, 1, {.gain = 0, .mean = 0, .deviation = 1, .bias = 5}, scales).thresholds[0] == -2);
}

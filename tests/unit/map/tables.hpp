// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::test {

/// Every entry drawn.
inline truth::TruthTable random_table(int inputs, base::Rng& rng) {
  truth::TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, rng.below(2) == 1);
  return table;
}

/// A neuron: the inputs with weights of -7 to 7, not 0, exceed about half of the weights' sum.
inline truth::TruthTable weighted_table(int inputs, base::Rng& rng) {
  std::vector<std::int64_t> weights;
  for (int k = 0; k < inputs; ++k) {
    const auto magnitude = 1 + static_cast<std::int64_t>(rng.below(7));
    weights.push_back(rng.below(2) == 0 ? magnitude : -magnitude);
  }
  const std::int64_t limit = std::accumulate(weights.begin(), weights.end(), std::int64_t{0}) / 2;
  truth::TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) sum += ((a >> k) & 1) != 0 ? weights[k] : 0;
    table.set_bit(a, sum > limit);
  }
  return table;
}

/// A random function of one random function of `bound` inputs and of the others, which stand in any order.
inline truth::TruthTable composed_table(int inputs, int bound, base::Rng& rng) {
  const truth::TruthTable inner = random_table(bound, rng);
  const truth::TruthTable outer = random_table(inputs - bound + 1, rng);
  std::vector<std::uint32_t> order(static_cast<std::size_t>(inputs));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  truth::TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    std::uint32_t shuffled = 0;
    for (std::size_t k = 0; k < order.size(); ++k) shuffled |= ((a >> order[k]) & 1) << k;
    const bool middle = inner.bit(shuffled & ((1u << bound) - 1));
    table.set_bit(a, outer.bit((shuffled >> bound) << 1 | (middle ? 1 : 0)));
  }
  return table;
}

}  // namespace lutgen::test

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/weighted_sum.hpp"

#include <algorithm>
#include <cstdlib>

namespace lutgen::map {

void add_weighted(Builder& builder, WeightedColumns& sum, NetId net, std::int64_t weight) {
  const NetId positive = weight < 0 ? builder.inverse(net) : net;
  if (weight < 0) sum.minimum += weight;
  auto magnitude = static_cast<std::uint64_t>(std::abs(weight));
  for (std::size_t w = 0; magnitude != 0; ++w, magnitude >>= 1) {
    if (w == sum.columns.size()) sum.columns.emplace_back();
    if ((magnitude & 1) != 0) sum.columns[w].push_back(positive);
  }
}

WeightedColumns to_columns(Builder& builder, const logic::Graph& graph, logic::SumId sum,
                           std::span<const NetId> nets) {
  WeightedColumns result{{}, graph.sum(sum).constant};
  for (const logic::Term& term : graph.terms(sum)) add_weighted(builder, result, nets[logic::index_of(term.bit)], term.weight);
  return result;
}

std::vector<Literal> find_binary_number(const logic::Graph& graph, logic::SumId sum, std::span<const NetId> nets) {
  std::vector<logic::Term> terms(graph.terms(sum).begin(), graph.terms(sum).end());
  std::stable_sort(terms.begin(), terms.end(), [](const logic::Term& a, const logic::Term& b) {
    return std::abs(a.weight) < std::abs(b.weight);
  });
  std::vector<Literal> digits;
  for (const logic::Term& term : terms) {
    const auto magnitude = static_cast<std::uint64_t>(std::abs(term.weight));
    if (magnitude != std::uint64_t{1} << digits.size()) return {};
    digits.push_back({nets[logic::index_of(term.bit)], term.weight < 0});
  }
  return digits;
}

}  // namespace lutgen::map

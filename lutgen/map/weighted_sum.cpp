// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/weighted_sum.hpp"

#include <algorithm>
#include <cstdlib>

namespace lutgen::map {

WeightedColumns to_columns(Builder& builder, const logic::Graph& graph, logic::SumId sum,
                           std::span<const NetId> nets) {
  WeightedColumns result{{}, graph.sum(sum).minimum};
  for (const logic::Term& term : graph.terms(sum)) {
    const NetId net = nets[logic::index_of(term.bit)];
    const NetId positive = term.weight < 0 ? builder.inverse(net) : net;
    auto magnitude = static_cast<std::uint64_t>(std::abs(term.weight));
    for (std::size_t w = 0; magnitude != 0; ++w, magnitude >>= 1) {
      if (w == result.columns.size()) result.columns.emplace_back();
      if ((magnitude & 1) != 0) result.columns[w].push_back(positive);
    }
  }
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

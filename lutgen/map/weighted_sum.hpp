// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "lutgen/logic/graph.hpp"
#include "lutgen/map/compare.hpp"
#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// A sum brought to columns: its value is minimum + 2^w for every 1 in columns[w].
struct WeightedColumns {
  Columns columns;
  std::int64_t minimum = 0;
};

/// Adds weight * net to `sum`: the net goes into a column for each 1 of the weight, its complement where that is negative.
void add_weighted(Builder& builder, WeightedColumns& sum, NetId net, std::int64_t weight);

/// Brings a sum of weighted bits to columns of plain bits. A negative weight is a positive one of the complement,
/// w*b = w + |w|*(1 - b); the complements are Builder::inverse, so that LUTs that count them take the inverter in. A
/// weight of several ones puts its bit into several columns. The minimum is the sum's own.
///
/// nets  [graph.bit_count()]: the net of each bit of the graph
/// Cost  O(terms * bits of their weights)
[[nodiscard]] WeightedColumns to_columns(Builder& builder, const logic::Graph& graph, logic::SumId sum,
                                         std::span<const NetId> nets);

/// The digits of a sum, least significant first, when it is its minimum plus a plain binary number: weights of
/// magnitude 1, 2, 4, ... in any order. Empty for every other sum.
[[nodiscard]] std::vector<Literal> find_binary_number(const logic::Graph& graph, logic::SumId sum,
                                                      std::span<const NetId> nets);

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "lutgen/logic/graph.hpp"
#include "lutgen/logic/lower.hpp"

namespace lutgen::optimize {

/// A bit of a graph, or its complement.
///
/// bit  logic::kNoBit: no bit of the graph holds the value
struct Literal {
  logic::BitId bit = logic::kNoBit;
  bool inverted = false;

  friend bool operator==(const Literal&, const Literal&) = default;
  /// Whether a bit holds the value. O(1).
  [[nodiscard]] bool is_held() const { return bit != logic::kNoBit; }
};

/// How the values of one graph are found in another, for every value of the inputs, which both have.
///
/// bits  [bits of the old graph]: where its value is in the new one
/// sums  [sums of the old graph]: the sum of the new one with the same value; logic::kNoSum: none
struct Relation {
  std::vector<Literal> bits;
  std::vector<logic::SumId> sums;
};

/// For an old table: bits of the new graph, at most 16, as whose functions the table and its literal can be compared.
using Cuts = std::map<logic::BitId, std::vector<logic::BitId>>;

/// What one pass made of a graph.
///
/// graph     computes the same outputs from the same inputs
/// relation  from the graph that it was made of
/// changes   what the pass changed; 0: nothing, another run would not either
/// cuts      of the tables for which what they read does not show it; a hint to the check, which believes nothing of it
struct Step {
  logic::Graph graph;
  Relation relation;
  std::uint64_t changes = 0;
  Cuts cuts;
};

/// The relation of two steps one after the other. O(bits + sums).
[[nodiscard]] Relation chain(const Relation& first, const Relation& second);

}  // namespace lutgen::optimize

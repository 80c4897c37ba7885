// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "lutgen/prove/gates.hpp"
#include "lutgen/prove/solver.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::prove {

/// One summand of a specification: weight * node.
struct WeightedNode {
  NodeId node = NodeId::zero;
  std::int64_t weight = 1;
};

/// The complement of a node.
[[nodiscard]] NodeId add_not(Gates& gates, NodeId node);
/// 1 where two nodes differ.
[[nodiscard]] NodeId add_difference(Gates& gates, NodeId a, NodeId b);
/// select ? one : zero.
[[nodiscard]] NodeId add_choice(Gates& gates, NodeId select, NodeId zero, NodeId one);

/// A table of any fan-in as gates (the top inputs become selects). nodes[k] is input k. O(2^fan-in).
[[nodiscard]] NodeId add_table(Gates& gates, const truth::TruthTable& table, std::span<const NodeId> nodes);

/// The specification of a comparison: sum(weight * node in `terms`) > constant, as a decision diagram, largest
/// weights first. For weights that are powers of two, each once or twice, O(terms); it shares nothing with the
/// mapper's chains of tables.
[[nodiscard]] NodeId add_exceeds(Gates& gates, std::vector<WeightedNode> terms, std::int64_t constant);

/// Nodes as clauses of a solver, each node once, with all gates in front of it down to inputs and cut nodes.
class Encoder {
 public:
  Encoder(const Gates& gates, Solver& solver) : gates_(gates), solver_(solver) {}

  /// From here on `node` is a free variable, whatever drives it.
  void cut(NodeId node);
  /// The literal of a node. O(2^fan-ins) clauses a gate that is new.
  Literal literal(NodeId node);
  /// Whether the node already has a literal.
  [[nodiscard]] bool has(NodeId node) const { return literals_.contains(index_of(node)); }
  /// Gates encoded so far.
  [[nodiscard]] std::size_t gate_count() const { return gate_count_; }

 private:
  void add_gate_clauses(NodeId node);

  const Gates& gates_;
  Solver& solver_;
  std::unordered_map<std::uint32_t, Literal> literals_;  // looked up, never iterated
  std::size_t gate_count_ = 0;
};

}  // namespace lutgen::prove

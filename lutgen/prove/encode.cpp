// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/encode.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "lutgen/base/result.hpp"

namespace lutgen::prove {
namespace {

/// The terms of a comparison, largest first, all weights positive, and what is known of them.
class Comparison {
 public:
  Comparison(Gates& gates, std::vector<WeightedNode> terms) : gates_(gates), terms_(std::move(terms)) {
    std::stable_sort(terms_.begin(), terms_.end(), [](const auto& a, const auto& b) { return a.weight > b.weight; });
    rest_.resize(terms_.size() + 1, 0);
    for (std::size_t i = terms_.size(); i-- > 0;) rest_[i] = rest_[i + 1] + terms_[i].weight;
  }

  /// The terms from `first` on add up to more than `limit`.
  NodeId exceeds(std::size_t first, std::int64_t limit) {
    if (limit < 0) return NodeId::one;
    if (limit >= rest_[first]) return NodeId::zero;
    const auto [found, is_new] = known_.try_emplace({first, limit}, NodeId::zero);
    if (!is_new) return found->second;
    const NodeId without = exceeds(first + 1, limit);
    const NodeId with = exceeds(first + 1, limit - terms_[first].weight);
    const NodeId node = add_choice(gates_, terms_[first].node, without, with);
    known_[{first, limit}] = node;
    return node;
  }

 private:
  Gates& gates_;
  std::vector<WeightedNode> terms_;
  std::vector<std::int64_t> rest_;
  std::map<std::pair<std::size_t, std::int64_t>, NodeId> known_;
};

}  // namespace

NodeId add_not(Gates& gates, NodeId node) { return gates.add_gate(0b01, std::array{node}); }

NodeId add_difference(Gates& gates, NodeId a, NodeId b) { return gates.add_gate(0b0110, std::array{a, b}); }

NodeId add_choice(Gates& gates, NodeId select, NodeId zero, NodeId one) {
  return gates.add_gate(0b11001010, std::array{zero, one, select});
}

NodeId add_table(Gates& gates, const truth::TruthTable& table, std::span<const NodeId> nodes) {
  LUTGEN_CHECK(nodes.size() == static_cast<std::size_t>(table.inputs()));
  if (nodes.size() <= kGateInputs) return gates.add_gate(table.word(), nodes);
  const int top = table.inputs() - 1;
  const NodeId zero = add_table(gates, table.cofactor(top, false), nodes.first(nodes.size() - 1));
  const NodeId one = add_table(gates, table.cofactor(top, true), nodes.first(nodes.size() - 1));
  return add_choice(gates, nodes.back(), zero, one);
}

NodeId add_exceeds(Gates& gates, std::vector<WeightedNode> terms, std::int64_t constant) {
  for (WeightedNode& term : terms) {
    if (term.weight >= 0) continue;
    // -w * x = w * (1 - x) - w.
    constant -= term.weight;
    term = {add_not(gates, term.node), -term.weight};
  }
  std::erase_if(terms, [](const WeightedNode& term) { return term.weight == 0; });
  return Comparison(gates, std::move(terms)).exceeds(0, constant);
}

void Encoder::cut(NodeId node) {
  if (!gates_.is_constant(node) && !has(node)) literals_.emplace(index_of(node), solver_.add_variable());
}

Literal Encoder::literal(NodeId node) {
  if (gates_.is_constant(node)) return node == NodeId::one ? solver_.true_literal() : -solver_.true_literal();
  // Fan-ins first; a stack instead of recursion, for deep cones.
  std::vector<NodeId> stack{node};
  while (!stack.empty()) {
    const NodeId id = stack.back();
    if (has(id)) {
      stack.pop_back();
      continue;
    }
    const std::size_t before = stack.size();
    for (const NodeId fanin : gates_.fanins(id)) {
      if (!has(fanin)) stack.push_back(fanin);
    }
    if (stack.size() != before) continue;
    literals_.emplace(index_of(id), solver_.add_variable());
    if (!gates_.is_input(id)) add_gate_clauses(id);
    stack.pop_back();
  }
  return literals_.at(index_of(node));
}

/// A clause an entry of the table, made shorter by every fan-in that the entry does not need.
void Encoder::add_gate_clauses(NodeId node) {
  ++gate_count_;
  const auto fanins = gates_.fanins(node);
  const std::uint64_t table = gates_.gate(node).table;
  const auto bit = [&](std::uint32_t a) { return (table >> a & 1) != 0; };
  const std::uint32_t all = (1u << fanins.size()) - 1;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> cubes;  // address and the fan-ins that it cares for
  for (std::uint32_t a = 0; a <= all; ++a) {
    const auto covers = [&](const auto& cube) { return ((a ^ cube.first) & cube.second) == 0; };
    if (std::any_of(cubes.begin(), cubes.end(), covers)) continue;
    std::uint32_t care = all;
    for (std::size_t k = 0; k < fanins.size(); ++k) {
      const std::uint32_t smaller = care & ~(1u << k);
      bool same = true;
      for (std::uint32_t other = 0; other <= all && same; ++other) {
        same = ((other ^ a) & smaller) != 0 || bit(other) == bit(a);
      }
      if (same) care = smaller;
    }
    cubes.emplace_back(a, care);
  }
  const Literal output = literals_.at(index_of(node));
  for (const auto& [address, care] : cubes) {
    std::vector<Literal> clause{bit(address) ? output : -output};
    for (std::size_t k = 0; k < fanins.size(); ++k) {
      if ((care >> k & 1) == 0) continue;
      const Literal fanin = literals_.at(index_of(fanins[k]));
      clause.push_back((address >> k & 1) != 0 ? -fanin : fanin);
    }
    solver_.add_clause(clause);
  }
}

}  // namespace lutgen::prove

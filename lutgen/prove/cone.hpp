// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "lutgen/prove/gates.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::prove {

/// Leaves up to which all values are tried.
inline constexpr std::size_t kExhaustiveLeaves = 14;

/// The gates between some nodes and the leaves in front of them, and their values for all values of the leaves.
class Cone {
 public:
  explicit Cone(const Gates& gates) : gates_(gates) {}

  /// Finds the gates from `roots` back to `leaves`. An input of the graph that is reached and is no leaf becomes one; a
  /// leaf that is a gate on other leaves is no leaf.
  /// Gives false when there are more than kExhaustiveLeaves leaves then, or too many gates. O(gates found).
  [[nodiscard]] bool collect(std::span<const NodeId> roots, std::span<const NodeId> leaves);

  /// The leaves, constants and repeated ones left out; leaf k is bit k of an assignment.
  [[nodiscard]] std::span<const NodeId> leaves() const { return leaves_; }
  /// Assignments are tried 64 at a time: words of them, at least 1.
  [[nodiscard]] std::uint32_t word_count() const;
  /// Computes all values for assignments 64*word to 64*word + 63.
  void evaluate(std::uint32_t word);
  /// The value of a root, leaf or constant after `evaluate`; bit s is assignment 64*word + s.
  [[nodiscard]] std::uint64_t value(NodeId id) const { return values_[index_of(id)]; }

 private:
  bool visit(NodeId root);

  const Gates& gates_;
  std::vector<NodeId> leaves_;
  std::vector<NodeId> inner_;
  std::vector<NodeId> stack_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint32_t> seen_;  // == round_: met in this collect
  std::uint32_t round_ = 0;
};

}  // namespace lutgen::prove

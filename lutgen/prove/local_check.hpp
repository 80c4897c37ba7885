// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lutgen/prove/cone.hpp"
#include "lutgen/prove/encode.hpp"

namespace lutgen::prove {

/// How a local claim was decided.
enum class Shown : std::uint8_t { structure, exhaustive, sat, failed };

/// An equation between nodes (map::SumClaim):
///
///     sum(inputs) + constant = sum(outputs) + sum(w * d for w in dropped), each d its own bit
struct Equation {
  std::vector<WeightedNode> inputs;
  std::int64_t constant = 0;
  std::vector<WeightedNode> outputs;
  std::vector<std::int64_t> dropped;
};

/// Values of the features port that make a claim fail, found by SAT: [features bits], -1 where any value does.
using InputPattern = std::vector<std::int8_t>;

/// Limits of the SAT calls on single claims.
///
/// conflicts  of one call
/// calls      after so many claims that failed on all inputs, others that fail locally are given up
struct LocalLimits {
  std::uint64_t conflicts = 20000;
  std::size_t calls = 32;
};

/// Decides claims on small cones: by structure, by trying all values of the leaves, by SAT.
class LocalChecker {
 public:
  /// features  nodes of the features port; names: [nodes], for texts; may be shorter
  LocalChecker(Gates& gates, std::span<const NodeId> features, const LocalLimits& limits)
      : gates_(gates), features_(features), limits_(limits), cone_(gates) {}

  /// Shows that `bad` is 0 for every value of `leaves` (and of whatever else it reads); where it is not, that it is 0
  /// for every input of the netlist.
  Shown check_zero(NodeId bad, std::span<const NodeId> leaves);

  /// Shows that an equation holds for every value of `leaves`, else for every input.
  Shown check_equation(const Equation& equation, std::span<const NodeId> leaves);

  /// Of the last check that failed: values of the leaves with which it does, and the leaves; empty where unknown.
  struct Failure {
    std::vector<NodeId> leaves;
    std::uint32_t assignment = 0;
  };
  [[nodiscard]] const Failure& failure() const { return failure_; }
  /// After a failure: the value of one of the roots (see check_zero, check_equation) or any node of the cone.
  [[nodiscard]] std::optional<bool> value_in_failure(NodeId node);

  /// Inputs that make claims fail, as SAT found them.
  [[nodiscard]] const std::vector<InputPattern>& patterns() const { return patterns_; }
  [[nodiscard]] std::uint64_t conflicts() const { return conflicts_; }

 private:
  Shown check_inputs(NodeId bad);
  Shown check_cut(NodeId bad, std::span<const NodeId> leaves);
  void keep_failure(std::uint32_t word, std::uint64_t failing);

  Gates& gates_;
  std::span<const NodeId> features_;
  LocalLimits limits_;
  Cone cone_;
  Failure failure_;
  std::vector<InputPattern> patterns_;
  std::uint64_t conflicts_ = 0;
  std::size_t calls_ = 0;
};

}  // namespace lutgen::prove

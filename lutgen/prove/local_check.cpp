// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/local_check.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"

namespace lutgen::prove {
namespace {

/// The sums that bits of some weights can have.
class DroppedSums {
 public:
  /// Gives up (is_small() false) where there are too many different ones to list.
  explicit DroppedSums(std::vector<std::int64_t> weights) {
    std::sort(weights.begin(), weights.end());
    for (const std::int64_t weight : weights) {
      // 1, 2, 4, ... and what leaves no gap: every number up to the total.
      is_range_ = is_range_ && weight >= 0 && weight <= total_ + 1;
      total_ += weight;
    }
    if (is_range_) return;
    is_small_ = weights.size() <= kMaxListed;
    for (std::size_t i = 0; is_small_ && i < weights.size(); ++i) {
      const std::size_t count = sums_.size();
      for (std::size_t s = 0; s < count; ++s) sums_.push_back(sums_[s] + weights[i]);
      std::sort(sums_.begin(), sums_.end());
      sums_.erase(std::unique(sums_.begin(), sums_.end()), sums_.end());
    }
  }

  [[nodiscard]] bool is_small() const { return is_small_; }
  [[nodiscard]] bool has(std::int64_t value) const {
    return is_range_ ? value >= 0 && value <= total_ : std::binary_search(sums_.begin(), sums_.end(), value);
  }

 private:
  static constexpr std::size_t kMaxListed = 12;

  bool is_range_ = true;
  bool is_small_ = true;
  std::int64_t total_ = 0;
  std::vector<std::int64_t> sums_{0};
};

/// The samples of a word for which an equation holds for no value of its dropped bits.
std::uint64_t failing_samples(const Equation& equation, const Cone& cone, const DroppedSums& allowed) {
  std::array<std::int64_t, 64> rest;
  rest.fill(equation.constant);
  const auto add = [&](const WeightedNode& term, std::int64_t sign) {
    const std::uint64_t value = cone.value(term.node);
    for (unsigned s = 0; s < 64; ++s) rest[s] += sign * term.weight * static_cast<std::int64_t>(value >> s & 1);
  };
  for (const WeightedNode& term : equation.inputs) add(term, 1);
  for (const WeightedNode& term : equation.outputs) add(term, -1);
  std::uint64_t failing = 0;
  for (unsigned s = 0; s < 64; ++s) {
    failing |= std::uint64_t{!allowed.has(rest[s])} << s;
  }
  return failing;
}

}  // namespace

void LocalChecker::keep_failure(std::uint32_t word, std::uint64_t failing) {
  failure_.leaves.assign(cone_.leaves().begin(), cone_.leaves().end());
  failure_.assignment = word * 64 + static_cast<std::uint32_t>(std::countr_zero(failing));
}

std::optional<bool> LocalChecker::value_in_failure(NodeId node) {
  if (failure_.leaves.empty() || !cone_.collect(std::array{node}, failure_.leaves)) return std::nullopt;
  if (cone_.leaves().size() != failure_.leaves.size()) return std::nullopt;
  cone_.evaluate(failure_.assignment / 64);
  return (cone_.value(node) >> (failure_.assignment % 64) & 1) != 0;
}

Shown LocalChecker::check_zero(NodeId bad, std::span<const NodeId> leaves) {
  failure_ = {};
  if (bad == NodeId::zero) return Shown::structure;
  if (!cone_.collect(std::array{bad}, leaves)) return check_cut(bad, leaves);
  for (std::uint32_t word = 0; word < cone_.word_count(); ++word) {
    cone_.evaluate(word);
    if (const std::uint64_t failing = cone_.value(bad); failing != 0) {
      keep_failure(word, failing);
      return check_inputs(bad);
    }
  }
  return Shown::exhaustive;
}

Shown LocalChecker::check_equation(const Equation& equation, std::span<const NodeId> leaves) {
  failure_ = {};
  const DroppedSums allowed(equation.dropped);
  if (!allowed.is_small()) return Shown::failed;
  std::vector<NodeId> roots;
  for (const auto* terms : {&equation.inputs, &equation.outputs}) {
    for (const WeightedNode& term : *terms) roots.push_back(term.node);
  }
  if (!cone_.collect(roots, leaves)) return Shown::failed;
  const int count = static_cast<int>(cone_.leaves().size());
  truth::TruthTable failures(count);
  for (std::uint32_t word = 0; word < cone_.word_count(); ++word) {
    cone_.evaluate(word);
    const std::uint64_t failing = failing_samples(equation, cone_, allowed);
    if (failing == 0) continue;
    if (failure_.leaves.empty()) keep_failure(word, failing);
    for (std::uint32_t s = 0; s < 64 && word * 64 + s < failures.entries(); ++s) {
      failures.set_bit(word * 64 + s, (failing >> s & 1) != 0);
    }
  }
  if (failures.constant_value() == 0) return Shown::exhaustive;
  return check_inputs(add_table(gates_, failures, failure_.leaves));
}

Shown LocalChecker::check_cut(NodeId bad, std::span<const NodeId> leaves) {
  Solver solver;
  Encoder encoder(gates_, solver);
  for (const NodeId leaf : leaves) encoder.cut(leaf);
  solver.add_clause(std::array{encoder.literal(bad)});
  const SatAnswer answer = solver.solve(limits_.conflicts);
  conflicts_ += solver.conflicts();
  return answer == SatAnswer::unsatisfiable ? Shown::sat : check_inputs(bad);
}

Shown LocalChecker::check_inputs(NodeId bad) {
  if (calls_ >= limits_.calls) return Shown::failed;
  Solver solver;
  Encoder encoder(gates_, solver);
  solver.add_clause(std::array{encoder.literal(bad)});
  const SatAnswer answer = solver.solve(limits_.conflicts);
  conflicts_ += solver.conflicts();
  if (answer == SatAnswer::unsatisfiable) return Shown::sat;
  ++calls_;
  if (answer == SatAnswer::satisfiable) {
    InputPattern pattern(features_.size(), -1);
    for (std::size_t i = 0; i < features_.size(); ++i) {
      if (encoder.has(features_[i])) pattern[i] = solver.value(encoder.literal(features_[i])) ? 1 : 0;
    }
    patterns_.push_back(std::move(pattern));
  }
  return Shown::failed;
}

}  // namespace lutgen::prove

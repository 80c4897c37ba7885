// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "lutgen/optimize/step.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::optimize {

/// A function of bits: `fanins[k]` is input k of the table.
struct Function {
  truth::TruthTable table;
  std::vector<logic::BitId> fanins;
};

/// constant + sum of weight * bit.
struct Linear {
  std::vector<logic::Term> terms;
  std::int64_t constant = 0;
};

/// Drops fan-ins that do not matter, ties equal ones together, fixes constants; exact. Cost: truth::simplify.
[[nodiscard]] Function simplify(const Function& function);

/// Adds up the terms of each bit and drops those of weight 0; the terms that are left stand by rising bit. O(n log n).
void combine_terms(Linear& linear);

/// Builds the graph after a pass: the old one is walked in the order of its bits, and each live bit is copied or related to
/// a literal of the new graph. Bits that no output depends on are left out.
///
/// A literal that is inverted goes into whatever reads it: a table counts that input the other way round, a sum takes
/// w*(1 - x) = w - w*x. Only an output of the network gets an inverter, a table of one input, of its own.
class Rewriter {
 public:
  /// `old` must outlive the rewriter. Copies its inputs.
  explicit Rewriter(const logic::Graph& old);

  [[nodiscard]] const logic::Graph& old() const { return old_; }
  [[nodiscard]] logic::Graph& graph() { return step_.graph; }
  [[nodiscard]] const logic::Graph& graph() const { return step_.graph; }

  /// Calls `body(id)` for every live bit of the old graph that is a table or a comparison, in order; `body` relates it.
  void for_each_bit(const std::function<void(logic::BitId)>& body);

  /// Where an old bit's value is in the new graph. O(1).
  [[nodiscard]] Literal at(logic::BitId old) const { return step_.relation.bits[logic::index_of(old)]; }
  /// Says so.
  void relate(logic::BitId old, Literal literal) { step_.relation.bits[logic::index_of(old)] = literal; }

  /// The function of an old table over bits of the new graph.
  [[nodiscard]] Function function_of(logic::BitId old) const;
  /// The value of an old sum over bits of the new graph.
  [[nodiscard]] Linear linear_of(logic::SumId old) const;

  /// The old sum in the new graph, copied at the first call, through `change` where it is given (it must keep the value).
  logic::SumId copy_sum(logic::SumId old);
  /// What `copy_sum` and `finish` do to sums.
  void set_sum_rule(std::function<void(Linear&)> rule) { rule_ = std::move(rule); }

  /// A table or comparison like the old one, and relates it.
  void copy(logic::BitId old);
  /// A new table in the place of the old bit, and relates it.
  void replace(logic::BitId old, const Function& function, bool inverted = false);

  /// Says on which bits of the new graph an old table is to be shown (Step::cuts).
  void show_on(logic::BitId old, std::vector<logic::BitId> cut) { step_.cuts[old] = std::move(cut); }
  /// The old bit's value is not held: what stands in its place differs where nothing sees it.
  void disown(logic::BitId old) { disowned_.push_back(old); }

  /// Notes a change.
  void count_change(std::uint64_t changes = 1) { step_.changes += changes; }

  /// Copies the outputs and gives the step.
  [[nodiscard]] Step finish();

 private:
  /// The inverter of a bit of the new graph for an output, made once.
  logic::BitId invert(logic::BitId made, logic::Origin origin);

  const logic::Graph& old_;
  std::function<void(Linear&)> rule_;
  std::vector<bool> live_;
  std::map<logic::BitId, logic::BitId> inverters_;  // of outputs
  std::vector<logic::BitId> disowned_;
  Step step_;
};

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::Term;

/// Takes the constant bits and the weights of 0 out of a sum.
void fold(Linear& linear) {
  std::erase_if(linear.terms, [&](const Term& term) {
    if (term.bit == BitId::one) linear.constant += term.weight;
    return term.bit == BitId::one || term.bit == BitId::zero || term.weight == 0;
  });
}

Literal constant(bool value) { return {value ? BitId::one : BitId::zero, false}; }

/// -1 where the bounds do not decide `linear > limit`.
int decided_value(const Linear& linear, std::int64_t limit) {
  std::int64_t lowest = linear.constant;
  std::int64_t highest = linear.constant;
  for (const Term& term : linear.terms) (term.weight < 0 ? lowest : highest) += term.weight;
  return lowest > limit ? 1 : highest <= limit ? 0 : -1;
}

}  // namespace

Step fold_constants(const logic::Graph& graph) {
  Rewriter rewriter(graph);
  rewriter.set_sum_rule([&](Linear& linear) {
    const std::size_t before = linear.terms.size();
    fold(linear);
    rewriter.count_change(before - linear.terms.size());
  });
  rewriter.for_each_bit([&](BitId id) {
    if (graph.kind(id) == BitKind::lut) {
      const Function function = rewriter.function_of(id);
      const Function simple = simplify(function);
      rewriter.count_change(function.fanins.size() - simple.fanins.size());
      if (simple.fanins.empty()) return rewriter.relate(id, constant(simple.table.bit(0)));
      return rewriter.replace(id, simple);
    }
    Linear linear = rewriter.linear_of(graph.compared_sum(id));
    fold(linear);
    const int value = decided_value(linear, graph.compared_constant(id));
    if (value < 0) return rewriter.copy(id);
    rewriter.count_change();
    rewriter.relate(id, constant(value == 1));
  });
  return rewriter.finish();
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {

Step combine_sums(const logic::Graph& graph) {
  Rewriter rewriter(graph);
  rewriter.set_sum_rule([&](Linear& linear) {
    Linear combined = linear;
    combine_terms(combined);
    const std::size_t removed = linear.terms.size() - combined.terms.size();
    if (removed == 0) return;
    rewriter.count_change(removed);
    linear = std::move(combined);
  });
  rewriter.for_each_bit([&](logic::BitId id) { rewriter.copy(id); });
  return rewriter.finish();
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::SumId;
using logic::Term;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// `sum of terms > limit`. With y = 1 - x for each negative weight, all weights are positive: the limit is then
/// `limit - lowest`, lowest being the sum of the negative weights.
struct Inequality {
  std::vector<Term> terms;
  std::int64_t limit = 0;

  [[nodiscard]] std::int64_t lowest() const {
    std::int64_t sum = 0;
    for (const Term& term : terms) sum += std::min<std::int64_t>(term.weight, 0);
    return sum;
  }
};

/// Divides the common divisor of the weights out; nothing else changes. g*s > c is s > floor(c / g).
Inequality divide(const Inequality& original) {
  std::int64_t divisor = 0;
  for (const Term& term : original.terms) divisor = std::gcd(divisor, term.weight);
  Inequality result = original;
  if (divisor <= 1) return result;
  for (Term& term : result.terms) term.weight /= divisor;
  result.limit = floor_divide(original.limit, divisor);
  return result;
}

/// Leaves out as many of the smallest terms as never decide, and divides. With positive weights: the others are g*B, those that
/// are left out 0..L; if floor(c / g) = floor((c - L) / g) = q, then g*B + l > c is B > q for each l in 0..L.
Inequality drop_small(const Inequality& original) {
  if (original.terms.empty()) return original;
  std::vector<Term> terms = original.terms;
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return std::abs(a.weight) < std::abs(b.weight); });
  std::vector<std::int64_t> divisor(terms.size() + 1, 0);  // of the terms from here on
  for (std::size_t i = terms.size(); i-- > 0;) divisor[i] = std::gcd(divisor[i + 1], terms[i].weight);
  const std::int64_t limit = original.limit - original.lowest();
  std::size_t dropped = 0;
  std::int64_t range = 0;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) {
    range += std::abs(terms[i].weight);
    if (floor_divide(limit, divisor[i + 1]) == floor_divide(limit - range, divisor[i + 1])) dropped = i + 1;
  }
  const std::int64_t smallest_kept = std::abs(terms[dropped].weight);
  const std::int64_t common = divisor[dropped];
  Inequality result;
  std::size_t ties = 0;  // equal weights: those that stand first in `terms` went
  for (std::size_t i = 0; i < dropped; ++i) ties += std::abs(terms[i].weight) == smallest_kept ? 1 : 0;
  for (const Term& term : original.terms) {
    const std::int64_t magnitude = std::abs(term.weight);
    if (magnitude < smallest_kept || (magnitude == smallest_kept && ties > 0 && ties-- > 0)) continue;
    result.terms.push_back({term.bit, term.weight / common});
  }
  result.limit = floor_divide(limit, common) + result.lowest();
  return result;
}

/// The inequality as a table of its bits.
Function tabulate(const Inequality& inequality) {
  Function function{truth::TruthTable(static_cast<int>(inequality.terms.size())), {}};
  for (const Term& term : inequality.terms) function.fanins.push_back(term.bit);
  for (std::uint32_t a = 0; a < function.table.entries(); ++a) {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < inequality.terms.size(); ++k) sum += ((a >> k) & 1) != 0 ? inequality.terms[k].weight : 0;
    function.table.set_bit(a, sum > inequality.limit);
  }
  return function;
}

/// Whether the weights' magnitudes are 1, 2, 4, ... in some order.
bool is_binary_number(const Inequality& inequality) {
  std::vector<std::int64_t> magnitudes;
  for (const Term& term : inequality.terms) magnitudes.push_back(std::abs(term.weight));
  std::sort(magnitudes.begin(), magnitudes.end());
  for (std::size_t i = 0; i < magnitudes.size(); ++i) {
    if (magnitudes[i] != std::int64_t{1} << i) return false;
  }
  return true;
}

class Simplifying {
 public:
  Simplifying(const logic::Graph& graph, int lut_inputs, int table_inputs)
      : graph_(graph), rewriter_(graph), lut_inputs_(static_cast<std::size_t>(lut_inputs)),
        table_inputs_(static_cast<std::size_t>(table_inputs)),
        compares_(graph.sum_count(), 0), sums_(graph.sum_count(), logic::kNoSum) {
    rewriter_.for_each_bit([&](BitId id) {
      if (graph.kind(id) == BitKind::compare) ++compares_[logic::index_of(graph.compared_sum(id))];
    });
  }

  Step run() {
    rewriter_.for_each_bit([&](BitId id) { graph_.kind(id) == BitKind::lut ? rewriter_.copy(id) : simplify(id); });
    return rewriter_.finish();
  }

 private:
  void simplify(BitId id) {
    const SumId old = graph_.compared_sum(id);
    Linear linear = rewriter_.linear_of(old);
    const std::size_t terms_before = linear.terms.size();
    combine_terms(linear);
    const Inequality original{linear.terms, graph_.compared_constant(id) - linear.constant};
    const Inequality small = drop_small(original);
    const bool alone = compares_[logic::index_of(old)] == 1;
    const std::size_t most = alone ? table_inputs_ : std::min(table_inputs_, lut_inputs_ + 2);
    if (small.terms.size() <= (is_binary_number(small) ? lut_inputs_ : most)) {
      rewriter_.count_change();
      return rewriter_.replace(id, tabulate(small));
    }
    const Inequality result = alone ? small : divide(original);
    SumId& sum = sums_[logic::index_of(old)];
    if (sum == logic::kNoSum) {
      sum = rewriter_.graph().add_sum(result.terms, 0, graph_.sum(old).origin);
      const bool same = result.terms.size() == terms_before && linear.constant == 0 &&
                        (result.terms.empty() || result.terms[0].weight == original.terms[0].weight);
      if (!same) rewriter_.count_change();
    }
    rewriter_.relate(id, {rewriter_.graph().add_compare(sum, result.limit, graph_.origin(id)), false});
  }

  const logic::Graph& graph_;
  Rewriter rewriter_;
  std::size_t lut_inputs_;
  std::size_t table_inputs_;
  std::vector<std::uint32_t> compares_;  // [old sums]: live comparisons
  std::vector<SumId> sums_;              // [old sums]: the new one that is compared
};

}  // namespace

Step simplify_compares(const logic::Graph& graph, int lut_inputs, int table_inputs) {
  return Simplifying(graph, lut_inputs, table_inputs).run();
}

}  // namespace lutgen::optimize

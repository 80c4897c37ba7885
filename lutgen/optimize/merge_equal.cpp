// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <numeric>

#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::SumId;
using logic::Term;

/// The function with its fan-ins in rising order.
Function sort_fanins(const Function& function) {
  const std::size_t count = function.fanins.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return function.fanins[a] < function.fanins[b]; });
  if (std::is_sorted(order.begin(), order.end())) return function;
  Function sorted{truth::TruthTable(static_cast<int>(count)), {}};
  for (const std::size_t k : order) sorted.fanins.push_back(function.fanins[k]);
  for (std::uint32_t a = 0; a < sorted.table.entries(); ++a) {
    std::uint32_t old_address = 0;
    for (std::size_t k = 0; k < count; ++k) old_address |= ((a >> k) & 1) << order[k];
    if (function.table.bit(old_address)) sorted.table.set_bit(a, true);
  }
  return sorted;
}

using Key = std::vector<std::uint64_t>;

class Merging {
 public:
  explicit Merging(const logic::Graph& graph) : graph_(graph), rewriter_(graph) {}

  Step run() {
    rewriter_.for_each_bit([&](BitId id) { graph_.kind(id) == BitKind::lut ? merge_table(id) : merge_compare(id); });
    return rewriter_.finish();
  }

 private:
  void merge_table(BitId id) {
    const Function function = rewriter_.function_of(id);
    Function sorted = sort_fanins(function);
    const bool complemented = sorted.table.bit(0);  // the form that is 0 at address 0 stands for both
    if (complemented) sorted.table = sorted.table.complement();
    Key key(sorted.table.words().begin(), sorted.table.words().end());
    for (const BitId fanin : sorted.fanins) key.push_back(logic::index_of(fanin));
    key.push_back(sorted.fanins.size());
    const auto [entry, fresh] = tables_.try_emplace(std::move(key));
    if (fresh) {
      rewriter_.replace(id, function);
      entry->second = {rewriter_.at(id).bit, complemented};
      return;
    }
    rewriter_.count_change();
    rewriter_.relate(id, {entry->second.bit, entry->second.inverted != complemented});
  }

  /// A sum without its constant, which stands for those of the opposite sign, too.
  struct Shared {
    SumId sum = logic::kNoSum;
    SumId old = logic::kNoSum;
    bool negated = false;  // against the form whose first weight is positive
  };

  /// The shared sum of these terms, made for `old` if there is none.
  Shared share(const Linear& linear, SumId old) {
    Linear sorted{linear.terms, 0};
    combine_terms(sorted);
    const bool negated = !sorted.terms.empty() && sorted.terms[0].weight < 0;
    Key key;
    for (const Term& term : sorted.terms) {
      key.push_back(logic::index_of(term.bit));
      key.push_back(static_cast<std::uint64_t>(negated ? -term.weight : term.weight));
    }
    const auto [entry, fresh] = sums_.try_emplace(std::move(key));
    Shared& shared = entry->second;
    if (fresh) shared = {rewriter_.graph().add_sum(linear.terms, 0, graph_.sum(old).origin), old, negated};
    if (shared.old != old && counted_.emplace(logic::index_of(old), true).second) rewriter_.count_change();
    return {shared.sum, old, shared.negated != negated};
  }

  void merge_compare(BitId id) {
    const SumId old = graph_.compared_sum(id);
    const Linear linear = rewriter_.linear_of(old);
    const Shared shared = share(linear, old);
    // s > c on the negated sum n = -s: not (n > -c - 1).
    const std::int64_t limit = graph_.compared_constant(id) - linear.constant;
    const std::int64_t constant = shared.negated ? -limit - 1 : limit;
    const auto [entry, fresh] = compares_.try_emplace({logic::index_of(shared.sum), constant});
    if (fresh) {
      entry->second = rewriter_.graph().add_compare(shared.sum, constant, graph_.origin(id));
    } else {
      rewriter_.count_change();
    }
    rewriter_.relate(id, {entry->second, shared.negated});
  }

  const logic::Graph& graph_;
  Rewriter rewriter_;
  std::map<Key, Literal> tables_;
  std::map<Key, Shared> sums_;
  std::map<std::pair<std::uint32_t, std::int64_t>, BitId> compares_;
  std::map<std::uint32_t, bool> counted_;  // old sums that another one stands for
};

}  // namespace

Step merge_equal(const logic::Graph& graph) { return Merging(graph).run(); }

}  // namespace lutgen::optimize

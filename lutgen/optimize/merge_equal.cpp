// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "lutgen/optimize/id_table.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::SumId;
using logic::Term;

/// Puts the fan-ins in rising order.
void sort_fanins(Function& function) {
  auto& fanins = function.fanins;
  for (std::size_t i = 1; i < fanins.size(); ++i) {
    for (std::size_t k = i; k > 0 && fanins[k] < fanins[k - 1]; --k) {
      std::swap(fanins[k], fanins[k - 1]);
      function.table = function.table.swapped(static_cast<int>(k - 1), static_cast<int>(k));
    }
  }
}

/// A function in the form in which equal ones, and complements, are the same: fan-ins sorted, 0 at address 0.
struct Normal {
  Function function;
  bool complemented = false;

  explicit Normal(Function any) : function(std::move(any)) {
    sort_fanins(function);
    complemented = function.table.bit(0);
    if (complemented) function.table = function.table.complement();
  }

  /// Mixes all of it into 64 bits, each word by the finaliser of splitmix64 (Steele, Lea, Flood 2014).
  [[nodiscard]] std::uint64_t compute_hash() const {
    std::uint64_t hash = function.fanins.size();
    const auto mix = [&](std::uint64_t word) {
      std::uint64_t z = (hash ^ word) + 0x9E3779B97F4A7C15;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
      hash = z ^ (z >> 31);
    };
    for (const std::uint64_t word : function.table.words()) mix(word);
    for (const BitId fanin : function.fanins) mix(logic::index_of(fanin));
    return hash;
  }
};

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
    const Normal normal(function);
    const std::uint64_t hash = normal.compute_hash();
    bool complemented = false;
    const BitId twin = tables_.find(hash, [&](BitId made) {
      const Normal other = normal_of(made);
      complemented = other.complemented;
      return other.function.table == normal.function.table && other.function.fanins == normal.function.fanins;
    });
    if (twin == logic::kNoBit) {
      rewriter_.replace(id, function);
      return tables_.add(hash, rewriter_.at(id).bit);
    }
    rewriter_.count_change();
    rewriter_.relate(id, {twin, complemented != normal.complemented});
  }

  [[nodiscard]] Normal normal_of(BitId made) const {
    const logic::Graph& graph = rewriter_.graph();
    return Normal(Function{graph.table(made), {graph.fanins(made).begin(), graph.fanins(made).end()}});
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
  IdTable tables_;
  std::map<Key, Shared> sums_;
  std::map<std::pair<std::uint32_t, std::int64_t>, BitId> compares_;
  std::map<std::uint32_t, bool> counted_;  // old sums that another one stands for
};

}  // namespace

Step merge_equal(const logic::Graph& graph) { return Merging(graph).run(); }

}  // namespace lutgen::optimize

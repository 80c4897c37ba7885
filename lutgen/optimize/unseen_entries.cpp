// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/unseen_entries.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/optimize/readers.hpp"
#include "lutgen/optimize/window.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

constexpr std::size_t kMostLeaves = 12;
constexpr std::size_t kMostReaders = 4;

class Observing {
 public:
  explicit Observing(const logic::Graph& graph)
      : graph_(graph), rewriter_(graph), finder_(graph), readers_(graph, graph.compute_live_bits()), seen_(graph.bit_count(), false),
        used_(graph.bit_count(), false), changed_(graph.bit_count(), false) {
    rewriter_.for_each_bit([&](BitId id) {
      if (graph.kind(id) == BitKind::compare) see(graph.compared_sum(id));
    });
    for (const BitId bit : graph.outputs.bits) seen_[index_of(bit)] = true;
    for (const logic::SumId sum : graph.outputs.scores) see(sum);
  }

  Step run() {
    rewriter_.for_each_bit([&](BitId id) {
      if (graph_.kind(id) != BitKind::lut) return rewriter_.copy(id);
      const bool is_open = !seen_[index_of(id)] && !used_[index_of(id)] && !readers_.of(id).empty() && readers_.of(id).size() <= kMostReaders;
      if (!is_open || !try_change(id)) rewriter_.copy(id);
    });
    Step step = rewriter_.finish();
    for (const auto& [table, cut] : cuts_) {
      auto& made = step.cuts[table];
      for (const BitId bit : cut) made.push_back(step.relation.bits[index_of(bit)].bit);
    }
    return step;
  }

 private:
  void see(logic::SumId sum) {
    for (const logic::Term& term : graph_.terms(sum)) seen_[index_of(term.bit)] = true;
  }

  /// What the table and those that read it read, without the table itself; empty where that is too much.
  std::vector<BitId> find_tops(BitId id) const {
    std::vector<BitId> tops(graph_.fanins(id).begin(), graph_.fanins(id).end());
    for (const BitId reader : readers_.of(id)) {
      const auto fanins = graph_.fanins(reader);
      tops.insert(tops.end(), fanins.begin(), fanins.end());
    }
    std::sort(tops.begin(), tops.end());
    tops.erase(std::unique(tops.begin(), tops.end()), tops.end());
    std::erase_if(tops, [&](BitId bit) { return bit == id || bit == BitId::zero || bit == BitId::one; });
    if (tops.size() > kMostLeaves) tops.clear();
    return tops;
  }

  bool try_change(BitId id) {
    const std::vector<BitId> tops = find_tops(id);
    if (tops.empty()) return false;
    const Window window = finder_.find(tops, kMostLeaves);
    std::vector<BitId> all = window.leaves;
    all.insert(all.end(), window.inner.begin(), window.inner.end());
    all.insert(all.end(), readers_.of(id).begin(), readers_.of(id).end());
    // Another bit of the window was changed already, depends on this one, or is shown itself: not in this run.
    std::sort(all.begin(), all.end());
    const bool is_twice = std::adjacent_find(all.begin(), all.end()) != all.end();
    const bool is_taken = std::any_of(all.begin(), all.end(), [&](BitId bit) { return changed_[index_of(bit)] || bit == id; });
    if (is_twice || is_taken) return false;
    Function function{graph_.table(id), {graph_.fanins(id).begin(), graph_.fanins(id).end()}};
    const truth::TruthTable care = find_care(id, window);
    if (care.constant_value() == 1) return false;
    std::vector<std::uint32_t> costs;
    for (const BitId fanin : function.fanins) costs.push_back(cost_of(fanin));
    const Reduced reduced = find_reduced({function.table, care}, costs);
    if (reduced.table.inputs() == function.table.inputs()) return false;
    rewriter_.count_change(function.fanins.size() - static_cast<std::size_t>(reduced.table.inputs()));
    function = keep_inputs(function, reduced);
    for (BitId& fanin : function.fanins) fanin = rewriter_.at(fanin).bit;
    rewriter_.replace(id, function);
    rewriter_.disown(id);
    changed_[index_of(id)] = true;
    for (const BitId bit : all) used_[index_of(bit)] = true;
    for (const BitId reader : readers_.of(id)) {
      cuts_[reader] = window.leaves;
    }
    return true;
  }

  /// A table that nothing else reads would be gone, too.
  std::uint32_t cost_of(BitId bit) const {
    const bool is_lone = graph_.kind(bit) == BitKind::lut && !seen_[index_of(bit)] && readers_.of(bit).size() == 1;
    return is_lone ? 8 : 1;
  }

  /// The entries of the table at which a reader sees a change of it, for some combination that may occur.
  truth::TruthTable find_care(BitId id, const Window& window) const {
    const WindowValues values(graph_, window);
    std::vector<std::uint64_t> visible(values.words(), 0);
    for (const BitId reader : readers_.of(id)) {
      const auto with = [&](BitId constant) {
        std::vector<BitId> fanins(graph_.fanins(reader).begin(), graph_.fanins(reader).end());
        std::replace(fanins.begin(), fanins.end(), id, constant);
        return values.evaluate(graph_.table(reader), fanins);
      };
      const auto zero = with(BitId::zero);
      const auto one = with(BitId::one);
      for (std::size_t w = 0; w < visible.size(); ++w) visible[w] |= (zero[w] ^ one[w]) & values.possible()[w];
    }
    truth::TruthTable care(graph_.table(id).inputs());
    const std::vector<std::uint64_t> ones(values.words(), ~std::uint64_t{0});
    const std::vector<std::uint64_t> zeros(values.words(), 0);
    std::vector<std::span<const std::uint64_t>> inputs;
    for (const BitId fanin : graph_.fanins(id)) {
      const bool is_constant = fanin == BitId::zero || fanin == BitId::one;
      inputs.push_back(!is_constant ? values.at(fanin) : std::span<const std::uint64_t>(fanin == BitId::one ? ones : zeros));
    }
    mark_addresses(care, inputs, visible);
    return care;
  }

  const logic::Graph& graph_;
  Rewriter rewriter_;
  WindowFinder finder_;
  Readers readers_;                          // live tables
  std::vector<bool> seen_;                   // [bits]: by a sum or an output, which see everything
  std::vector<bool> used_;                   // [bits]: in the window of a table that was changed: must stay what it is
  std::vector<bool> changed_;                // [bits]
  Cuts cuts_;                                // in bits of the old graph
};

}  // namespace

Step use_unseen_entries(const logic::Graph& graph) { return Observing(graph).run(); }

void mark_addresses(truth::TruthTable& care, std::span<const std::span<const std::uint64_t>> inputs,
                    std::span<const std::uint64_t> which) {
  for (std::size_t w = 0; w < which.size(); ++w) {
    for (std::uint64_t rest = which[w]; rest != 0; rest &= rest - 1) {
      const int c = std::countr_zero(rest);
      std::uint32_t address = 0;
      for (std::size_t k = 0; k < inputs.size(); ++k) address |= static_cast<std::uint32_t>((inputs[k][w] >> c) & 1) << k;
      care.set_bit(address, true);
    }
  }
}

Function keep_inputs(const Function& function, const Reduced& reduced) {
  Function result{reduced.table, {}};
  for (std::size_t k = 0; k < function.fanins.size(); ++k) {
    if (((reduced.kept >> k) & 1) != 0) result.fanins.push_back(function.fanins[k]);
  }
  return result;
}

}  // namespace lutgen::optimize

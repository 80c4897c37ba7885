// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/readers.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

/// Fan-ins of a table with `bit` replaced by those of another in its place, each once.
std::vector<BitId> union_without(std::span<const BitId> outer, BitId bit, std::span<const BitId> inner) {
  std::vector<BitId> fanins;
  fanins.reserve(outer.size() + inner.size());
  const auto add = [&](BitId fanin) {
    if (std::find(fanins.begin(), fanins.end(), fanin) == fanins.end()) fanins.push_back(fanin);
  };
  for (const BitId fanin : outer) {
    if (fanin != bit) {
      add(fanin);
    } else {
      for (const BitId inner_fanin : inner) add(inner_fanin);
    }
  }
  return fanins;
}

/// Position of each fan-in of `function` among `fanins`; those of `bit` read as `fanins.size()`.
std::vector<std::size_t> positions(const Function& function, const std::vector<BitId>& fanins) {
  std::vector<std::size_t> result;
  for (const BitId fanin : function.fanins) {
    result.push_back(static_cast<std::size_t>(std::find(fanins.begin(), fanins.end(), fanin) - fanins.begin()));
  }
  return result;
}

/// `outer` with `inner` put in for `bit`. Fan-ins that do not matter any more stay: fold_constants drops them, and
/// until then a function stands on all bits of what went into it, so that it is checked on 16 bits at most.
Function compose(const Function& outer, BitId bit, const Function& inner) {
  Function result{truth::TruthTable(), union_without(outer.fanins, bit, inner.fanins)};
  const std::size_t count = result.fanins.size();
  result.table = truth::TruthTable(static_cast<int>(count));
  const auto outer_at = positions(outer, result.fanins);
  const auto inner_at = positions(inner, result.fanins);
  const auto address = [](const std::vector<std::size_t>& at, std::uint64_t values) {
    std::uint32_t found = 0;
    for (std::size_t k = 0; k < at.size(); ++k) found |= static_cast<std::uint32_t>((values >> at[k]) & 1) << k;
    return found;
  };
  for (std::uint32_t a = 0; a < result.table.entries(); ++a) {
    const std::uint64_t value = inner.table.bit(address(inner_at, a)) ? 1 : 0;
    if (outer.table.bit(address(outer_at, a | value << count))) result.table.set_bit(a, true);
  }
  return result;
}

class Composing {
 public:
  Composing(const logic::Graph& graph, int lut_inputs)
      : graph_(graph), lut_inputs_(static_cast<std::size_t>(lut_inputs)), live_(graph.compute_live_bits()), readers_(graph, live_), pinned_(graph.bit_count(), false), gone_(graph.bit_count(), false) {
    for (const BitId bit : graph.outputs.bits) pinned_[index_of(bit)] = true;
    for (const logic::SumId sum : graph.outputs.scores) pin(sum);
    for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
      if (live_[i] && graph.kind(BitId{i}) == BitKind::compare) pin(graph.compared_sum(BitId{i}));
    }
  }

  Step run() {
    Rewriter rewriter(graph_);
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (graph_.kind(BitId{i}) == BitKind::lut && !pinned_[i] && try_absorb(BitId{i})) rewriter.count_change();
    }
    rewriter.for_each_bit([&](BitId id) {
      const auto changed = changed_.find(id);
      if (changed == changed_.end() || graph_.kind(id) != BitKind::lut) {
        if (!gone_[index_of(id)]) rewriter.copy(id);
        return;
      }
      if (gone_[index_of(id)]) return;
      Function function{changed->second.table, {}};
      for (const BitId fanin : changed->second.fanins) function.fanins.push_back(rewriter.at(fanin).bit);
      rewriter.replace(id, function);
    });
    return rewriter.finish();
  }

 private:
  void pin(logic::SumId sum) {
    for (const logic::Term& term : graph_.terms(sum)) pinned_[index_of(term.bit)] = true;
  }

  /// What a table reads now.
  [[nodiscard]] std::span<const BitId> fanins_of(BitId bit) const {
    if (changed_.empty()) return graph_.fanins(bit);
    const auto changed = changed_.find(bit);
    return changed == changed_.end() ? graph_.fanins(bit) : std::span<const BitId>(changed->second.fanins);
  }

  /// What a table is now, to be changed.
  Function& function_of(BitId bit) {
    const auto [entry, fresh] = changed_.try_emplace(bit);
    if (fresh) entry->second = {graph_.table(bit), {graph_.fanins(bit).begin(), graph_.fanins(bit).end()}};
    return entry->second;
  }

  /// The tables that read a bit now, each once.
  [[nodiscard]] std::vector<BitId> current_readers(BitId bit) const {
    std::vector<BitId> readers(readers_.of(bit).begin(), readers_.of(bit).end());
    if (const auto more = more_readers_.find(bit); more != more_readers_.end()) {
      readers.insert(readers.end(), more->second.begin(), more->second.end());
    }
    std::sort(readers.begin(), readers.end());
    readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
    std::erase_if(readers, [&](BitId reader) {
      const auto fanins = fanins_of(reader);
      return gone_[index_of(reader)] || std::find(fanins.begin(), fanins.end(), bit) == fanins.end();
    });
    return readers;
  }

  bool try_absorb(BitId bit) {
    const std::vector<BitId> readers = current_readers(bit);
    const auto inner = fanins_of(bit);
    const bool fits = std::all_of(readers.begin(), readers.end(), [&](BitId reader) {
      const auto outer = fanins_of(reader);
      return union_without(outer, bit, inner).size() <= std::max(lut_inputs_, outer.size());
    });
    if (readers.empty() || !fits) return false;
    const Function absorbed = function_of(bit);
    for (const BitId reader : readers) {
      Function& outer = function_of(reader);
      outer = compose(outer, bit, absorbed);
      for (const BitId fanin : absorbed.fanins) more_readers_[fanin].push_back(reader);
    }
    gone_[index_of(bit)] = true;
    return true;
  }

  const logic::Graph& graph_;
  std::size_t lut_inputs_;
  std::vector<bool> live_;                   // [bits]
  Readers readers_;                          // in the graph as it is given
  std::unordered_map<BitId, std::vector<BitId>> more_readers_;  // since; looked up, never iterated
  std::unordered_map<BitId, Function> changed_;                 // tables that are not as in the graph; looked up, never iterated
  std::vector<bool> pinned_;                 // [bits]: read by a sum or an output
  std::vector<bool> gone_;                   // [bits]: absorbed
};

}  // namespace

Step compose_tables(const logic::Graph& graph, int lut_inputs) { return Composing(graph, lut_inputs).run(); }

}  // namespace lutgen::optimize

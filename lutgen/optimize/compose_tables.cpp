// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lutgen/base/result.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

/// The fan-ins of `outer` with `bit` replaced by those of `inner` in its place, each once.
std::vector<BitId> union_without(const Function& outer, BitId bit, const Function& inner) {
  std::vector<BitId> fanins;
  const auto add = [&](BitId fanin) {
    if (std::find(fanins.begin(), fanins.end(), fanin) == fanins.end()) fanins.push_back(fanin);
  };
  for (const BitId fanin : outer.fanins) {
    if (fanin != bit) {
      add(fanin);
    } else {
      for (const BitId inner_fanin : inner.fanins) add(inner_fanin);
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
  Function result{truth::TruthTable(), union_without(outer, bit, inner)};
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
      : graph_(graph), lut_inputs_(static_cast<std::size_t>(lut_inputs)), functions_(graph.bit_count()),
        readers_(graph.bit_count()), pinned_(graph.bit_count(), false), gone_(graph.bit_count(), false) {
    const std::vector<bool> live = graph.compute_live_bits();
    for (const BitId bit : graph.outputs.bits) pinned_[index_of(bit)] = true;
    for (const logic::SumId sum : graph.outputs.scores) pin(sum);
    for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
      const BitId id{i};
      if (!live[i]) continue;
      if (graph.kind(id) == BitKind::compare) pin(graph.compared_sum(id));
      if (graph.kind(id) != BitKind::lut) continue;
      functions_[i] = {graph.table(id), {graph.fanins(id).begin(), graph.fanins(id).end()}};
      for (const BitId fanin : functions_[i].fanins) readers_[index_of(fanin)].push_back(id);
    }
  }

  Step run() {
    Rewriter rewriter(graph_);
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (graph_.kind(BitId{i}) == BitKind::lut && !pinned_[i] && try_absorb(BitId{i})) rewriter.count_change();
    }
    rewriter.for_each_bit([&](BitId id) {
      if (graph_.kind(id) != BitKind::lut) return rewriter.copy(id);
      if (gone_[index_of(id)]) return;
      Function function{functions_[index_of(id)].table, {}};
      for (const BitId fanin : functions_[index_of(id)].fanins) function.fanins.push_back(rewriter.at(fanin).bit);
      rewriter.replace(id, function);
    });
    return rewriter.finish();
  }

 private:
  void pin(logic::SumId sum) {
    for (const logic::Term& term : graph_.terms(sum)) pinned_[index_of(term.bit)] = true;
  }

  /// The tables that read a bit now, each once.
  std::vector<BitId>& current_readers(BitId bit) {
    auto& readers = readers_[index_of(bit)];
    std::sort(readers.begin(), readers.end());
    readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
    std::erase_if(readers, [&](BitId reader) {
      const auto& fanins = functions_[index_of(reader)].fanins;
      return gone_[index_of(reader)] || std::find(fanins.begin(), fanins.end(), bit) == fanins.end();
    });
    return readers;
  }

  bool try_absorb(BitId bit) {
    const Function& inner = functions_[index_of(bit)];
    const std::vector<BitId> readers = current_readers(bit);
    const bool fits = std::all_of(readers.begin(), readers.end(), [&](BitId reader) {
      const Function& outer = functions_[index_of(reader)];
      return union_without(outer, bit, inner).size() <= std::max(lut_inputs_, outer.fanins.size());
    });
    if (readers.empty() || !fits) return false;
    for (const BitId reader : readers) {
      Function& outer = functions_[index_of(reader)];
      outer = compose(outer, bit, inner);
      for (const BitId fanin : inner.fanins) readers_[index_of(fanin)].push_back(reader);
    }
    gone_[index_of(bit)] = true;
    return true;
  }

  const logic::Graph& graph_;
  std::size_t lut_inputs_;
  std::vector<Function> functions_;          // [bits]: of live tables, as they are now
  std::vector<std::vector<BitId>> readers_;  // [bits]: tables that read it, perhaps no more
  std::vector<bool> pinned_;                 // [bits]: read by a sum or an output
  std::vector<bool> gone_;                   // [bits]: absorbed
};

}  // namespace

Step compose_tables(const logic::Graph& graph, int lut_inputs) { return Composing(graph, lut_inputs).run(); }

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;

/// For every bit: whether a table or a sum that is needed reads it; an output does not count.
std::vector<bool> find_inner_reads(const logic::Graph& graph) {
  const std::vector<bool> live = graph.compute_live_bits();
  std::vector<bool> read(graph.bit_count(), false);
  const auto mark = [&](logic::SumId sum) {
    for (const logic::Term& term : graph.terms(sum)) read[logic::index_of(term.bit)] = true;
  };
  for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
    if (!live[i]) continue;
    for (const BitId fanin : graph.fanins(BitId{i})) read[logic::index_of(fanin)] = true;
    if (graph.kind(BitId{i}) == BitKind::compare) mark(graph.compared_sum(BitId{i}));
  }
  for (const logic::SumId sum : graph.outputs.scores) mark(sum);
  return read;
}

}  // namespace

Step absorb_wires(const logic::Graph& graph) {
  const std::vector<bool> read = find_inner_reads(graph);
  Rewriter rewriter(graph);
  rewriter.for_each_bit([&](BitId id) {
    if (graph.fanins(id).size() != 1 || graph.table(id).constant_value() >= 0) return rewriter.copy(id);
    const Function function = rewriter.function_of(id);
    const bool inverts = function.table.bit(0);
    // An inverter that only an output reads stands where it must: `finish` makes it again.
    if (!inverts || read[logic::index_of(id)]) rewriter.count_change();
    rewriter.relate(id, {function.fanins[0], inverts});
  });
  return rewriter.finish();
}

}  // namespace lutgen::optimize

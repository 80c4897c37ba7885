// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/optimize.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"
#include "lutgen/optimize/check.hpp"
#include "lutgen/optimize/passes.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

constexpr std::uint32_t kMostRounds = 32;

/// By the order of Pass.
constexpr std::array<std::string_view, kPasses.size()> kNames = {"constants", "wires",   "merge",    "terms",
                                                                 "compares",  "compose", "dontcares"};

Step run_pass(Pass pass, const logic::Graph& graph, const OptimizeOptions& options) {
  switch (pass) {
    case Pass::constants: return fold_constants(graph);
    case Pass::wires: return absorb_wires(graph);
    case Pass::merge: return merge_equal(graph);
    case Pass::terms: return combine_sums(graph);
    case Pass::compares: return simplify_compares(graph, options.lut_inputs, options.table_inputs);
    case Pass::compose: return compose_tables(graph, options.lut_inputs);
    case Pass::dontcares: return use_dont_cares(graph);
  }
  LUTGEN_CHECK(false);
}

Relation identity(const logic::Graph& graph) {
  Relation relation;
  for (std::uint32_t i = 0; i < graph.bit_count(); ++i) relation.bits.push_back({BitId{i}, false});
  for (std::uint32_t i = 0; i < graph.sum_count(); ++i) relation.sums.push_back(logic::SumId{i});
  return relation;
}

GraphSize difference(const GraphSize& a, const GraphSize& b) {
  return {a.tables - b.tables, a.fanins - b.fanins, a.compares - b.compares, a.terms - b.terms};
}

void add(GraphSize& total, const GraphSize& more) {
  total.tables += more.tables;
  total.fanins += more.fanins;
  total.compares += more.compares;
  total.terms += more.terms;
}

/// Lists the values of the layers as the new graph holds them; `outputs` are the output bits of the old graph.
void relist_values(logic::Lowered& lowered, const Relation& relation, const std::vector<BitId>& outputs) {
  std::map<BitId, BitId> now;  // an output may be held twice: as a literal, and behind its own inverter
  for (std::size_t i = 0; i < outputs.size(); ++i) now.emplace(outputs[i], lowered.graph.outputs.bits[i]);
  for (auto& bits : lowered.layer_bits) {
    for (BitId& bit : bits) {
      if (bit == logic::kNoBit) continue;
      const Literal literal = relation.bits[index_of(bit)];
      const auto output = now.find(bit);
      if (output != now.end()) {
        bit = output->second;
      } else {
        bit = literal.inverted ? logic::kNoBit : literal.bit;
      }
    }
  }
  for (auto& sums : lowered.layer_sums) {
    for (logic::SumId& sum : sums) {
      if (sum != logic::kNoSum) sum = relation.sums[index_of(sum)];
    }
  }
}

}  // namespace

std::string_view pass_name(Pass pass) { return kNames.at(static_cast<std::size_t>(pass)); }

std::optional<Pass> find_pass(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<Pass>(found - kNames.begin()));
}

OptimizeOptions options_for(tech::Family family, std::vector<Pass> passes) {
  return {.passes = std::move(passes), .lut_inputs = tech::lut_inputs(family), .table_inputs = family == tech::Family::gatemate ? 6 : 12};
}

GraphSize compute_size(const logic::Graph& graph) {
  const std::vector<bool> live = graph.compute_live_bits();
  std::vector<bool> needed(graph.sum_count(), false);
  for (const logic::SumId sum : graph.outputs.scores) needed[index_of(sum)] = true;
  GraphSize size;
  for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
    const BitId id{i};
    if (!live[i]) continue;
    if (graph.kind(id) == BitKind::lut) {
      ++size.tables;
      size.fanins += static_cast<std::int64_t>(graph.fanins(id).size());
    } else if (graph.kind(id) == BitKind::compare) {
      ++size.compares;
      needed[index_of(graph.compared_sum(id))] = true;
    }
  }
  for (std::uint32_t i = 0; i < graph.sum_count(); ++i) {
    if (needed[i]) size.terms += static_cast<std::int64_t>(graph.terms(logic::SumId{i}).size());
  }
  return size;
}

Optimized optimize(logic::Lowered lowered, const OptimizeOptions& options) {
  Optimized result;
  result.relation = identity(lowered.graph);
  const std::vector<BitId> outputs = lowered.graph.outputs.bits;
  result.before = compute_size(lowered.graph);
  result.after = result.before;
  for (const Pass pass : kPasses) {
    const bool wanted = std::find(options.passes.begin(), options.passes.end(), pass) != options.passes.end();
    if (wanted) result.figures.push_back({.pass = pass, .removed = {}});
  }
  // How many changes all passes had made when a pass ran last without making one: it need not run again before there are more.
  constexpr std::uint64_t kNever = ~std::uint64_t{0};
  std::vector<std::uint64_t> idle_since(result.figures.size(), kNever);
  std::uint64_t total_changes = 0;
  for (bool changed = true; changed && result.rounds < kMostRounds; ++result.rounds) {
    changed = false;
    for (PassFigures& figures : result.figures) {
      std::uint64_t& idle = idle_since[static_cast<std::size_t>(&figures - result.figures.data())];
      if (idle == total_changes) continue;
      if (options.progress != nullptr) {
        const std::string stage = fmt::format("optimise, round {}", result.rounds + 1);
        options.progress->update(stage, static_cast<std::uint64_t>(&figures - result.figures.data()), result.figures.size());
      }
      Step step = run_pass(figures.pass, lowered.graph, options);
      ++figures.runs;
      idle = step.changes == 0 ? total_changes : kNever;
      if (step.changes == 0) continue;
      total_changes += step.changes;
      LUTGEN_CHECK(find_difference(lowered.graph, step.graph, step.relation, step.cuts).empty());
      changed = true;
      figures.changes += step.changes;
      const GraphSize size = compute_size(step.graph);
      add(figures.removed, difference(result.after, size));
      result.after = size;
      result.relation = chain(result.relation, step.relation);
      lowered.graph = std::move(step.graph);
    }
  }
  relist_values(lowered, result.relation, outputs);
  result.lowered = std::move(lowered);
  return result;
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/table_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;

/// So many splits are looked at in full.
constexpr std::size_t kMostSplits = 6;

/// More LUTs than any plan has.
constexpr std::uint32_t kNoPlan = 1u << 30;

/// Beyond so many inputs the search over all pairs of selects would cost more than it saves; the top two are taken.
constexpr int kMostSearched = 8;

/// The function of the inputs that matter.
TruthTable reduce(const TruthTable& table) {
  TruthTable result = table;
  for (int k = table.inputs() - 1; k >= 0; --k) {
    if (!result.depends_on(k)) result = result.cofactor(k, false);
  }
  return result;
}

bool is_wire(const TruthTable& reduced) { return reduced.inputs() == 0 || (reduced.inputs() == 1 && reduced.word() == 0b10); }

/// Whether an earlier function is the same.
bool is_repeated(const std::vector<TruthTable>& parts, std::size_t index) {
  const auto end = parts.begin() + static_cast<std::ptrdiff_t>(index);
  return std::find(parts.begin(), end, parts[index]) != end;
}

int find_widest_muxes(tech::Family family) {
  switch (family) {
    case tech::Family::xc7: return 8;
    case tech::Family::ecp5: return 6;
    case tech::Family::ice40: return 4;
    case tech::Family::gowin: return 8;
    case tech::Family::gatemate: break;  // trees of its own: map/lut_tree
  }
  LUTGEN_CHECK(false);
}

}  // namespace

std::vector<TruthTable> cofactors_of(const TruthTable& table, int low, int high) {
  const TruthTable zero = table.cofactor(high, false);
  const TruthTable one = table.cofactor(high, true);
  if (low < 0) return {zero, one};
  return {zero.cofactor(low, false), zero.cofactor(low, true), one.cofactor(low, false), one.cofactor(low, true)};
}

TablePlanner::TablePlanner(tech::Family family)
    : lut_inputs_(tech::lut_inputs(family)), widest_muxes_(find_widest_muxes(family)), cost_of_(truth::kMaxInputs + 1, 1) {
  const std::uint32_t mux = lut_inputs_ >= 6 ? 1 : 2;  // LUTs that choose one of four; one chooses one of two
  for (int n = lut_inputs_ + 1; n <= truth::kMaxInputs; ++n) {
    const auto at = [&](int inputs) { return cost_of_[static_cast<std::size_t>(std::max(inputs, 0))]; };
    cost_of_[static_cast<std::size_t>(n)] =
        n <= widest_muxes_ ? 1u << (n - lut_inputs_) : std::min(4 * at(n - 2) + mux, 2 * at(n - 1) + 1);
  }
}

const TablePlan& TablePlanner::plan(const TruthTable& table) { return plan(table, Effort::full); }

const TablePlan& TablePlanner::plan(const TruthTable& raw, Effort effort) {
  const TruthTable table = reduce(raw);
  std::vector<std::uint64_t> key(table.words().begin(), table.words().end());
  key.push_back(static_cast<std::uint64_t>(table.inputs()) * 2 + (effort == Effort::full ? 1 : 0));
  const auto known = plans_.find(key);
  if (known != plans_.end()) return known->second;
  TablePlan made = make_plan(table, effort);
  return plans_.emplace(std::move(key), std::move(made)).first->second;
}

TablePlan TablePlanner::make_plan(const TruthTable& table, Effort effort) {
  if (is_wire(table)) return {};
  if (table.inputs() <= lut_inputs_) return {TableForm::lut, 1, 0, 0, {}};
  const bool has_muxes = table.inputs() <= widest_muxes_;
  const std::uint32_t muxes = 1u << std::min(table.inputs() - lut_inputs_, 31);
  TablePlan best{TableForm::muxes, has_muxes ? muxes : kNoPlan, 0, 0, {}};
  // No function of one input too many takes less than the two LUTs of a multiplexer.
  const bool is_searched = effort == Effort::full && best.luts > fewest_luts(table.inputs());
  const auto splits = is_searched ? find_splits(table, cost_of_, kMostSplits) : std::vector<Split>{};
  for (const Split& split : splits) {
    const std::uint32_t cost = cost_of_split(split, best.luts);
    if (cost < best.luts) best = {TableForm::split, cost, 0, 0, split};
  }
  if (has_muxes || best.luts <= fewest_luts(table.inputs()) + 1) return best;
  TablePlan selects = plan_selects(table, splits.empty() ? Effort::none : Effort::full, best.luts + 1);
  return selects.luts <= best.luts ? selects : best;
}

/// No tree of LUTs of so many inputs, all of which matter, has fewer.
std::uint32_t TablePlanner::fewest_luts(int inputs) const {
  return inputs < 2 ? 0 : static_cast<std::uint32_t>((inputs - 2) / (lut_inputs_ - 1)) + 1;
}

/// LUTs of functions, or something that is not less than `limit`, without looking at all of them.
std::uint32_t TablePlanner::cost_of_parts(const std::vector<TruthTable>& parts, Effort effort, std::uint32_t limit) {
  std::vector<TruthTable> built;  // of the inputs that matter
  std::uint32_t cost = 0;
  for (const TruthTable& part : parts) {
    built.push_back(reduce(part));
    cost += fewest_luts(built.back().inputs());
  }
  for (std::size_t i = 0; i < built.size() && cost < limit; ++i) {
    cost += plan(built[i], effort).luts - fewest_luts(built[i].inputs());
  }
  return cost;
}

std::uint32_t TablePlanner::cost_of_split(const Split& split, std::uint32_t limit) {
  std::vector<TruthTable> parts = split.inner;
  parts.push_back(split.outer);
  return cost_of_parts(parts, Effort::full, limit);
}

/// LUTs of some functions and of what chooses between them, roughly, in sixteenths: those of fewer inputs count a little
/// less, equal ones once.
std::uint32_t TablePlanner::estimate(const std::vector<TruthTable>& parts) const {
  std::uint32_t cost = 16 * luts_to_choose(parts);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_repeated(parts, i)) continue;
    const TruthTable reduced = reduce(parts[i]);
    if (is_wire(reduced)) continue;
    const auto inputs = static_cast<std::uint32_t>(reduced.inputs());
    cost += reduced.inputs() <= lut_inputs_ ? 16 + inputs : 16 * cost_of_[inputs];
  }
  return cost;
}

/// LUTs that choose between functions: a constant, or one that equals another, is no input of theirs.
std::uint32_t TablePlanner::luts_to_choose(const std::vector<TruthTable>& parts) const {
  int inputs = parts.size() == 2 ? 1 : 2;
  for (std::size_t i = 0; i < parts.size(); ++i) inputs += is_repeated(parts, i) || parts[i].constant_value() >= 0 ? 0 : 1;
  return inputs <= lut_inputs_ ? 1 : 2;
}

TablePlan TablePlanner::plan_selects(const TruthTable& table, Effort effort, std::uint32_t limit) {
  const int last = table.inputs() - 1;
  TablePlan best{TableForm::selects, 0, last - 1, last, {}};
  std::uint32_t least = estimate(cofactors_of(table, best.low, best.high));
  for (int high = table.inputs() <= kMostSearched ? 0 : last; high <= last; ++high) {
    for (int low = -1; low < high; ++low) {
      if (low >= 0 && table.inputs() > kMostSearched) continue;
      const std::uint32_t cost = estimate(cofactors_of(table, low, high));
      if (cost < least) std::tie(least, best.low, best.high) = std::tuple(cost, low, high);
    }
  }
  const auto parts = cofactors_of(table, best.low, best.high);
  std::vector<TruthTable> distinct;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_repeated(parts, i)) distinct.push_back(parts[i]);
  }
  const std::uint32_t choosing = luts_to_choose(parts);
  best.luts = choosing + cost_of_parts(distinct, effort, limit - std::min(limit, choosing));
  return best;
}

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lutgen/map/decompose.hpp"
#include "lutgen/tech/cells.hpp"

namespace lutgen::map {

/// How a function is built, out of LUTs.
///
/// wire     constant or one of its inputs: nothing; an inverter is a LUT
/// lut      one LUT
/// muxes    LUTs and the family's own multiplexers
/// selects  one or two inputs choose between two or four functions of the others, in LUTs
/// split    see map/decompose
enum class TableForm : std::uint8_t { wire, lut, muxes, selects, split };

/// The cheapest way found to build a function.
///
/// luts       LUTs of it all
/// low, high  of `selects`: the inputs that choose, low < high; low is -1 where `high` does so alone
/// split      of `split`
struct TablePlan {
  TableForm form = TableForm::wire;
  std::uint32_t luts = 0;
  int low = 0;
  int high = 0;
  std::optional<Split> split;
};

/// Finds the cheapest way to build functions in the LUTs of a family with plain LUTs (all but gatemate). Equal functions are
/// looked at once.
class TablePlanner {
 public:
  explicit TablePlanner(tech::Family family);

  /// Plans a function whose inputs all matter. Wider than the family's multiplexers reach: selects, or a split where that
  /// takes fewer LUTs; where these reach: a split only where it takes fewer LUTs than the multiplexers. Cost: see find_splits,
  /// for it and for what it is made of; the parts of a function that has no cheap split (a random one) are not searched.
  const TablePlan& plan(const truth::TruthTable& table);

  /// Largest fan-in that the family builds from LUTs and its own multiplexers in one slice.
  [[nodiscard]] int widest_muxes() const { return widest_muxes_; }

 private:
  enum class Effort : std::uint8_t { none, full };
  const TablePlan& plan(const truth::TruthTable& raw, Effort effort);
  TablePlan make_plan(const truth::TruthTable& table, Effort effort);
  TablePlan plan_selects(const truth::TruthTable& table, Effort effort, std::uint32_t limit);
  [[nodiscard]] std::uint32_t estimate(const std::vector<truth::TruthTable>& parts) const;
  [[nodiscard]] std::uint32_t luts_to_choose(const std::vector<truth::TruthTable>& parts) const;
  [[nodiscard]] std::uint32_t fewest_luts(int inputs) const;
  std::uint32_t cost_of_parts(const std::vector<truth::TruthTable>& parts, Effort effort, std::uint32_t limit);
  std::uint32_t cost_of_split(const Split& split, std::uint32_t limit);

  int lut_inputs_;
  int widest_muxes_;
  std::vector<std::uint32_t> cost_of_;  // [inputs]: LUTs of any function without a split
  std::map<std::vector<std::uint64_t>, TablePlan> plans_;
};

/// The four functions that inputs `low` < `high` choose between, by 2*high + low; the two of `high` where `low` is -1.
[[nodiscard]] std::vector<truth::TruthTable> cofactors_of(const truth::TruthTable& table, int low, int high);

}  // namespace lutgen::map

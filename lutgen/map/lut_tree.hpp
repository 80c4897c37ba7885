// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// Inputs up to which the cheapest tree of a function is known.
inline constexpr int kTreeInputs = 4;

/// Cells of the cheapest tree for `table` (0 to kTreeInputs inputs, checked) out of GateMate's CC_L2T4, each two
/// tables of two inputs that feed a third; inputs that do not matter are free, so a wire or a constant costs 0.
/// No function costs more than 3; the average over all 65,536 of four inputs is 2.3. O(1) after the first call,
/// which takes some 10 ms to find the trees of all functions at once.
[[nodiscard]] int lut_tree_cost(const truth::TruthTable& table);

/// Builds `table` (1 to kTreeInputs inputs, all of which matter: checked) as such a tree, a group for each
/// cell, and gives the net that holds it. A part of one or two inputs becomes a CC_LUT1 or CC_LUT2.
///
/// inputs  [table.inputs()]
/// name    of the result; inner nets take numbers from `inner`
NetId add_lut_tree(Builder& builder, const truth::TruthTable& table, std::span<const NetId> inputs,
                   const NetName& name, NameSource& inner);

/// What a CC_MX4 costs, in CC_L2T4: it takes a whole CPE.
inline constexpr int kMx4Cost = 2;

/// How to split a wide function: inputs `low` and `high` become the selects of a CC_MX4 (`low` the less significant
/// one), or `high` alone that of a two-to-one multiplexer, which a CC_L2T4 holds; `low` is -1 then.
///
/// cost  CC_L2T4 of it all, equal cofactors counted once; 0 where it was not computed
struct TreeSplit {
  int low = -1;
  int high = -1;
  int cost = 0;
};

/// The cheapest split of `table`, which has more than kTreeInputs inputs (checked). Above 6 inputs the two highest
/// become the selects, unsearched. Cost: some 700 tables looked up for 6 inputs.
[[nodiscard]] TreeSplit find_tree_split(const truth::TruthTable& table);

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/truth/truth_table.hpp"

namespace lutgen::truth {

/// Gives the entries of a table that do not matter such values that it depends on as few inputs as possible.
///
/// table    the function; where `care` is 1 it stays
/// care     of the same inputs (checked): entry a is 1 where entry a of the table matters
/// Returns  the table itself where no input can be dropped. Else, entries that agree in all inputs kept are equal: what the
///          ones that matter have, and where none matters what most of them had (0 if half). Of the smallest sets of inputs
///          the one is kept that changes fewest entries, of these the lowest.
/// Cost     up to 8 inputs all sets are tried: O(4^inputs), 16 us for 6; above, inputs are dropped one by one from the
///          highest down, O(inputs * 2^inputs), which can keep more than needed
[[nodiscard]] TruthTable complete_table(const TruthTable& table, const TruthTable& care);

}  // namespace lutgen::truth

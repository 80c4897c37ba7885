// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/optimize/step.hpp"

namespace lutgen::optimize {

/// Shows that a relation holds, bit by bit; believes nothing of the pass that made it. Gives the first place that it could
/// not show as text, or "" when everything is shown:
///
/// - an old table equals its literal: for all values of what it reads (through tables that are gone), its output is
///   the literal itself, or what the new table at that literal gives;
/// - an old comparison equals its literal: the same weighted bits with a common factor, and limits that agree for every
///   value of the terms that were left out; or a new table whose every entry the old bounds decide;
/// - an old sum has the same weight for each bit and the same constant as its new one;
/// - an old table that has a cut in `cuts` equals its literal for all values of the bits of the cut; of these bits nothing
///   is supposed, but that a comparison of a sum holds where one with a higher constant does;
/// - inputs are the same; an output is its literal, behind an inverter where that is inverted.
///
/// Bits are shown in the order of the old graph, each from those before it, so that all of it holds by induction.
/// Cost   O(2^inputs) for each table, O(2^bits of the cut) for one with a cut, O(n log n) otherwise
[[nodiscard]] std::string find_difference(const logic::Graph& before, const logic::Graph& after, const Relation& relation,
                                          const Cuts& cuts = {});

}  // namespace lutgen::optimize

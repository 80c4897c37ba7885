// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// Builds the function `table` of `inputs` (equal nets and constants allowed, any fan-in up to 16) and
/// gives the net that holds it.
///
/// The function is simplified first (truth::simplify): a constant or a plain wire costs no cell, and
/// the net returned is then the constant or the input itself. What fits one LUT becomes the smallest
/// LUT cell. Wider functions are split:
///   xc7    7 inputs: 2 LUT6 + MUXF7; 8 inputs: 4 LUT6 + 2 MUXF7 + MUXF8 (UG474, "Multiplexers")
///   ecp5   5 inputs: 2 LUT4 + PFUMX; 6 inputs: 4 LUT4 + 2 PFUMX + L6MUX21
///   gowin  5 to 8 inputs: 2 to 16 LUT4, joined by MUX2_LUT5, MUX2_LUT6, MUX2_LUT7, MUX2_LUT8
///   gatemate  up to 4 inputs: the cheapest tree of CC_L2T4 (map/lut_tree); above, a CC_MX4 or a two-to-one
///          multiplexer in a CC_L2T4 between smaller functions, whichever costs least (up to 6 inputs)
///   ice40, and anything wider: the two inputs that leave the cheapest four cofactors become the
///          selects of a 4-to-1 multiplexer in LUTs; a cofactor that is a constant, a wire or equal to
///          another costs nothing
///   all but gatemate: functions of functions (map/decompose) wherever these take fewer LUTs than the above
///
/// name     of the result; inner nets take numbers from `inner`
/// Cost     O(2^fan-in * fan-in^2) up to a LUT's inputs, else that of TablePlanner::plan
NetId map_function(Builder& builder, const truth::TruthTable& table, std::span<const NetId> inputs,
                   const NetName& name, NameSource& inner);

}  // namespace lutgen::map

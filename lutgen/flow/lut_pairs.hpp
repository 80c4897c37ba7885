// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// LUTs of an xc7 design that share their position with another LUT, in pairs.
///
/// by_chance  pairs that the placer made by itself
/// planned    pairs of the matching, those among them that are kept
/// pre_place  Python for a second nextpnr's --pre-place, with the same netlist and the same scripts before it: puts every cell
///            where the first placement had it, and the LUTs of a pair, with the flop that each feeds, into one position. A
///            pair that nextpnr does not allow is left as it was. A flop that is in the way is left to the placer
struct LutPairPlan {
  std::uint64_t by_chance = 0;
  std::uint64_t planned = 0;
  std::string pre_place;
};

/// Plans pairs for a design that nextpnr-himbaechel-xilinx 0.11.1 has placed (its sources xilinx_place.cc and
/// pack.cc; UG474, "Look-up table").
///
/// Two LUTs can share where they read at most five wires together, neither is part of a carry chain, memory or wide
/// multiplexer. O5 leaves through the slice's output multiplexer, which the second flop of the position needs, too: unless that flop alone
/// reads O5, it goes elsewhere.
///
/// json    of nextpnr's --write, placed or routed
/// place   names the text in diagnostics
/// Errors  json_*
/// Cost    as `match_luts`, and O(bytes)
[[nodiscard]] Result<LutPairPlan> plan_lut_pairs(std::string_view json, const std::string& place);

/// Positions that two such LUTs share, in a design that nextpnr has placed.
///
/// Errors  json_*
/// Cost    O(bytes)
[[nodiscard]] Result<std::uint64_t> count_lut_pairs(std::string_view json, const std::string& place);

}  // namespace lutgen::flow

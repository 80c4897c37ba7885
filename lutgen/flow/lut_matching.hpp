// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lutgen::flow {

/// A tile of a device.
struct Tile {
  std::int32_t x = 0;
  std::int32_t y = 0;
};

/// A placed LUT that could share its position with another.
///
/// inputs     the wires that it reads, ascending, each once
/// tile       where it is
/// pulls      where the cells are that it is wired to: wire length is counted to each of them
/// position   LUTs of one position have one number
/// only_upper  a flop beside it and others read it, so that as the lower of two it would have to part from the flop
struct SmallLut {
  std::vector<std::int64_t> inputs;
  Tile tile;
  std::vector<Tile> pulls;
  std::uint32_t position = 0;
  bool only_upper = false;
};

/// Two LUTs, indices into the list that was matched, the smaller first.
struct LutPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

/// What `match_luts` takes for a pair.
///
/// max_inputs  different wires that two LUTs of a position may read together
/// reach       tiles between the two, horizontally and vertically
/// candidates  partners that are looked at for each LUT, those that cost least
struct MatchLimits {
  std::uint32_t max_inputs = 5;
  std::int32_t reach = 6;
  std::uint32_t candidates = 24;
};

/// Wire length that it costs, in tiles, to move `lut` to another tile; negative where it saves. O(pulls).
[[nodiscard]] std::int64_t moving_cost(const SmallLut& lut, Tile to);

/// Chooses pairs of LUTs, no LUT twice: first those that share a position already, then those that cost least wire, then as many more as alternating paths find
/// (Edmonds, "Paths, trees, and flowers", 1965). Their number is the largest that there is among the pairs looked at, as long as no
/// search grows beyond 4,096 LUTs.
///
/// Returns  in the order of `first`; the same for the same input
/// Cost     O(luts * (those within reach + candidates)) and O(candidates * 4,096) for each LUT without a partner at first
[[nodiscard]] std::vector<LutPair> match_luts(std::span<const SmallLut> luts, const MatchLimits& limits = {});

}  // namespace lutgen::flow

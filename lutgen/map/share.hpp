// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::map {

/// A number that stands in a sum: that of part `part`, as it is or negated.
struct PartUse {
  std::uint32_t part = 0;
  bool negated = false;
};

/// What is left of a sum, or of a part, after its shared parts were taken out: constant + own terms + parts.
struct SharedSum {
  std::vector<logic::Term> own;  // by rising bit
  std::vector<PartUse> uses;
};

/// Terms that several sums have in common, to be added up once.
///
/// sums   [sums of the graph]; as they are where they share nothing
/// parts  each used at least twice; a part uses only parts with higher numbers
struct SharePlan {
  std::vector<SharedSum> sums;
  std::vector<SharedSum> parts;
};

/// Looks for terms with the same weights, or all with the opposite ones, in two or more of the sums that `is_open` names. To
/// share m bits saves their counters in one of two sums, at the price of the bits of their number in both: it is done where
/// m is at least twice that width and some more. The best pair first; what is shared may be shared again.
///
/// Only pairs of sums at most 64 apart are looked at. Cost O(terms * 64), and O(terms of one sum) for each pair
/// that is looked at again. Deterministic.
[[nodiscard]] SharePlan plan_shares(const logic::Graph& graph, const std::vector<bool>& is_open);

}  // namespace lutgen::map

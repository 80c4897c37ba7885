// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lutgen/optimize/step.hpp"

namespace lutgen::optimize {

/// An old table, and the bits of the new graph on which it is to be shown.
struct CutClaim {
  logic::BitId table = logic::kNoBit;
  std::span<const logic::BitId> cut;
};

/// Whether an old table equals its literal for all values of the bits of a cut through the new graph, at most 16 (false above).
///
/// What the old table reads is what `relation` says that it is, which is supposed to be shown before; where no bit holds it,
/// the old table there is evaluated. New bits are evaluated down to the cut; false where that does not end at the cut, or
/// needs more than 256 bits. Values at which a comparison of a new sum holds and one with a lower constant does not are
/// left out, for they cannot occur. Shares no code with the window simulation of the passes.
/// Cost O(2^cut * entries of the tables in between / 64)
[[nodiscard]] bool shows_on_cut(const logic::Graph& before, const logic::Graph& after, const Relation& relation,
                                const CutClaim& claim);

}  // namespace lutgen::optimize

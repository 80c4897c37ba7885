// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lutgen/model/model.hpp"

namespace lutgen::train {

/// LUT cells of a network on xc7 as it is now: encoder, tables, counters and argmax, lowered, optimised and mapped as `lutgen emit` does
/// it. Two small ones can share a position after placement, and a table takes one: the positions of `build --measure` are
/// a few percent fewer or more. The encoder of f32 features is not in it: it is the host's.
///
/// Requires  a validated model (checked)
/// Cost      O(size of the network); 1,000 tables: 60 ms
[[nodiscard]] std::uint64_t count_luts(const model::Model& model);

}  // namespace lutgen::train

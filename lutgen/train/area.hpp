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

/// The most tables that a network of one rank can have within a number of LUTs: random tables of `bits` bits that are wires, shared out
/// to the classes, counted, and argmax, as count_luts has them.
///
/// Returns  a multiple of `classes`, at most 100,000 for each; 0 if not even one for each class fits
/// Cost     some 15 of count_luts
[[nodiscard]] std::uint32_t tables_within(std::uint64_t luts, std::uint32_t classes, std::uint32_t fan_in, std::uint32_t bits);

}  // namespace lutgen::train

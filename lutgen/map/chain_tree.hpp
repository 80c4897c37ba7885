// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/map/compare.hpp"

namespace lutgen::map {

/// Summands by weight: columns[w] holds bits of weight 2^w, inverted ones at no cost; `constant` is added to them.
struct Summands {
  std::vector<std::vector<Literal>> columns;
  std::uint64_t constant = 0;
};

/// Adds up `summands` in carry chains of xc7 (checked): counters of six bits in two positions each until one
/// chain can add what is left (map/chain_plan says which, map/chain_row builds them). About 0.63 LUT positions a
/// bit where registers are inserted and nextpnr is told how carries leave their chains (flow/carry_export), 0.95
/// else.
///
/// width   bits of the sum; it fits them (the caller's promise)
/// unit    names as for SumSynthesizer::add_up
/// Returns [width] the sum, least significant bit first
/// Source  Preusser 2017 ("Generic and universal parallel matrix summation with a flexible compression goal for
///         Xilinx FPGAs", FPL) for counters in carry chains
std::vector<NetId> add_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit);

/// The bit `sum of summands >= 2^width`, where the sum is below 2^(width + 1) (the caller's promise), in the same
/// way; of the last chain only the carry is built, several columns a position. About 0.62 LUT positions a bit.
/// A comparison with t is summands + 2^width - t >= 2^width.
///
/// unit  names of the counters' nets
/// name  of the result where a chain gives it
NetId exceeds_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit,
                        const NetName& name);

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/map/compare.hpp"

namespace lutgen::map {

/// Summands by weight: columns[w] holds bits of weight 2^w, inverted ones (Builder::inverse, too) at no cost;
/// `constant` is added to them.
struct Summands {
  std::vector<std::vector<Literal>> columns;
  std::uint64_t constant = 0;
};

/// Adds up `summands` in carry chains of xc7 (checked): counters until one chain can
/// add what is left (map/chain_plan says which, map/chain_row builds them). About 0.6 LUT positions a bit where
/// registers are inserted and nextpnr is told how nets enter and leave its chains (flow/carry_chains), 0.95 else.
///
/// width   bits of the sum; it fits them (the caller's promise)
/// unit    names as for SumSynthesizer::add_up
/// Returns [width] the sum, least significant bit first
/// Source  Preusser 2017 ("Generic and universal parallel matrix summation with a flexible compression goal for
///         Xilinx FPGAs", FPL) for counters in carry chains
std::vector<NetId> add_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit);

/// A comparison: `net` is the carry at 2^width of the summands + `added`. width is 0 where `net` is a constant.
struct ChainCarry {
  NetId net = NetId::zero;
  std::uint32_t width = 0;
  std::int64_t added = 0;
};

/// Builds the bit `sum of summands > constant` in the same way; of the last chain only the carry is built, several
/// columns a position. About 0.6 LUT positions a bit.
///
/// constant  0 or more (checked)
/// unit      names of the counters' nets
/// name      of the result where a cell gives it
ChainCarry exceeds_in_chains(Builder& builder, Summands summands, std::int64_t constant, const NetName& unit,
                             const NetName& name);

}  // namespace lutgen::map

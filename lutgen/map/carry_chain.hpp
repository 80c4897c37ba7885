// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// How two bits stand for one operand of a column. A counter has x ^ y in one column and x & y in the next: together
/// they are x + y of the first.
enum class Pair : std::uint8_t { none, exclusive_or, both };

/// What a column adds: a net, or a pair of nets (each column with `exclusive_or` is followed by one with `both` of the
/// same two nets at the same place; checked).
struct ChainOperand {
  NetId net = NetId::zero;
  NetId partner = NetId::zero;
  Pair pair = Pair::none;
};

/// One column of a carry chain: it adds two operands to the carry from the column before.
///
/// sum      name of its sum bit, where `has_sum`; else nothing reads it
/// A column of x + x ends a counter and begins the next: its sum is the carry that comes in, its carry is x.
struct ChainColumn {
  ChainOperand first;
  ChainOperand second;
  NetName sum;
  bool has_sum = true;
  [[nodiscard]] bool is_between() const {
    return first.net == second.net && first.pair == Pair::none && second.pair == Pair::none;
  }
};

/// A carry chain's delay, in LUT levels: one for its LUTs, one for the ripple and the sum.
inline constexpr std::uint8_t kChainLevels = 2;

/// Builds one carry chain, in a group of its own, on any family but xc7 (checked; map/chain_row builds those), and
/// claims what it does: CCU2C with two columns each, SB_LUT4 with SB_CARRY, Gowin's ALU or CC_ADDF. A pair is part of
/// the cell on ecp5, where only the second operand can be one, and a LUT that gets into the CPE on gatemate (checked:
/// on no other family).
///
/// carry_in  of the first column. A net that is no constant costs a position on ice40 and ecp5, as a column of x + x does
/// inner     names of the carries
/// unused    names of outputs that nothing reads
/// Returns   [columns] the sum bits; the carry of the last column is dropped
/// Source    Lattice FPGA-TN-02204 and Yosys' CCU2C model (ecp5), FPGA-TN-02026 (ice40), UG288 (gowin), Cologne Chip DS1001
std::vector<NetId> add_carry_chain(Builder& builder, std::span<const ChainColumn> columns, NetId carry_in, NameSource& inner,
                                   NameSource& unused);

}  // namespace lutgen::map

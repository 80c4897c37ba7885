// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// Adds columns of at most two bits each (checked) and gives the sum, least significant bit first, as
/// many bits as there are columns; a carry out of the last column is dropped.
///
/// Columns below the first with two bits pass through. Up to three columns with few inputs become LUTs;
/// longer rows become a carry chain: CCU2C, SB_LUT4 with SB_CARRY, Gowin's ALU, or
/// CC_ADDF. Not for xc7 (checked), whose last rows map/chain_row builds.
///
/// unit    bit i of the sum is named `s<i>` where a cell drives it
/// unused  names of outputs that nothing reads
std::vector<NetId> add_two_rows(Builder& builder, const Columns& columns, const NetName& unit, NameSource& unused);

/// A carry chain's delay, in LUT levels: one for its LUTs, one for the ripple and the sum.
inline constexpr std::uint8_t kChainLevels = 2;

/// What a column of a carry chain gives.
struct ColumnNets {
  NetId sum = NetId::zero;
  NetId carry = NetId::zero;
};

/// One column of a carry chain, in the current group, on a family that has one cell a column (gowin: ALU, gatemate:
/// CC_ADDF; checked). `operands` are the two bits and the carry from the column before.
ColumnNets add_carry_column(Builder& builder, const std::array<NetId, 3>& operands, const NetName& sum,
                            const NetName& carry);

/// Claims that the column adds its operands: sum + 2 * carry.
void claim_column(Builder& builder, const std::array<NetId, 3>& operands, const ColumnNets& nets);

}  // namespace lutgen::map

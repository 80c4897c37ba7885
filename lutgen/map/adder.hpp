// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// Adds columns of at most two bits each (checked) and gives the sum, least significant bit first, as
/// many bits as there are columns; a carry out of the last column is dropped.
///
/// Columns below the first with two bits pass through. Up to three columns with few inputs become LUTs;
/// longer rows become a carry chain: CARRY4 with S = a ^ b and DI = a (UG953), CCU2C, SB_LUT4 with
/// SB_CARRY, or Gowin's ALU.
///
/// unit  bit i of the sum is named `s<i>` where a cell drives it
std::vector<NetId> add_two_rows(Builder& builder, const Columns& columns, const NetName& unit);

}  // namespace lutgen::map

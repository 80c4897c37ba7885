// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// Adds columns of at most two bits each (checked) and gives the sum, least significant bit first, as
/// many bits as there are columns; a carry out of the last column is dropped.
///
/// Columns below the first with two bits pass through. Up to three columns with few inputs become LUTs;
/// longer rows become a carry chain (map/carry_chain). Not for xc7 (checked), whose last rows map/chain_row builds.
///
/// unit    bit i of the sum is named `s<i>` where a cell drives it
/// unused  names of outputs that nothing reads
std::vector<NetId> add_two_rows(Builder& builder, const Columns& columns, const NetName& unit, NameSource& unused);

}  // namespace lutgen::map

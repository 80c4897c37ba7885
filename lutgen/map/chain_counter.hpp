// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// One rank of counters in GateMate's carry chains; gives the columns that are left, lower than before.
///
/// A counter that is k columns long adds two bits of each column and a third of its first one, and gives one bit of
/// each and a carry: 2k + 1 bits become k + 1. Several counters stand in one chain: between two, a column
/// adds x + x to the carry, where x is the third bit of the next counter. Its sum is the carry that came in, its
/// carry is x, so one cell ends a counter and begins the next. With it a counter costs k + 1 halves of a CPE for
/// k bits less; a full adder in CC_L2T4 costs 3 for one.
/// Where only one column is high, five bits of it are counted: the operands of a CC_ADDF have room for a two-input
/// table each, so two pairs of bits become x ^ y of this column and x & y of the next, at no cost.
/// (On Gowin, whose ALU is as large as a LUT, this was tried and dropped: 4 % less LUTs and ALUs, but more
/// flops behind ALUs, for which nextpnr adds LUTs.)
///
/// inner   names of the bits made; a carry that leaves the last column is dropped (always 0: the caller's promise)
/// unused  names of outputs that nothing reads
/// Source  the cell: Cologne Chip DS1001, CPE, adder modes
Columns compress_in_chains(Builder& builder, const Columns& columns, NameSource& inner, NameSource& unused);

}  // namespace lutgen::map

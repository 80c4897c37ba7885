// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// One rank of counters in carry chains of ice40, ecp5 or gatemate; gives the columns that are left, lower than before.
///
/// A counter that is k columns long adds two bits of each column and a third of its first one, and gives one bit of
/// each and a carry: 2k + 1 bits become k + 1. Several counters stand in one chain: between two, a column
/// adds x + x to the carry, where x is the third bit of the next counter. Its sum is the carry that came in, its
/// carry is x, so one cell ends a counter and begins the next, and a counter takes k + 1 cells for k bits less. A full
/// adder in LUTs takes 2 (gatemate: 3) for one.
///
/// ice40     as said: a popcount takes about 1.5 logic cells a bit
/// ecp5      a column has room for one bit more, as a pair with another: four bits of a column and one of the next
///           become three in 3 halves of a CCU2C; about 1.4 a bit
/// gatemate  where only one column is high, five bits of it are counted: each of the operands of a CC_ADDF has room
///           for a pair
/// A popcount has many more bits of weight 1 than of any other at first. What full adders in LUTs take of a column that
/// stands alone is lost for longer counters, so in each rank they may take only some: a full adder for every
/// `bits_per_adder` bits that are left, at least one.
/// (On Gowin, whose ALU is as large as a LUT, this was tried and dropped: 4 % less LUTs and ALUs, but more
/// flops behind ALUs, for which nextpnr adds LUTs.)
///
/// inner   names of the bits made; a carry that leaves the last column is dropped (always 0: the caller's promise)
/// unused  names of outputs that nothing reads
/// Cost    O(bits)
Columns compress_in_chains(Builder& builder, const Columns& columns, std::size_t bits_per_adder, NameSource& inner,
                           NameSource& unused);

}  // namespace lutgen::map

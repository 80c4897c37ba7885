// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "lutgen/eval/program.hpp"

namespace lutgen::eval {

/// Adds a table of up to 16 inputs to a program, in few operations: constant, equal and complementary inputs and those that
/// do not matter are dropped first; functions of four inputs come from a table of cheapest forms; every input above is split
/// off with the two cheapest of low half, high half and their difference. A random table of six inputs takes about 11
/// operations of three inputs (15 as a tree of multiplexers).
///
/// table   2^inputs bits, as truth::TruthTable::words
/// inputs  [inputs], input 0 the least significant address bit
/// Cost    a microsecond for 6 inputs; twice as much with every input more
Lit add_table(ProgramBuilder& builder, std::span<const std::uint64_t> table, std::span<const Lit> inputs);

}  // namespace lutgen::eval

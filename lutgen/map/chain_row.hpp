// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/map/chain_plan.hpp"
#include "lutgen/map/compare.hpp"

namespace lutgen::map {

/// One column that a row of CARRY4 takes.
///
/// bits   summands of the column's weight, inverted ones at no cost; the first is not inverted where it goes to DI
///        without a LUT (Excluded::bit or ::none, and the position reads 6 nets)
/// one    1 more
/// gates  more of them, which have no net: the position's LUTs compute them (Builder::find_gate; at most one in a
///        position that leaves something to the next, two in others)
/// step   what the row does with them (the carry-in bit is not among `bits`)
struct RowInput {
  std::vector<Literal> bits;
  bool one = false;
  RowStep step;
  std::vector<Literal> gates = {};
};

/// What a row gives.
///
/// sums   [columns] sum bits of a row with the goal `sum`, least significant first; NetId::zero where the step is `pass`
/// carry  the carry out of the last column (goal `exceeds`, and `sum` when it was asked for)
struct RowOutput {
  std::vector<NetId> sums;
  NetId carry = NetId::zero;
};

/// Where a row is and what its nets are called.
///
/// sum_names  [columns] names of the sum bits
/// result     name of the carry out
/// inner      names of the nets between LUTs and chain
/// unused     names of outputs that nothing reads
struct RowNames {
  std::vector<NetName> sum_names;
  NetName result;
  NameSource* inner = nullptr;
  NameSource* unused = nullptr;
};

/// Builds one carry chain of xc7 (checked), and claims what it does: column by column the sum of `columns` plus
/// `carry_in` (goal `sum`), or only whether it reaches 2^columns (goal `exceeds`). Its outputs end a pipeline
/// stage where registers are inserted, so that a sum output and the carry of one position can both leave it.
///
/// carry_in   weight of column 0; NetId::zero for none
/// needs_carry  goal `sum`: whether the carry out of the last column is used; if not, it cannot occur (the caller's
///              promise)
/// Cost       O(columns)
/// Source     UG474, "Carry Logic"
RowOutput add_carry_row(Builder& builder, std::span<const RowInput> columns, NetId carry_in, RowGoal goal,
                        bool needs_carry, const RowNames& names);

}  // namespace lutgen::map

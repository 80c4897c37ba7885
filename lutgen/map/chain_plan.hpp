// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lutgen::map {

/// What the last row gives: all bits of the sum, or only its carry out.
enum class RowGoal : std::uint8_t { sum, exceeds };

/// What the last row, one carry chain, does with a column.
///
/// pass       sum: the column's only bit is the sum bit, no position. exceeds: no carry can come out yet, or the
///            carry passes unchanged, no position
/// add        sum: a position; its sum output is the sum bit
/// carry_out  sum: the carry itself is the sum bit, no position; the row ends here
/// open       exceeds: the column's bits wait for the position of a later column
/// close      exceeds: a position takes the bits of this column and of the open ones below, and gives their carry
enum class RowAction : std::uint8_t { pass, add, carry_out, open, close };

/// The bit that a position takes as the carry input of its row.
enum class CarryIn : std::uint8_t { none, bit, one };

/// The summand that goes to DI of an `add` position; the half of all others goes on to the next position. `none`:
/// they are at most two together, and nothing is left.
enum class Excluded : std::uint8_t { none, bit, rest, one };

/// What a row does with one column.
struct RowStep {
  RowAction action = RowAction::pass;
  CarryIn carry_in = CarryIn::none;
  Excluded excluded = Excluded::none;
};

/// What becomes of the bits of one column.
///
/// six_counters   (6;3): six bits of this column, in two positions of a carry chain
/// five_counters  (1,5;3): five bits of this column and one of the next, in two positions
/// nine_counters  (1,2,6;4): six bits of this column, two of the next and one of the one after, in three positions
/// adders         (3;2): full adders, one position each
/// half_adders    (2;2), one position each: they remove nothing, and only make room for a constant
/// kept           bits left for the last row
struct ColumnPlan {
  std::uint32_t six_counters = 0;
  std::uint32_t five_counters = 0;
  std::uint32_t nine_counters = 0;
  std::uint32_t adders = 0;
  std::uint32_t half_adders = 0;
  std::uint32_t kept = 0;
  RowStep step;
};

/// Counters and the last row for columns of bits.
///
/// positions  LUT positions of all of it, each carry that leaves a chain counted as free (flow/carry_chains)
struct ChainPlan {
  std::vector<ColumnPlan> columns;
  std::uint32_t positions = 0;
};

/// One counter of a plan: bits[i] bits of column `column` + i, and one of `column` as the carry in. It gives a bit of
/// each of its columns and a carry, as many as positions() + 1.
struct Counter {
  std::size_t column = 0;
  std::array<std::uint32_t, 3> bits = {};
  [[nodiscard]] std::uint32_t positions() const;
};

/// The order in which the counters of a plan are built: rank by rank, each as soon as its bits are there.
class CounterSchedule {
 public:
  explicit CounterSchedule(std::vector<ColumnPlan> columns) : left_(std::move(columns)) {}
  [[nodiscard]] bool is_done() const;
  /// The next counter whose bits are there, now taken: `ready` [columns and some more] bits of each column. O(columns).
  [[nodiscard]] std::optional<Counter> take_next(std::span<const std::uint32_t> ready);

 private:
  std::vector<ColumnPlan> left_;
};

/// The plan with the fewest positions, by dynamic programming over the columns, lowest first.
///
/// A position of a CARRY4 gives O = S ^ c and, as the next carry, S ? c : DI, where S and DI come from LUTs with at
/// most 5 inputs together. So it adds to the carry a number v in {0, 1, 2} (S = v is 1, DI = v is 2) that depends
/// on at most 5 bits; what exceeds that goes on as `rest` to the next position, which must read the same bits again.
/// From this follows that two positions count six bits (v = parity of four + the fifth, the sixth is the carry in;
/// then v = half the count of the four), which removes 1.5 bits a position: the most under these rules, as
/// each bit of a column must be read in its own position and, but for one, again in the next.
/// A row that only needs its carry takes several columns in one position: v is then "their sum overflows" or
/// "it overflows with a carry".
///
/// counts  [columns] bits of weight 2^column
/// ones    [columns] 0 or 1: a constant one of that weight
/// gates   [columns] of the bits of each column, how many are functions of two nets of their own: a (1,5;3) counter has
///         room for one of these, a full adder for two, which then need no LUT; empty for none
/// Requires  sum: the sum fits the columns; exceeds: the sum is below twice the weight of the last column + 1
/// Gives   nothing where a column near the top has more bits than fit: add an empty column (sum) and try again
/// Cost    some 10^4 steps a column
/// Source  UG474, "Carry Logic" and "Wide multiplexers" (X inputs); Kumm and Zipf 2014 and Preusser 2017 for counters in carry chains, under other rules
[[nodiscard]] std::optional<ChainPlan> plan_chains(std::span<const std::uint32_t> counts,
                                                   std::span<const std::uint8_t> ones, RowGoal goal,
                                                   std::span<const std::uint32_t> gates = {});

}  // namespace lutgen::map

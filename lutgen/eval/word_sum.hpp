// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/eval/program.hpp"

namespace lutgen::eval {

/// A number for each sample, as bit planes: bits[p] is bit p (least significant first) of a number without sign.
using Planes = std::vector<Lit>;

/// Adds up weighted bits in a program, by full adders: three bits of a column become one and a carry as soon as they are
/// there, so that few of them wait at any time.
class WordSum {
 public:
  explicit WordSum(ProgramBuilder& builder) : builder_(&builder) {}

  /// Adds weight * bit; a negative weight counts the complement, and `offset` takes the difference.
  void add(Lit bit, std::int64_t weight);
  /// Adds a number. O(1).
  void add_constant(std::int64_t value) { offset_ += value; }
  /// What the sum is more than its planes. O(1).
  [[nodiscard]] std::int64_t offset() const { return offset_; }
  /// The bit planes of the sum minus `base`, which is at most `offset` (checked); nothing can be added afterwards.
  [[nodiscard]] Planes finish(std::int64_t base);

 private:
  void put(std::size_t column, Lit bit);

  ProgramBuilder* builder_;
  std::vector<Planes> columns_;  // at most two bits wait in each
  std::int64_t offset_ = 0;
};

/// number > constant. One operation of three inputs for two planes.
Lit add_exceeds(ProgramBuilder& builder, std::span<const Lit> number, std::int64_t constant);

/// x > y, of equally many planes (checked).
Lit add_greater(ProgramBuilder& builder, std::span<const Lit> x, std::span<const Lit> y);

/// The planes of the index of the largest number, the lowest of equal ones: as many as `numbers.size() - 1` needs.
/// All numbers have equally many planes (checked).
Planes add_argmax(ProgramBuilder& builder, std::span<const Planes> numbers);

}  // namespace lutgen::eval

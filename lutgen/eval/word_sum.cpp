// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/word_sum.hpp"

#include <bit>

#include "lutgen/base/result.hpp"

namespace lutgen::eval {

void WordSum::add(Lit bit, std::int64_t weight) {
  if (weight < 0) {
    offset_ += weight;
    weight = -weight;
    bit = ~bit;
  }
  for (auto rest = static_cast<std::uint64_t>(weight); rest != 0; rest &= rest - 1) {
    put(static_cast<std::size_t>(std::countr_zero(rest)), bit);
  }
}

void WordSum::put(std::size_t column, Lit bit) {
  while (bit != Lit::zero) {
    if (column >= columns_.size()) columns_.resize(column + 1);
    Planes& waiting = columns_[column];
    if (waiting.size() < 2) {
      waiting.push_back(bit);
      return;
    }
    const Lit x = waiting[0];
    const Lit y = waiting[1];
    Lit carry = Lit::zero;
    if (builder_->basis() == Basis::ternary) {
      carry = builder_->add3(0xE8, x, y, bit);
      waiting[0] = builder_->add3(0x96, x, y, bit);
    } else {
      const Lit change = builder_->add2(0x6, x, y);
      carry = builder_->add2(0x6, builder_->add2(0x8, x, y), builder_->add2(0x8, change, bit));
      waiting[0] = builder_->add2(0x6, change, bit);
    }
    waiting.pop_back();
    bit = carry;
    ++column;
  }
}

Planes WordSum::finish(std::int64_t base) {
  LUTGEN_CHECK(base <= offset_);
  const auto constant = static_cast<std::uint64_t>(offset_ - base);
  for (std::uint64_t rest = constant; rest != 0; rest &= rest - 1) {
    put(static_cast<std::size_t>(std::countr_zero(rest)), Lit::one);
  }
  Planes planes;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    Planes waiting = std::move(columns_[column]);
    if (waiting.size() == 2) {
      put(column + 1, builder_->add2(0x8, waiting[0], waiting[1]));
      waiting[0] = builder_->add2(0x6, waiting[0], waiting[1]);
    }
    planes.push_back(waiting.empty() ? Lit::zero : waiting[0]);
  }
  while (!planes.empty() && planes.back() == Lit::zero) planes.pop_back();
  return planes;
}

Lit add_exceeds(ProgramBuilder& builder, std::span<const Lit> number, std::int64_t constant) {
  if (constant < 0) return Lit::one;
  if (static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(constant))) > number.size()) return Lit::zero;
  const auto has = [&](std::size_t plane) { return ((constant >> plane) & 1) != 0; };
  // From the least significant plane: a plane where the constant is 0 can only help, one where it is 1 must be there.
  Lit exceeds = Lit::zero;
  std::size_t p = 0;
  for (; p + 1 < number.size(); p += 2) {
    unsigned table = 0;
    for (unsigned a = 0; a < 8; ++a) {
      const bool x = (a & 1) != 0;
      const bool y = (a & 2) != 0;
      bool result = (a & 4) != 0;
      result = has(p) ? x && result : x || result;
      result = has(p + 1) ? y && result : y || result;
      table |= (result ? 1u : 0u) << a;
    }
    exceeds = builder.add3(table, number[p], number[p + 1], exceeds);
  }
  if (p < number.size()) exceeds = builder.add2(has(p) ? 0x8 : 0xE, number[p], exceeds);
  return exceeds;
}

Lit add_greater(ProgramBuilder& builder, std::span<const Lit> x, std::span<const Lit> y) {
  LUTGEN_CHECK(x.size() == y.size());
  Lit greater = Lit::zero;
  for (std::size_t p = 0; p < x.size(); ++p) greater = builder.add3(0xE8, x[p], ~y[p], greater);
  return greater;
}

Planes add_argmax(ProgramBuilder& builder, std::span<const Planes> numbers) {
  LUTGEN_CHECK(!numbers.empty());
  Planes best = numbers[0];
  Planes index(static_cast<std::size_t>(std::bit_width(numbers.size() - 1)), Lit::zero);
  for (std::size_t n = 1; n < numbers.size(); ++n) {
    const Lit greater = add_greater(builder, numbers[n], best);
    for (std::size_t p = 0; p < index.size(); ++p) {
      index[p] = builder.choose(greater, ((n >> p) & 1) != 0 ? Lit::one : Lit::zero, index[p]);
    }
    if (n + 1 == numbers.size()) break;
    for (std::size_t p = 0; p < best.size(); ++p) best[p] = builder.choose(greater, numbers[n][p], best[p]);
  }
  return index;
}

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/step.hpp"

namespace lutgen::optimize {

using logic::index_of;

Relation chain(const Relation& first, const Relation& second) {
  Relation result;
  result.bits.reserve(first.bits.size());
  for (const Literal& literal : first.bits) {
    Literal after;
    if (literal.is_held()) after = second.bits[index_of(literal.bit)];
    after.inverted = after.is_held() && after.inverted != literal.inverted;
    result.bits.push_back(after);
  }
  for (const logic::SumId sum : first.sums) {
    result.sums.push_back(sum == logic::kNoSum ? logic::kNoSum : second.sums[index_of(sum)]);
  }
  return result;
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/truth/incomplete.hpp"

#include <bit>

#include "tests/support/property.hpp"

using namespace lutgen;
using truth::TruthTable;

namespace {

TruthTable any_table(int inputs) {
  TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, *rc::gen::arbitrary<bool>());
  return table;
}

/// Whether some completion depends on `kept` only: no two entries that matter differ where these inputs agree.
bool is_enough(const TruthTable& table, const TruthTable& care, std::uint32_t kept) {
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    for (std::uint32_t b = 0; b < a; ++b) {
      if (((a ^ b) & kept) == 0 && care.bit(a) && care.bit(b) && table.bit(a) != table.bit(b)) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a completed table stays where it matters, and has as few inputs as can be", "[truth][property]") {
  rc::check([] {
    const int inputs = *rc::gen::inRange(0, 6);
    const TruthTable table = any_table(inputs);
    TruthTable care = any_table(inputs);
    // Few entries that matter: there inputs go.
    for (std::uint32_t a = 0; a < care.entries(); ++a) care.set_bit(a, care.bit(a) && *rc::gen::arbitrary<bool>());
    const TruthTable completed = truth::complete_table(table, care);
    for (std::uint32_t a = 0; a < table.entries(); ++a) RC_ASSERT(!care.bit(a) || completed.bit(a) == table.bit(a));
    int fewest = std::popcount(table.support());
    for (std::uint32_t kept = 0; kept < table.entries(); ++kept) {
      if ((kept & ~table.support()) == 0 && is_enough(table, care, kept)) fewest = std::min(fewest, std::popcount(kept));
    }
    RC_ASSERT(std::popcount(completed.support()) == fewest);
    if (fewest == std::popcount(table.support())) RC_ASSERT(completed == table);
  });
}

TEST_CASE("wide tables lose inputs one by one", "[truth]") {
  // A parity of inputs 0 and 9 that matters only where input 9 is 1: the complement of input 0 is enough.
  TruthTable table(10);
  TruthTable care(10);
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    table.set_bit(a, ((a ^ a >> 9) & 1) != 0);
    care.set_bit(a, a >> 9 != 0);
  }
  CHECK(truth::complete_table(table, care) == TruthTable::projection(10, 0).complement());
  CHECK(truth::complete_table(table, TruthTable(10).complement()) == table);
}

TEST_CASE("entries that nobody reads take the side of most", "[truth]") {
  const TruthTable majority = TruthTable::from_word(3, 0b11101000);
  // Nothing matters: half of the entries are 1, so 0.
  CHECK(truth::complete_table(majority, TruthTable(3)).constant_value() == 0);
  // Input 2 alone tells entries 0 and 7 apart, and so does each other: the lowest set stays.
  CHECK(truth::complete_table(majority, TruthTable::from_word(3, 0b10000001)) == TruthTable::projection(3, 0));
}

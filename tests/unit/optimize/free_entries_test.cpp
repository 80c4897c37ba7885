// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/free_entries.hpp"

#include <bit>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using truth::TruthTable;

namespace {

/// Entry of a reduced function at an address of the whole one.
bool value(const optimize::Reduced& reduced, std::uint32_t address) {
  std::uint32_t packed = 0;
  std::uint32_t next = 0;
  for (std::uint32_t k = 0; k < 32; ++k) {
    if (((reduced.kept >> k) & 1) != 0) packed |= ((address >> k) & 1) << next++;
  }
  return reduced.table.bit(packed);
}

}  // namespace

TEST_CASE("a reduced function agrees wherever that matters", "[optimize][dontcares][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const int inputs = 1 + static_cast<int>(rng.below(10));
    optimize::PartialTable partial{TruthTable(inputs), TruthTable(inputs)};
    const std::uint64_t density = 1 + rng.below(12);
    for (std::uint32_t a = 0; a < partial.table.entries(); ++a) {
      partial.table.set_bit(a, rng.below(2) == 0);
      partial.care.set_bit(a, rng.below(density) == 0);
    }
    std::vector<std::uint32_t> costs;
    for (int k = 0; k < inputs; ++k) costs.push_back(1 + static_cast<std::uint32_t>(rng.below(3)));
    const auto reduced = optimize::find_reduced(partial, costs);
    RC_ASSERT(std::popcount(reduced.kept) == reduced.table.inputs());
    for (std::uint32_t a = 0; a < partial.table.entries(); ++a) {
      if (partial.care.bit(a)) RC_ASSERT(value(reduced, a) == partial.table.bit(a));
    }
  });
}

TEST_CASE("the cheapest inputs are kept", "[optimize][dontcares]") {
  // Only addresses 0 and 3 occur: either input says it all.
  const optimize::PartialTable wire{TruthTable::from_word(2, 0b1000), TruthTable::from_word(2, 0b1001)};
  CHECK(optimize::find_reduced(wire, std::vector<std::uint32_t>{1, 1}).kept == 0b01);
  CHECK(optimize::find_reduced(wire, std::vector<std::uint32_t>{2, 1}).kept == 0b10);
  // Nothing is free: all inputs of a parity stay.
  const optimize::PartialTable parity{TruthTable::from_word(3, 0x96), TruthTable::from_word(3, 0xFF)};
  CHECK(optimize::find_reduced(parity, std::vector<std::uint32_t>{1, 1, 1}).kept == 0b111);
  // Nothing matters: a constant.
  const optimize::PartialTable free{TruthTable::from_word(3, 0x96), TruthTable(3)};
  CHECK(optimize::find_reduced(free, std::vector<std::uint32_t>{1, 1, 1}).table.inputs() == 0);
}

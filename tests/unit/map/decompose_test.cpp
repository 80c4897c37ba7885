// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/decompose.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/map/tables.hpp"

using namespace lutgen;
using truth::TruthTable;

namespace {

/// What functions of so many inputs cost in LUT6 and multiplexers; above 8 inputs something.
constexpr std::array<std::uint32_t, 13> kCosts = {1, 1, 1, 1, 1, 1, 1, 2, 4, 9, 17, 37, 69};

}  // namespace

TEST_CASE("a split computes its table, for less", "[map][decompose][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const int inputs = 5 + static_cast<int>(rng.below(6));
    const TruthTable table = rng.below(2) == 0 ? test::weighted_table(inputs, rng) : test::composed_table(inputs, 3 + static_cast<int>(rng.below(3)), rng);
    // With LUT4, so that 5 inputs are already too many.
    std::vector<std::uint32_t> costs = {1, 1, 1, 1, 1};
    for (int n = 5; n <= inputs; ++n) costs.push_back(3 * costs.back());
    const auto splits = map::find_splits(table, costs, 4);
    std::uint32_t before = 0;
    for (const map::Split& split : splits) {
      RC_ASSERT(map::compose_split(split) == table);
      RC_ASSERT((split.bound | split.rest) == (1u << inputs) - 1);
      const auto bound = static_cast<std::size_t>(std::popcount(split.bound));
      const std::uint32_t cost = static_cast<std::uint32_t>(split.inner.size()) * costs[bound] +
                                 costs[static_cast<std::size_t>(split.outer.inputs())];
      RC_ASSERT(cost < costs.back());
      RC_ASSERT(cost >= before);
      before = cost;
    }
  });
}

TEST_CASE("a function of a function is found, whatever the order of its inputs", "[map][decompose][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const int inputs = 8 + static_cast<int>(rng.below(3));
    const int bound = std::max(inputs - 5, 2 + static_cast<int>(rng.below(5)));
    const auto splits = map::find_splits(test::composed_table(inputs, bound, rng), kCosts, 1);
    RC_ASSERT(!splits.empty());
    RC_ASSERT(splits[0].inner.size() == 1u);  // two LUT6
    RC_ASSERT(splits[0].outer.inputs() <= 6);
  });
}

TEST_CASE("sharing an input saves an inner function", "[map][decompose]") {
  // s ? (b0 xor b1 xor b2 xor b3) : majority-like of them, and two more: s has to be seen by both.
  TruthTable table(8);
  for (std::uint32_t a = 0; a < 256; ++a) {
    const std::uint32_t bits = a & 15;
    const bool s = (a & 16) != 0;
    const bool inner = s ? std::popcount(bits) % 2 == 1 : std::popcount(bits) > 2;
    const std::uint32_t rest = a >> 5;
    table.set_bit(a, s ? (inner ? rest == 5 : rest == 2) : (inner ? rest > 3 : rest % 3 == 0));
  }
  const auto splits = map::find_splits(table, kCosts, 1);
  REQUIRE(splits.size() == 1);
  CHECK(splits[0].inner.size() == 1);
  CHECK((splits[0].bound & splits[0].rest) == 16u);
  CHECK(map::compose_split(splits[0]) == table);
}

TEST_CASE("a random function has no split", "[map][decompose]") {
  base::Rng rng(7);
  for (int inputs = 7; inputs <= 10; ++inputs) CHECK(map::find_splits(test::random_table(inputs, rng), kCosts, 4).empty());
}

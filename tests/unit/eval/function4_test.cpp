// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/function4.hpp"

#include "lutgen/truth/truth_table.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using eval::Basis;

TEST_CASE("an input is exchanged with the top one", "[eval][function4][property]") {
  test::property([](std::uint64_t word) {
    for (int k = 0; k < 6; ++k) {
      const std::uint64_t swapped = eval::swap_top6(word, k);
      const auto table = truth::TruthTable::from_word(6, word);
      for (std::uint32_t a = 0; a < 64; ++a) {
        const std::uint32_t other = (a & ~(1u << k) & ~32u) | ((a >> k) & 1) << 5 | ((a >> 5) & 1) << k;
        RC_ASSERT(((swapped >> a) & 1) == std::uint64_t{table.bit(other)});
      }
    }
    for (int k = 0; k < 5; ++k) {
      const auto low = static_cast<std::uint32_t>(word);
      RC_ASSERT(eval::swap_top5(eval::swap_top5(low, k), k) == low);
    }
    for (int k = 0; k < 4; ++k) {
      const auto low = static_cast<std::uint32_t>(word & 0xFFFF);
      RC_ASSERT(eval::swap_top4(eval::swap_top4(low, k), k) == low);
    }
  });
}

TEST_CASE("four inputs take two or three operations of three inputs", "[eval][function4]") {
  const eval::Functions4& functions = eval::functions4(Basis::ternary);
  std::array<std::size_t, 4> count{};
  for (const std::uint8_t cost : functions.cost4) ++count.at(cost);
  CHECK(count[0] == 10);  // two constants, four inputs, four complements
  CHECK(count[1] + count[2] > count[3]);
  CHECK(functions.cost4[0x6996] == 2);
  CHECK(functions.cost4[0x8000] == 2);
}

TEST_CASE("functions of four inputs are not dearer in either basis than a tree of multiplexers", "[eval][function4]") {
  const eval::Functions4& functions = eval::functions4(Basis::binary);
  for (std::uint32_t table = 0; table < 65536; ++table) {
    const unsigned tree = functions.cost3[table & 0xFF] + functions.cost3[table >> 8] + 3u;
    REQUIRE(functions.cost4[table] <= tree);
  }
  CHECK(functions.cost4[0x6996] == 3);
  CHECK(functions.cost4[0x8000] == 3);
}

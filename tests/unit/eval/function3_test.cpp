// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/function3.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;

TEST_CASE("inputs of a three-input table are inverted, fixed and exchanged", "[eval][function3]") {
  CHECK(eval::flip3(0xAA, 0) == 0x55);
  CHECK(eval::flip3(0xCA, 2) == 0xAC);
  CHECK(eval::fix3(0xCA, 2, true) == 0xCC);
  CHECK(eval::fix3(0xCA, 2, false) == 0xAA);
  CHECK(eval::swap3(0xAA, 0) == 0xCC);
  CHECK(eval::swap3(0xCC, 1) == 0xF0);
  CHECK(eval::permute3(0xCA, {2, 0, 1}) == 0xE4);  // y's old place is z: x ? z : y
  CHECK(eval::depends3(0xAA, 0));
  CHECK_FALSE(eval::depends3(0xAA, 1));
}

TEST_CASE("every function of three inputs has a chain of at most four two-input operations", "[eval][function3]") {
  const auto& chains = eval::shortest_chains();
  std::size_t longest = 0;
  for (unsigned table = 0; table < 256; table += 2) {
    std::vector<unsigned> values(eval::kInput3.begin(), eval::kInput3.end());
    for (const eval::ChainStep& step : chains[table / 2]) {
      CHECK((step.table & 1) == 0);
      unsigned result = 0;
      for (unsigned a = 0; a < 8; ++a) {
        const unsigned address = ((values[step.x] >> a) & 1) | ((values[step.y] >> a) & 1) << 1;
        result |= ((step.table >> address) & 1u) << a;
      }
      values.push_back(result);
    }
    longest = std::max(longest, values.size() - 3);
    if (values.size() > 3) CHECK(values.back() == table);
  }
  CHECK(longest == 4);
  CHECK(chains[0x96 / 2].size() == 2);
  CHECK(chains[0xE8 / 2].size() == 4);
  CHECK(chains[0xCA / 2].size() == 3);
}

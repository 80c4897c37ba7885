// SPDX-License-Identifier: Apache-2.0
#include "lutgen/tech/cells.hpp"

#include <set>
#include <string>

#include "tests/support/property.hpp"

using namespace lutgen;
using tech::Cell;

TEST_CASE("every cell type is listed under its own number", "[tech]") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < tech::kCellCount; ++i) {
    const auto& type = tech::cell_type(static_cast<Cell>(i));
    CHECK(static_cast<std::size_t>(type.id) == i);
    names.insert(std::string(tech::family_name(type.family)) + "/" + std::string(type.name));
  }
  CHECK(names.size() == tech::kCellCount);
}

TEST_CASE("families are found by name only", "[tech]") {
  for (const auto family : tech::kFamilies) CHECK(tech::find_family(tech::family_name(family)) == family);
  CHECK_FALSE(tech::find_family("xc8").has_value());
  CHECK_FALSE(tech::find_family("").has_value());
}

TEST_CASE("a LUT gives the init bit at its address", "[tech][property]") {
  test::property([](std::uint64_t init, std::array<std::uint64_t, 6> inputs) {
    std::uint64_t output = 0;
    tech::evaluate_cell(Cell::lut6, init, inputs, std::span(&output, 1));
    for (unsigned s = 0; s < 64; ++s) {
      unsigned address = 0;
      for (unsigned k = 0; k < 6; ++k) address |= static_cast<unsigned>((inputs[k] >> s) & 1) << k;
      RC_ASSERT(((output >> s) & 1) == ((init >> address) & 1));
    }
  });
}

TEST_CASE("CARRY4 with xor and buffer adds two numbers", "[tech]") {
  for (unsigned a = 0; a < 16; ++a) {
    for (unsigned b = 0; b < 16; ++b) {
      std::array<std::uint64_t, 10> in{};  // CI CYINIT DI[4] S[4]
      for (unsigned i = 0; i < 4; ++i) {
        in[2 + i] = (a >> i) & 1;
        in[6 + i] = ((a ^ b) >> i) & 1;
      }
      std::array<std::uint64_t, 8> out{};
      tech::evaluate_cell(Cell::carry4, 0, in, out);
      unsigned sum = 0;
      for (unsigned i = 0; i < 4; ++i) sum |= static_cast<unsigned>(out[4 + i] & 1) << i;
      sum |= static_cast<unsigned>(out[3] & 1) << 4;
      CHECK(sum == a + b);
    }
  }
}

TEST_CASE("a chain of Gowin ALUs adds while I3 is 1 and subtracts while it is 0", "[tech]") {
  for (unsigned a = 0; a < 8; ++a) {
    for (unsigned b = 0; b < 8; ++b) {
      for (const unsigned add : {0u, 1u}) {
        std::uint64_t carry = add == 0 ? 1 : 0;
        unsigned result = 0;
        for (unsigned i = 0; i < 3; ++i) {
          const std::array<std::uint64_t, 4> in{(a >> i) & 1, (b >> i) & 1, add, carry};  // I0 I1 I3 CIN
          std::array<std::uint64_t, 2> out{};                                             // SUM COUT
          tech::evaluate_cell(Cell::gowin_alu, tech::kGowinAddSub, in, out);
          result |= static_cast<unsigned>(out[0] & 1) << i;
          carry = out[1] & 1;
        }
        CHECK(result == ((add == 1 ? a + b : a - b) & 7));
        CHECK(carry == (add == 1 ? (a + b) >> 3 : a >= b ? 1 : 0));
      }
    }
  }
}

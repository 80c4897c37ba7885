// SPDX-License-Identifier: Apache-2.0
#include "lutgen/truth/truth_table.hpp"
#include "lutgen/truth/word_values.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;
using truth::TruthTable;

namespace {

TruthTable random_table(int inputs) {
  TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, *rc::gen::arbitrary<bool>());
  return table;
}

/// Address with bit k taken out.
std::uint32_t without_bit(std::uint32_t address, int k) {
  const std::uint32_t low = (1u << k) - 1;
  return (address & low) | ((address >> 1) & ~low);
}

}  // namespace

TEST_CASE("hex prints the highest address first", "[truth]") {
  CHECK(TruthTable::from_word(2, 0b1000).to_hex() == "8");
  CHECK(TruthTable::from_word(3, 0xE8).to_hex() == "E8");
  CHECK(TruthTable::projection(6, 0).to_hex() == "AAAAAAAAAAAAAAAA");
  CHECK(TruthTable::projection(7, 6).to_hex() == "FFFFFFFFFFFFFFFF0000000000000000");
  CHECK(TruthTable::from_word(1, 1).to_hex() == "1");
}

TEST_CASE("bytes are read least significant address first", "[truth]") {
  const std::array<std::uint8_t, 2> bytes{0x01, 0x80};
  const auto table = TruthTable::from_bytes(4, bytes);
  CHECK(table.bit(0));
  CHECK(table.bit(15));
  CHECK_FALSE(table.bit(7));
  CHECK(table.word() == 0x8001);
}

TEST_CASE("cofactors agree with the function at every address", "[truth][property]") {
  test::property([] {
    const int inputs = *rc::gen::inRange(1, 10);
    const int k = *rc::gen::inRange(0, inputs);
    const auto table = random_table(inputs);
    const auto low = table.cofactor(k, false);
    const auto high = table.cofactor(k, true);
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      const auto& side = ((a >> k) & 1) != 0 ? high : low;
      RC_ASSERT(table.bit(a) == side.bit(without_bit(a, k)));
    }
    RC_ASSERT(table.depends_on(k) == !(low == high));
  });
}

TEST_CASE("a flipped input counts the other way round", "[truth][property]") {
  test::property([] {
    const int inputs = *rc::gen::inRange(1, 10);
    const int k = *rc::gen::inRange(0, inputs);
    const auto table = random_table(inputs);
    const auto flipped = table.flipped(k);
    for (std::uint32_t a = 0; a < table.entries(); ++a) RC_ASSERT(flipped.bit(a) == table.bit(a ^ (1u << k)));
    RC_ASSERT(flipped.flipped(k) == table);
  });
}

TEST_CASE("swapped inputs change places in the address", "[truth][property]") {
  test::property([] {
    const int inputs = *rc::gen::inRange(2, 10);
    const int low = *rc::gen::inRange(0, inputs - 1);
    const int high = *rc::gen::inRange(low + 1, inputs);
    const auto table = random_table(inputs);
    const auto swapped = table.swapped(low, high);
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      const std::uint32_t rest = a & ~(1u << low) & ~(1u << high);
      RC_ASSERT(swapped.bit(a) == table.bit(rest | ((a >> low) & 1) << high | ((a >> high) & 1) << low));
    }
    RC_ASSERT(swapped.swapped(low, high) == table);
  });
}

TEST_CASE("simplifying keeps the function for every value of the signals", "[truth][property]") {
  test::property([] {
    const int inputs = *rc::gen::inRange(0, 9);
    const auto table = random_table(inputs);
    // Signals 0 and 1 are the constants; 2..6 repeat often.
    std::vector<std::uint32_t> signals;
    for (int k = 0; k < inputs; ++k) signals.push_back(*rc::gen::inRange(0u, 7u));
    const std::array<std::uint32_t, 2> constants{0, 1};
    const auto simple = truth::simplify(table, signals, constants);
    for (std::uint32_t values = 0; values < 32; ++values) {
      const auto value = [&](std::uint32_t s) { return s < 2 ? s : (values >> (s - 2)) & 1; };
      std::uint32_t before = 0;
      for (std::size_t k = 0; k < signals.size(); ++k) before |= value(signals[k]) << k;
      std::uint32_t after = 0;
      for (std::size_t k = 0; k < simple.signals.size(); ++k) after |= value(simple.signals[k]) << k;
      RC_ASSERT(table.bit(before) == simple.table.bit(after));
    }
    RC_ASSERT(simple.table.support() == (1u << simple.table.inputs()) - 1);
  });
}

TEST_CASE("a table of sixteen inputs reduces to its one live input", "[truth]") {
  const auto table = TruthTable::projection(16, 13).complement();
  CHECK(table.support() == 1u << 13);
  std::vector<std::uint32_t> signals(16);
  for (std::uint32_t k = 0; k < 16; ++k) signals[k] = 100 + k;
  const std::array<std::uint32_t, 2> constants{0, 1};
  const auto simple = truth::simplify(table, signals, constants);
  CHECK(simple.table.to_hex() == "1");
  CHECK(simple.signals == std::vector<std::uint32_t>{113});
}

TEST_CASE("an extended table ignores its new inputs", "[truth]") {
  const auto table = TruthTable::from_word(3, 0x96).extended(4);
  CHECK(table.inputs() == 7);
  CHECK(table.support() == 7);
  CHECK(table.cofactor(6, true).cofactor(5, false).cofactor(4, true).cofactor(3, false).word() == 0x96);
}

TEST_CASE("evaluating by words gives the entry at every assignment", "[truth][property]") {
  test::property([] {
    const int inputs = *rc::gen::inRange(1, 10);
    const auto table = random_table(inputs);
    for (std::size_t block = 0; block < std::max<std::size_t>(1, table.entries() / 64); ++block) {
      std::vector<std::uint64_t> values;
      for (std::size_t k = 0; k < static_cast<std::size_t>(inputs); ++k) values.push_back(truth::variable_word(k, block));
      const std::uint64_t word = truth::evaluate_words(table.words(), values);
      for (std::uint32_t a = 0; a < std::min(64u, table.entries()); ++a) {
        RC_ASSERT(((word >> a) & 1) == (table.bit(static_cast<std::uint32_t>(64 * block) + a) ? 1u : 0u));
      }
    }
  });
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/table_ops.hpp"

#include "lutgen/base/rng.hpp"
#include "lutgen/truth/truth_table.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using eval::Basis;
using eval::Lit;

namespace {

/// Makes the table in a program of so many inputs and compares it at addresses of all kinds.
void check_table(base::Rng& rng, Basis basis, const truth::TruthTable& table, std::span<const Lit> operands,
                 std::uint32_t inputs) {
  eval::ProgramBuilder builder(basis, inputs);
  const Lit result = eval::add_table(builder, table.words(), operands);
  const eval::Program program = builder.finish({result}, inputs);
  std::vector<std::uint64_t> words(inputs);
  std::vector<std::uint64_t> scratch;
  for (int block = 0; block < 8; ++block) {
    for (auto& word : words) word = rng.next();
    std::uint64_t output = 0;
    eval::interpret(program, 1, words, std::span(&output, 1), scratch);
    for (std::uint32_t s = 0; s < 64; ++s) {
      std::uint32_t address = 0;
      for (std::size_t k = 0; k < operands.size(); ++k) {
        const std::uint32_t value = value_of(operands[k]);
        const std::uint64_t bit = (value == 0 ? 0 : (words[value - 1] >> s) & 1) ^ (is_inverted(operands[k]) ? 1 : 0);
        address |= static_cast<std::uint32_t>(bit) << k;
      }
      REQUIRE(((output >> s) & 1) == std::uint64_t{table.bit(address)});
    }
  }
}

truth::TruthTable random_table(base::Rng& rng, int inputs) {
  truth::TruthTable table(inputs);
  const std::uint64_t shape = rng.below(4);
  const auto free_inputs = static_cast<std::uint32_t>(rng.next());
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    if (shape == 0) table.set_bit(a, rng.below(8) == 0);
    if (shape == 1) table.set_bit(a, rng.below(2) == 0);
    if (shape == 2) table.set_bit(a, (a & free_inputs) != a ? table.bit(a & free_inputs) : rng.below(2) == 0);
    if (shape == 3) table.set_bit(a, __builtin_parity(a & free_inputs) != 0);
  }
  return table;
}

}  // namespace

TEST_CASE("tables of any fan-in are what their entries say", "[eval][table_ops][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto inputs = static_cast<int>(rng.below(11));
    const truth::TruthTable table = random_table(rng, inputs);
    std::vector<Lit> operands;
    for (int k = 0; k < inputs; ++k) operands.push_back(eval::ProgramBuilder::input(static_cast<std::uint32_t>(k)));
    check_table(rng, Basis::ternary, table, operands, static_cast<std::uint32_t>(inputs));
    check_table(rng, Basis::binary, table, operands, static_cast<std::uint32_t>(inputs));
  });
}

TEST_CASE("constants, complements and repeated inputs are folded in", "[eval][table_ops][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto inputs = static_cast<int>(rng.below(9));
    const truth::TruthTable table = random_table(rng, inputs);
    std::vector<Lit> operands;
    for (int k = 0; k < inputs; ++k) {
      operands.push_back(eval::literal(static_cast<std::uint32_t>(rng.below(5)), rng.below(2) == 0));
    }
    check_table(rng, rng.below(2) == 0 ? Basis::ternary : Basis::binary, table, operands, 4);
  });
}

TEST_CASE("a random table of six inputs takes 11 operations of three inputs, at most", "[eval][table_ops]") {
  base::Rng rng(5);
  std::vector<Lit> operands;
  for (std::uint32_t k = 0; k < 6; ++k) operands.push_back(eval::ProgramBuilder::input(k));
  for (int i = 0; i < 200; ++i) {
    eval::ProgramBuilder builder(Basis::ternary, 6);
    const std::uint64_t table = rng.next();
    (void)eval::add_table(builder, std::span(&table, 1), operands);
    CHECK(builder.op_count() <= 11);
  }
}

TEST_CASE("a wire and an inverter take no operation", "[eval][table_ops]") {
  eval::ProgramBuilder builder(Basis::ternary, 2);
  const std::array<Lit, 2> operands{builder.input(0), builder.input(1)};
  const std::uint64_t wire = 0xC;
  const std::uint64_t inverter = 0x5;
  CHECK(eval::add_table(builder, std::span(&wire, 1), operands) == operands[1]);
  CHECK(eval::add_table(builder, std::span(&inverter, 1), operands) == ~operands[0]);
  CHECK(builder.op_count() == 0);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/program.hpp"

#include "tests/support/property.hpp"
#include "tests/support/random_program.hpp"

using namespace lutgen;
using eval::Basis;
using eval::Lit;
using eval::ProgramBuilder;

namespace {

/// Values of inputs 0..2 at all eight addresses, bit a for address a.
constexpr std::array<std::uint64_t, 3> kInputs{0xAA, 0xCC, 0xF0};

std::uint64_t value_at(const eval::Program& program, std::size_t output) {
  std::vector<std::uint64_t> outputs(program.outputs.size());
  std::vector<std::uint64_t> scratch;
  eval::interpret(program, 1, std::span(kInputs).first(program.input_count), outputs, scratch);
  return outputs[output] & 0xFF;
}

}  // namespace

TEST_CASE("every function of three inputs is built in both bases, whatever the operands", "[eval][program]") {
  for (const Basis basis : {Basis::ternary, Basis::binary}) {
    for (unsigned table = 0; table < 256; ++table) {
      ProgramBuilder builder(basis, 3);
      std::vector<Lit> outputs;
      std::vector<unsigned> expected;
      const std::array<Lit, 8> operands{Lit::zero, Lit::one, builder.input(0), ~builder.input(0), builder.input(1),
                                        ~builder.input(1), builder.input(2), ~builder.input(2)};
      constexpr std::array<unsigned, 8> kValues{0x00, 0xFF, 0xAA, 0x55, 0xCC, 0x33, 0xF0, 0x0F};
      for (std::size_t x = 0; x < 8; ++x) {
        for (std::size_t y = 0; y < 8; ++y) {
          for (std::size_t z = 0; z < 8; ++z) {
            outputs.push_back(builder.add3(table, operands[x], operands[y], operands[z]));
            unsigned wanted = 0;
            for (unsigned a = 0; a < 8; ++a) {
              const unsigned address = ((kValues[x] >> a) & 1) | ((kValues[y] >> a) & 1) << 1 | ((kValues[z] >> a) & 1) << 2;
              wanted |= ((table >> address) & 1) << a;
            }
            expected.push_back(wanted);
          }
        }
      }
      const eval::Program program = builder.finish(outputs, 3);
      for (std::size_t o = 0; o < expected.size(); ++o) REQUIRE(value_at(program, o) == expected[o]);
      for (const eval::WordOp& op : program.ops) {
        REQUIRE((op.table & 1) == 0);
        REQUIRE(op.operands[0] < op.operands[1]);
        REQUIRE((basis == Basis::ternary || op.arity() == 2));
      }
    }
  }
}

TEST_CASE("an operation is made once, whatever order and sign its operands come in", "[eval][program]") {
  ProgramBuilder builder(Basis::ternary, 3);
  const Lit x = builder.input(0);
  const Lit y = builder.input(1);
  const Lit first = builder.add2(0x8, x, y);            // x and y
  CHECK(builder.add2(0x8, y, x) == first);
  CHECK(builder.add2(0x1, ~x, ~y) == first);            // not (~x or ~y)
  CHECK(builder.add2(0xE, ~y, ~x) == ~first);
  CHECK(builder.op_count() == 1);
  CHECK(builder.choose(y, x, x) == x);
  CHECK(builder.choose(Lit::one, x, y) == x);
  CHECK(builder.add3(0x96, x, x, y) == y);
  CHECK(builder.op_count() == 1);
}

TEST_CASE("operations that no output needs go, and inputs that are not used", "[eval][program]") {
  ProgramBuilder builder(Basis::ternary, 5);
  const Lit unused = builder.add2(0x8, builder.input(0), builder.input(1));
  const Lit used = builder.add2(0x6, builder.input(0), builder.input(1));
  (void)unused;
  const eval::Program program = builder.finish({~used, Lit::one, builder.input(1)}, 2);
  REQUIRE(program.ops.size() == 1);
  CHECK(program.input_count == 2);
  CHECK(value_of(program.outputs[0]) == 3);
  CHECK(value_at(program, 0) == 0x99);
  CHECK(value_at(program, 1) == 0xFF);
  CHECK(value_at(program, 2) == 0xCC);
}

TEST_CASE("the interpreter gives the same with words of any width", "[eval][program][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const eval::Program program = test::random_program(rng, Basis::ternary);
    std::vector<std::uint64_t> inputs(program.input_count * 3);
    for (auto& word : inputs) word = rng.next();
    std::vector<std::uint64_t> wide(program.outputs.size() * 3);
    std::vector<std::uint64_t> scratch;
    eval::interpret(program, 3, inputs, wide, scratch);
    for (std::size_t lane = 0; lane < 3; ++lane) {
      std::vector<std::uint64_t> part;
      for (std::size_t i = 0; i < program.input_count; ++i) part.push_back(inputs[3 * i + lane]);
      std::vector<std::uint64_t> narrow(program.outputs.size());
      eval::interpret(program, 1, part, narrow, scratch);
      for (std::size_t o = 0; o < narrow.size(); ++o) RC_ASSERT(narrow[o] == wide[3 * o + lane]);
    }
  });
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/plan.hpp"

#include "tests/support/property.hpp"
#include "tests/support/random_program.hpp"

using namespace lutgen;
using csource::kLocal;
using csource::kUnneeded;
using csource::make_plan;
using csource::Plan;

namespace {

/// Runs a program as the functions of a plan would, on one word: a variable is forgotten where its function ends, an
/// element of the array holds what was written last.
std::vector<std::uint64_t> run(const eval::Program& program, const Plan& plan, const std::vector<std::uint64_t>& inputs) {
  std::vector<std::uint64_t> array(plan.elements);
  std::vector<std::uint64_t> outputs(program.outputs.size());
  const std::uint32_t first = 1 + program.input_count;
  std::vector<std::uint64_t> locals(program.ops.size());
  const auto read = [&](std::uint32_t value) {
    if (value == 0) return std::uint64_t{0};
    if (value < first) return inputs[value - 1];
    const std::uint32_t place = plan.places[value - first];
    RC_ASSERT(place != kUnneeded);
    return place == kLocal ? locals[value - first] : array.at(place);
  };
  const auto write = [&](std::uint32_t output) {
    const eval::Lit lit = program.outputs[output];
    outputs[output] = read(eval::value_of(lit)) ^ (eval::is_inverted(lit) ? ~std::uint64_t{0} : 0);
  };
  std::uint32_t begin = 0;
  for (const std::uint32_t end : plan.part_ends) {
    for (std::uint32_t i = begin; i < end; ++i) {
      if (plan.places[i] == kUnneeded) continue;
      const eval::WordOp& op = program.ops[i];
      const std::uint64_t x = read(op.operands[0]);
      const std::uint64_t y = read(op.operands[1]);
      std::uint64_t result = 0;
      if (op.table & 2) result |= x & ~y;
      if (op.table & 4) result |= ~x & y;
      if (op.table & 8) result |= x & y;
      (plan.places[i] == kLocal ? locals[i] : array.at(plan.places[i])) = result;
      for (std::uint32_t w = plan.writes[i]; w < plan.writes[i + 1]; ++w) write(plan.write_outputs[w]);
    }
    std::fill(locals.begin(), locals.end(), 0xDEADull);
    begin = end;
  }
  for (const std::uint32_t output : plan.direct) write(output);
  return outputs;
}

}  // namespace

TEST_CASE("functions of any length compute what the program does", "[csource][plan][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const eval::Program program = test::random_program(rng, eval::Basis::binary);
    std::vector<std::uint64_t> inputs(program.input_count);
    for (auto& word : inputs) word = rng.next();
    std::vector<std::uint64_t> expected(program.outputs.size());
    std::vector<std::uint64_t> scratch;
    eval::interpret(program, 1, inputs, expected, scratch);
    for (const std::uint32_t part_ops : {1u, 2u, 7u, 1000u}) {
      const Plan plan = make_plan(program, part_ops);
      RC_ASSERT(run(program, plan, inputs) == expected);
      RC_ASSERT(plan.elements == 0 || plan.part_ends.size() > 1);
    }
  });
}

TEST_CASE("only what another function reads is kept, and its element is used again", "[csource][plan]") {
  eval::ProgramBuilder builder(eval::Basis::binary, 2);
  eval::Lit last = builder.input(0);
  for (int i = 0; i < 9; ++i) {  // a chain: each reads the one before
    last = i % 2 == 0 ? builder.add2(8, last, builder.input(1)) : builder.add2(6, last, builder.input(0));
  }
  const eval::Program program = builder.finish({last}, 2);
  const Plan plan = make_plan(program, 2);
  CHECK(plan.part_ends.size() == (program.ops.size() + 1) / 2);
  CHECK(plan.elements == 1);
  CHECK(plan.most_live == 1);
  CHECK(make_plan(program, 100).elements == 0);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/graph_program.hpp"

#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/logic/lower.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using eval::Basis;

TEST_CASE("a program gives what the graph's own evaluator gives", "[eval][graph_program][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed, {.features = 20, .table_inputs = 9, .classes = 20, .group = 20});
    RC_ASSERT(model::validate_model(model, "random").has_value());
    const auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    const logic::Graph& graph = lowered->graph;
    base::Rng rng(seed);
    const auto compiled = eval::build_program(graph, {}, rng.below(2) == 0 ? Basis::ternary : Basis::binary);
    std::vector<std::uint64_t> words(graph.input_count());
    for (auto& word : words) word = rng.next();
    std::vector<std::uint64_t> inputs;
    for (const logic::BitId bit : compiled.inputs) inputs.push_back(words[graph.input_index(bit)]);
    std::vector<std::uint64_t> outputs(compiled.program.outputs.size());
    std::vector<std::uint64_t> scratch;
    eval::interpret(compiled.program, 1, inputs, outputs, scratch);
    const auto expected = eval::evaluate_bitsliced(graph, words);
    RC_ASSERT(compiled.bits == expected.bits.size());
    for (std::size_t i = 0; i < expected.bits.size(); ++i) RC_ASSERT(outputs[i] == expected.bits[i]);
    RC_ASSERT(compiled.scores == expected.scores.size());
    for (std::size_t s = 0; s < 64 && compiled.scores != 0; ++s) {
      const auto number = [&](std::size_t first, std::size_t count) {
        std::int64_t value = 0;
        for (std::size_t p = 0; p < count; ++p) value |= static_cast<std::int64_t>((outputs[first + p] >> s) & 1) << p;
        return value;
      };
      std::vector<std::int64_t> scores;
      for (std::size_t c = 0; c < compiled.scores; ++c) {
        const std::size_t first = compiled.bits + compiled.class_planes + c * compiled.score_planes;
        scores.push_back(compiled.score_offset + number(first, compiled.score_planes));
        RC_ASSERT(scores.back() == expected.scores[c][s]);
      }
      const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
      RC_ASSERT(number(compiled.bits, compiled.class_planes) == best);
    }
  });
}

TEST_CASE("encoded bits come from outside; what makes them is not looked at", "[eval][graph_program]") {
  logic::Graph graph;
  const logic::BitId x = graph.add_input();
  const logic::BitId y = graph.add_input();
  const std::array<logic::Term, 2> terms{logic::Term{x, 1}, logic::Term{y, 2}};
  const logic::BitId encoded = graph.add_compare(graph.add_sum(terms, 0, {}), 1, {});
  const std::array<logic::BitId, 1> fanins{encoded};
  graph.outputs.bits = {graph.add_lut(truth::TruthTable::from_word(1, 1), fanins, {})};
  std::vector<bool> from_outside(graph.bit_count());
  from_outside[index_of(encoded)] = true;
  const auto compiled = eval::build_program(graph, from_outside, Basis::ternary);
  REQUIRE(compiled.inputs == std::vector<logic::BitId>{encoded});
  CHECK(compiled.program.input_count == 1);
  CHECK(compiled.program.ops.empty());
  CHECK(compiled.program.outputs[0] == ~eval::ProgramBuilder::input(0));
}

TEST_CASE("a chain of a hundred thousand tables is walked without a deep stack", "[eval][graph_program]") {
  logic::Graph graph;
  const logic::BitId other = graph.add_input();
  logic::BitId last = graph.add_input();
  for (int i = 0; i < 100'000; ++i) {
    const std::array<logic::BitId, 2> fanins{last, other};
    last = graph.add_lut(truth::TruthTable::from_word(2, i % 2 == 0 ? 0x8 : 0xE), fanins, {});
  }
  graph.outputs.bits = {last};
  CHECK(eval::build_program(graph, {}, Basis::ternary).program.ops.size() == 100'000);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/logic/graph.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;
using logic::BitId;

TEST_CASE("a graph gives back the tables that it was given, narrow and wide", "[logic][graph]") {
  logic::Graph graph;
  std::vector<BitId> inputs;
  for (int i = 0; i < 8; ++i) inputs.push_back(graph.add_input());
  const auto narrow = truth::TruthTable::from_word(2, 0b0110);
  const auto wide = truth::TruthTable::projection(8, 7).complement();
  const BitId a = graph.add_lut(narrow, std::span(inputs).first(2), {3, 14});
  const BitId b = graph.add_lut(wide, inputs, {3, 15});
  CHECK(graph.table(a) == narrow);
  CHECK(graph.table(b) == wide);
  CHECK(graph.origin(b).index == 15);
  CHECK(graph.fanins(a).size() == 2);
}

TEST_CASE("a sum knows its bounds", "[logic][graph]") {
  logic::Graph graph;
  const BitId a = graph.add_input();
  const BitId b = graph.add_input();
  const std::vector<logic::Term> terms{{a, 3}, {b, -5}};
  const auto sum = graph.add_sum(terms, 2, {});
  CHECK(graph.sum(sum).minimum == -3);
  CHECK(graph.sum(sum).maximum == 5);
}

TEST_CASE("only what an output depends on is alive", "[logic][graph]") {
  logic::Graph graph;
  const BitId used = graph.add_input();
  const BitId unused = graph.add_input();
  const std::vector<logic::Term> terms{{used, 1}};
  const BitId compared = graph.add_compare(graph.add_sum(terms, 0, {}), 0, {});
  const BitId dead = graph.add_lut(truth::TruthTable::from_word(1, 0b01), std::span(&unused, 1), {});
  graph.outputs.bits = {compared};
  const auto live = graph.compute_live_bits();
  CHECK(live[logic::index_of(used)]);
  CHECK(live[logic::index_of(compared)]);
  CHECK_FALSE(live[logic::index_of(unused)]);
  CHECK_FALSE(live[logic::index_of(dead)]);
}

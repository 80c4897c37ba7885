// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/check.hpp"

#include "lutgen/optimize/passes.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using logic::BitId;
using truth::TruthTable;

namespace {

/// not(in0) and in1; 2*in0 + 3*in1 + in2 > 2; a score in0 + in1.
logic::Graph sample_graph() {
  logic::Graph graph;
  std::vector<BitId> in;
  for (int i = 0; i < 3; ++i) in.push_back(graph.add_input());
  const BitId inverter = graph.add_lut(TruthTable::from_word(1, 0b01), std::array{in[0]}, {});
  const BitId gate = graph.add_lut(TruthTable::from_word(2, 0b1000), std::array{inverter, in[1]}, {});
  const logic::SumId sum = graph.add_sum(std::array<logic::Term, 3>{{{in[0], 2}, {in[1], 3}, {in[2], 1}}}, 0, {});
  graph.outputs.bits = {gate, graph.add_compare(sum, 2, {})};
  graph.outputs.scores = {graph.add_sum(std::array<logic::Term, 2>{{{in[0], 1}, {in[1], 1}}}, 0, {})};
  return graph;
}

/// sample_graph after absorb_wires, with something wrong where the arguments say so.
logic::Graph made_graph(std::uint64_t gate_table, std::int64_t weight, std::int64_t limit, std::int64_t score) {
  logic::Graph graph;
  std::vector<BitId> in;
  for (int i = 0; i < 3; ++i) in.push_back(graph.add_input());
  const BitId gate = graph.add_lut(TruthTable::from_word(2, gate_table), std::array{in[0], in[1]}, {});
  const logic::SumId sum = graph.add_sum(std::array<logic::Term, 3>{{{in[0], 2}, {in[1], weight}, {in[2], 1}}}, 0, {});
  graph.outputs.bits = {gate, graph.add_compare(sum, limit, {})};
  graph.outputs.scores = {graph.add_sum(std::array<logic::Term, 2>{{{in[0], 1}, {in[1], score}}}, 0, {})};
  return graph;
}

std::string difference(const logic::Graph& made) {
  const logic::Graph before = sample_graph();
  auto relation = optimize::absorb_wires(before).relation;
  relation.sums = {logic::kNoSum, logic::SumId{1}};
  return optimize::find_difference(before, made, relation);
}

}  // namespace

TEST_CASE("a right step is shown, every wrong one is refused", "[optimize][check]") {
  CHECK(difference(made_graph(0b0100, 3, 2, 1)) == "");
  CHECK(difference(made_graph(0b1000, 3, 2, 1)) == "bit 6 is not shown to be what it was");   // the inverter was lost
  CHECK(difference(made_graph(0b0100, 2, 2, 1)) == "bit 7 is not shown to be what it was");   // another weight
  CHECK(difference(made_graph(0b0100, 3, 3, 1)) == "bit 7 is not shown to be what it was");   // another limit
  CHECK(difference(made_graph(0b0100, 3, 2, 2)) == "sum 1 is not shown to be what it was");   // another score
}

TEST_CASE("a wrong relation is refused", "[optimize][check]") {
  const logic::Graph before = sample_graph();
  auto step = optimize::absorb_wires(before);
  REQUIRE(optimize::find_difference(before, step.graph, step.relation) == "");
  SECTION("an inverter taken for a wire") {
    step.relation.bits[5].inverted = false;
    CHECK(optimize::find_difference(before, step.graph, step.relation) == "bit 5 is not shown to be what it was");
  }
  SECTION("another input") {
    step.relation.bits[2].bit = BitId{3};
    CHECK(optimize::find_difference(before, step.graph, step.relation) == "bit 2 is not shown to be what it was");
  }
  SECTION("another output") {
    step.graph.outputs.bits[0] = BitId{2};
    CHECK(optimize::find_difference(before, step.graph, step.relation) == "output bit 0 is another one");
  }
  SECTION("a missing output") {
    step.graph.outputs.bits.pop_back();
    CHECK(optimize::find_difference(before, step.graph, step.relation) == "the network has other outputs");
  }
  SECTION("a needed bit said to be gone") {
    step.relation.bits[7] = {};
    CHECK(optimize::find_difference(before, step.graph, step.relation) == "output bit 1 is another one");
  }
}

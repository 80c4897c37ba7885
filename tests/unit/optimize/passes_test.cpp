// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/passes.hpp"

#include "lutgen/optimize/check.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/optimize/sketch.hpp"

using namespace lutgen;
using logic::BitId;
using logic::SumId;
using optimize::Literal;
using test::Sketch;
using truth::TruthTable;

namespace {

/// Every step that a test makes is shown to be right as well.
optimize::Step shown(const logic::Graph& before, optimize::Step step) {
  CHECK(optimize::find_difference(before, step.graph, step.relation) == "");
  return step;
}

constexpr std::uint64_t kAnd = 0b1000;
constexpr std::uint64_t kNand = 0b0111;

}  // namespace

TEST_CASE("a constant goes through tables and comparisons", "[optimize][constants]") {
  Sketch s(2);
  const BitId always = s.lut(1, 0b11, {s.in[0]});
  const BitId through = s.lut(2, kAnd, {always, s.in[1]});
  const BitId decided = s.compare(s.sum({{always, 5}, {s.in[0], 1}}), 4);
  s.graph.outputs.bits = {through, decided};
  const auto step = shown(s.graph, optimize::fold_constants(s.graph));
  CHECK(step.changes > 0);
  CHECK(step.graph.outputs.bits[1] == BitId::one);
  CHECK(step.graph.fanins(step.graph.outputs.bits[0]).size() == 1);
  CHECK(optimize::compute_size(step.graph) == optimize::GraphSize{.tables = 1, .fanins = 1});
}

TEST_CASE("fan-ins that do not matter or stand twice are dropped", "[optimize][constants]") {
  Sketch s(3);
  const BitId bit = s.lut(4, 0xF0F0 & 0xAAAA, {s.in[0], s.in[1], s.in[0], s.in[2]});
  s.graph.outputs.bits = {bit};
  const auto step = shown(s.graph, optimize::fold_constants(s.graph));
  CHECK(step.graph.fanins(step.graph.outputs.bits[0]).size() == 1);
  CHECK(shown(step.graph, optimize::fold_constants(step.graph)).changes == 0);
}

TEST_CASE("what no output depends on is gone", "[optimize][constants]") {
  Sketch s(2);
  const BitId dead = s.lut(2, kAnd, s.in);
  s.graph.outputs.bits = {s.in[0]};
  const auto step = shown(s.graph, optimize::fold_constants(s.graph));
  CHECK_FALSE(step.relation.bits[logic::index_of(dead)].is_held());
  CHECK(step.graph.bit_count() == 4);
}

TEST_CASE("an inverter goes into the tables and sums that read it", "[optimize][wires]") {
  Sketch s(2);
  const BitId inverter = s.lut(1, 0b01, {s.in[0]});
  const BitId wire = s.lut(1, 0b10, {inverter});
  const BitId gate = s.lut(2, kAnd, {wire, s.in[1]});
  const BitId above = s.compare(s.sum({{inverter, 3}, {s.in[1], 1}}), 1);
  s.graph.outputs.bits = {gate, above};
  const auto step = shown(s.graph, optimize::absorb_wires(s.graph));
  CHECK(step.changes == 2);
  CHECK(step.relation.bits[logic::index_of(wire)] == Literal{BitId{2}, true});
  CHECK(step.graph.table(step.graph.outputs.bits[0]).word() == 0b0100);  // not in0, and in1
  const SumId sum = step.graph.compared_sum(step.graph.outputs.bits[1]);
  CHECK(step.graph.sum(sum).constant == 3);
  CHECK(step.graph.terms(sum)[0].weight == -3);
}

TEST_CASE("an inverter that an output needs stays", "[optimize][wires]") {
  Sketch s(1);
  const BitId inverter = s.lut(1, 0b01, {s.in[0]});
  s.graph.outputs.bits = {inverter};
  const auto step = shown(s.graph, optimize::absorb_wires(s.graph));
  CHECK(step.changes == 0);
  CHECK(step.relation.bits[logic::index_of(inverter)] == Literal{s.in[0], true});
  CHECK(step.graph.table(step.graph.outputs.bits[0]).word() == 0b01);
}

TEST_CASE("equal and complementary tables become one, whatever the order of their fan-ins", "[optimize][merge]") {
  Sketch s(3);
  const BitId first = s.lut(2, 0b0100, {s.in[0], s.in[1]});   // not in0 and in1
  const BitId second = s.lut(2, 0b0010, {s.in[1], s.in[0]});  // the same
  const BitId third = s.lut(2, 0b1011, {s.in[0], s.in[1]});   // its complement
  const BitId all = s.lut(3, 0x80, {first, second, third});
  s.graph.outputs.bits = {all, second};
  const auto step = shown(s.graph, optimize::merge_equal(s.graph));
  CHECK(step.changes == 2);
  CHECK(step.relation.bits[logic::index_of(second)] == step.relation.bits[logic::index_of(first)]);
  CHECK(step.relation.bits[logic::index_of(third)].inverted);
  CHECK(optimize::compute_size(step.graph).tables == 2);
}

TEST_CASE("comparisons of a sum and of its negative become one", "[optimize][merge]") {
  Sketch s(3);
  const BitId above = s.compare(s.sum({{s.in[0], 1}, {s.in[1], -2}, {s.in[2], 4}}), 1);
  const BitId below = s.compare(s.sum({{s.in[2], -4}, {s.in[0], -1}, {s.in[1], 2}}, 7), 5);  // 7 - s > 5: s < 2
  const BitId other = s.compare(s.sum({{s.in[1], -2}, {s.in[0], 1}, {s.in[2], 4}}), 2);
  s.graph.outputs.bits = {s.lut(3, 0x80, {above, below, other})};
  const auto step = shown(s.graph, optimize::merge_equal(s.graph));
  const Literal one = step.relation.bits[logic::index_of(above)];
  CHECK(step.relation.bits[logic::index_of(below)] == Literal{one.bit, true});
  const auto size = optimize::compute_size(step.graph);
  CHECK(size.compares == 2);
  CHECK(size.terms == 3);  // `other` shares the sum
}

TEST_CASE("equal bits of a sum get one weight, a bit and its complement a constant", "[optimize][terms]") {
  Sketch s(2);
  const SumId sum = s.sum({{s.in[0], 1}, {s.in[1], 1}, {s.in[0], 2}, {s.in[1], -1}}, 1);
  s.graph.outputs.scores = {sum};
  const auto step = shown(s.graph, optimize::combine_sums(s.graph));
  CHECK(step.changes == 3);
  const auto terms = step.graph.terms(step.graph.outputs.scores[0]);
  REQUIRE(terms.size() == 1);
  CHECK(terms[0].weight == 3);
  CHECK(step.graph.sum(step.graph.outputs.scores[0]).constant == 1);
}

TEST_CASE("a comparison of few bits becomes a table", "[optimize][compares]") {
  Sketch s(3);
  s.graph.outputs.bits = {s.compare(s.sum({{s.in[0], 1}, {s.in[1], 1}, {s.in[2], 1}}), 1)};
  const auto step = shown(s.graph, optimize::simplify_compares(s.graph, 3, 3));
  CHECK(step.graph.table(step.graph.outputs.bits[0]).word() == 0xE8);
  CHECK(shown(s.graph, optimize::simplify_compares(s.graph, 2, 2)).changes == 0);
}

TEST_CASE("a binary number becomes a table only where one LUT holds it", "[optimize][compares]") {
  Sketch s(5);
  s.graph.outputs.bits = {s.compare(s.sum({{s.in[0], 1}, {s.in[1], 2}, {s.in[2], 4}, {s.in[3], 8}, {s.in[4], -16}}), -6)};
  CHECK(shown(s.graph, optimize::simplify_compares(s.graph, 4, 8)).changes == 0);
  CHECK(shown(s.graph, optimize::simplify_compares(s.graph, 5, 8)).graph.fanins(BitId{7}).size() == 5);
}

TEST_CASE("common divisors and terms that never decide are left out", "[optimize][compares]") {
  Sketch s(3);
  // 4a + 6b - 6c + 1 > 3 is 2a + 3b - 3c > 1.
  s.graph.outputs.bits = {s.compare(s.sum({{s.in[0], 4}, {s.in[1], 6}, {s.in[2], -6}}, 1), 3)};
  const auto divided = shown(s.graph, optimize::simplify_compares(s.graph, 2, 2));
  const BitId compare = divided.graph.outputs.bits[0];
  CHECK(divided.graph.compared_constant(compare) == 1);
  CHECK(divided.graph.terms(divided.graph.compared_sum(compare))[1].weight == 3);
  // Of 4a + 2b + c > 3 only a counts; of 8a + 8b + c > 8 all three do.
  Sketch small(3);
  small.graph.outputs.bits = {small.compare(small.sum({{small.in[0], 4}, {small.in[1], 2}, {small.in[2], 1}}), 3),
                              small.compare(small.sum({{small.in[0], 8}, {small.in[1], 8}, {small.in[2], 1}}), 8)};
  const auto step = shown(small.graph, optimize::simplify_compares(small.graph, 6, 6));
  CHECK(step.graph.fanins(step.graph.outputs.bits[0]).size() == 1);
  CHECK(step.graph.fanins(step.graph.outputs.bits[1]).size() == 3);
}

TEST_CASE("comparisons that share a sum keep sharing it", "[optimize][compares]") {
  Sketch s(8);
  std::vector<logic::Term> terms;
  for (const BitId bit : s.in) terms.push_back({bit, 2});
  const SumId sum = s.sum(terms);
  s.graph.outputs.bits = {s.compare(sum, 7), s.compare(sum, 9)};
  const auto step = shown(s.graph, optimize::simplify_compares(s.graph, 6, 6));
  const auto& bits = step.graph.outputs.bits;
  CHECK(step.graph.compared_sum(bits[0]) == step.graph.compared_sum(bits[1]));
  CHECK(step.graph.compared_constant(bits[0]) == 3);
  CHECK(step.graph.compared_constant(bits[1]) == 4);
  CHECK(shown(step.graph, optimize::simplify_compares(step.graph, 6, 6)).changes == 0);
}

TEST_CASE("only a comparison that is alone on its sum becomes a table far wider than a LUT", "[optimize][compares]") {
  Sketch s(10);
  std::vector<logic::Term> terms;
  for (int i = 0; i < 10; ++i) terms.push_back({s.in[static_cast<std::size_t>(i)], 3 + i % 4});
  s.graph.outputs.bits = {s.compare(s.sum(terms), 20)};
  const auto alone = shown(s.graph, optimize::simplify_compares(s.graph, 6, 12));
  CHECK(alone.graph.fanins(alone.graph.outputs.bits[0]).size() == 10);
  CHECK(shown(s.graph, optimize::simplify_compares(s.graph, 6, 9)).changes == 0);
  const SumId sum = s.sum(terms);
  s.graph.outputs.bits = {s.compare(sum, 20), s.compare(sum, 25)};
  CHECK(shown(s.graph, optimize::simplify_compares(s.graph, 6, 12)).changes == 0);
}

TEST_CASE("a table goes into its readers where none of them outgrows a LUT", "[optimize][compose]") {
  Sketch s(5);
  const BitId inner = s.lut(2, kAnd, {s.in[0], s.in[1]});
  const BitId left = s.lut(3, 0x96, {inner, s.in[2], s.in[3]});
  const BitId right = s.lut(2, kNand, {s.in[4], inner});
  s.graph.outputs.bits = {left, right};
  const auto step = shown(s.graph, optimize::compose_tables(s.graph, 4));
  CHECK(step.changes == 1);
  CHECK_FALSE(step.relation.bits[logic::index_of(inner)].is_held());
  CHECK(step.graph.fanins(step.graph.outputs.bits[0]).size() == 4);
  CHECK(optimize::compute_size(step.graph).tables == 2);
  CHECK(shown(s.graph, optimize::compose_tables(s.graph, 3)).changes == 0);
}

TEST_CASE("a table that an output or a sum reads stays", "[optimize][compose]") {
  Sketch s(3);
  const BitId read_by_output = s.lut(2, kAnd, {s.in[0], s.in[1]});
  const BitId read_by_sum = s.lut(2, 0b0110, {s.in[0], s.in[1]});
  const BitId reader = s.lut(3, 0x96, {read_by_output, read_by_sum, s.in[2]});
  s.graph.outputs.bits = {read_by_output, reader, s.compare(s.sum({{read_by_sum, 1}, {s.in[2], 2}}), 1)};
  CHECK(shown(s.graph, optimize::compose_tables(s.graph, 6)).changes == 0);
}

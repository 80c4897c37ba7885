// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lutgen/base/rng.hpp"
#include "lutgen/optimize/check.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/unseen_entries.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/optimize/sketch.hpp"

using namespace lutgen;
using logic::BitId;
using optimize::Literal;
using test::Sketch;

namespace {

constexpr std::uint64_t kAnd = 0b1000;
constexpr std::uint64_t kOr = 0b1110;

std::string difference(const logic::Graph& before, const optimize::Step& step) {
  return optimize::find_difference(before, step.graph, step.relation, step.cuts);
}

optimize::Step run(const logic::Graph& before) {
  auto step = optimize::use_dont_cares(before);
  CHECK(difference(before, step) == "");
  return step;
}

/// Five inputs; a gate of inputs 0 and 1 that only `and(gate, input 0)` reads: its entry 2 is seen by nobody.
Sketch unseen_sketch() {
  Sketch s(3);
  const BitId gate = s.lut(2, 0b0110, {s.in[0], s.in[1]});
  s.graph.outputs.bits = {s.lut(3, 0x80, {gate, s.in[0], s.in[2]})};
  return s;
}

/// The first bit that the new graph holds for an old one.
BitId made(const optimize::Step& step, BitId old) { return step.relation.bits[logic::index_of(old)].bit; }

}  // namespace

TEST_CASE("entries that cannot occur free a table of an input", "[optimize][dontcares]") {
  Sketch s(3);
  const BitId both = s.lut(2, kAnd, {s.in[0], s.in[1]});
  const BitId any = s.lut(2, kOr, {s.in[0], s.in[1]});
  // `both` and not `any` cannot be: of both, any and c, the table is c or both.
  std::uint64_t table = 0;
  for (std::uint64_t a = 0; a < 8; ++a) {
    const bool b = (a & 1) != 0;
    const bool value = b && (a & 2) == 0 ? false : b || (a & 4) != 0;
    table |= std::uint64_t{value} << a;
  }
  const BitId reader = s.lut(3, table, {both, any, s.in[2]});
  s.graph.outputs.bits = {reader, both, any};
  const auto step = run(s.graph);
  CHECK(step.changes == 1);
  CHECK(step.graph.fanins(made(step, reader)).size() == 2);
  CHECK(run(step.graph).changes == 0);
}

TEST_CASE("a comparison follows from one of the same sum with a higher constant", "[optimize][dontcares]") {
  Sketch s(13);
  std::vector<logic::Term> terms;
  for (int i = 0; i < 12; ++i) terms.push_back({s.in[static_cast<std::size_t>(i)], 1});
  const logic::SumId sum = s.sum(terms);
  const BitId four = s.compare(sum, 4);
  const BitId seven = s.compare(sum, 7);
  const BitId reader = s.lut(3, 0x80, {four, seven, s.in[12]});
  s.graph.outputs.bits = {reader};
  const auto step = run(s.graph);
  CHECK(step.changes == 1);
  const auto fanins = step.graph.fanins(made(step, reader));
  CHECK(std::vector<BitId>(fanins.begin(), fanins.end()) == std::vector<BitId>{made(step, seven), made(step, s.in[12])});
  // Of two sums nothing follows.
  Sketch other(13);
  const BitId low = other.compare(other.sum(terms), 4);
  const BitId high = other.compare(other.sum({terms.begin() + 1, terms.end()}), 7);
  other.graph.outputs.bits = {other.lut(3, 0x80, {low, high, other.in[12]})};
  CHECK(run(other.graph).changes == 0);
}

TEST_CASE("a table that equals another bit, its complement or a constant is gone", "[optimize][dontcares]") {
  Sketch s(3);
  const BitId left = s.lut(2, kAnd, {s.in[0], s.in[1]});
  const BitId right = s.lut(2, kAnd, {s.in[1], s.in[2]});
  const BitId first = s.lut(2, kAnd, {left, s.in[2]});
  const BitId second = s.lut(2, kAnd, {s.in[0], right});
  const BitId third = s.lut(2, 0b0111, {left, right});
  const BitId never = s.lut(3, 0b01000000, {s.in[0], left, right});  // both, but not input 0
  s.graph.outputs.bits = {s.lut(4, 0x6996, {first, second, third, never}), left, right};
  const auto step = run(s.graph);
  CHECK(step.relation.bits[logic::index_of(second)] == step.relation.bits[logic::index_of(first)]);
  CHECK(step.relation.bits[logic::index_of(third)] == Literal{made(step, first), true});
  CHECK(made(step, never) == BitId::zero);
}

TEST_CASE("entries that no reader sees are free", "[optimize][dontcares]") {
  const Sketch s = unseen_sketch();
  const auto step = run(s.graph);
  CHECK(step.changes == 1);
  CHECK_FALSE(step.relation.bits[5].is_held());
  const BitId reader = step.graph.outputs.bits[0];
  CHECK(step.graph.fanins(step.graph.fanins(reader)[0]).size() == 1);  // not input 1
}

TEST_CASE("a sum and an output see every entry", "[optimize][dontcares]") {
  Sketch s(3);
  const BitId gate = s.lut(2, 0b0110, {s.in[0], s.in[1]});
  const BitId reader = s.lut(3, 0x80, {gate, s.in[0], s.in[2]});
  s.graph.outputs.bits = {reader, s.compare(s.sum({{gate, 1}, {s.in[2], 2}}), 1)};
  CHECK(run(s.graph).changes == 0);
  s.graph.outputs.bits = {reader, gate};
  CHECK(run(s.graph).changes == 0);
}

TEST_CASE("the check refuses any other entry of a table that was changed", "[optimize][dontcares][check]") {
  // The gate became "not input 1"; whatever else stands there is seen at input 0 = 1.
  const Sketch s = unseen_sketch();
  const auto right = run(s.graph);
  for (std::uint64_t table = 0; table < 4; ++table) {
    optimize::Step wrong = right;
    logic::Graph graph;
    for (int i = 0; i < 3; ++i) (void)graph.add_input();
    const BitId gate = graph.add_lut(truth::TruthTable::from_word(1, table), std::array{s.in[1]}, {});
    graph.outputs.bits = {graph.add_lut(truth::TruthTable::from_word(3, 0x80), std::array{gate, s.in[0], s.in[2]}, {})};
    wrong.graph = graph;
    CHECK((difference(s.graph, wrong) == "") == (table == 0b01));
  }
  optimize::Step held = right;  // the changed table is not what it was
  held.relation.bits[5] = {BitId{5}, false};
  CHECK(difference(s.graph, held) == "bit 5 is not shown to be what it was");
}

TEST_CASE("the check refuses a cut that does not show it", "[optimize][dontcares][check]") {
  Sketch s(13);
  std::vector<logic::Term> terms;
  for (int i = 0; i < 12; ++i) terms.push_back({s.in[static_cast<std::size_t>(i)], 1});
  const logic::SumId sum = s.sum(terms);
  const BitId reader = s.lut(3, 0x80, {s.compare(sum, 4), s.compare(sum, 7), s.in[12]});
  s.graph.outputs.bits = {reader};
  auto step = run(s.graph);
  auto inputs = step;
  inputs.cuts[reader] = s.in;  // shows it, too: all values of what the sum adds up
  CHECK(difference(s.graph, inputs) == "");
  const std::string refused = fmt::format("bit {} is not shown to be what it was", logic::index_of(reader));
  SECTION("none") { step.cuts.clear(); }
  SECTION("an empty one") { step.cuts[reader].clear(); }
  SECTION("one that does not hold all inputs") { step.cuts[reader].pop_back(); }
  SECTION("one that is too wide") { step.cuts[reader].assign(17, s.in[0]); }
  SECTION("the comparisons the other way round") {
    logic::Graph graph;
    for (int i = 0; i < 13; ++i) (void)graph.add_input();
    const logic::SumId same = graph.add_sum(terms, 0, {});
    const BitId four = graph.add_compare(same, 4, {});
    (void)graph.add_compare(same, 7, {});
    const std::array fanins{four, s.in[12]};
    graph.outputs.bits = {graph.add_lut(truth::TruthTable::from_word(2, kAnd), fanins, {})};
    step.graph = graph;
  }
  CHECK(difference(s.graph, step) == refused);
}

TEST_CASE("the last of three residual bits needs its neuron's first bit no more", "[optimize][dontcares]") {
  Sketch s(20);
  std::vector<logic::Term> terms;
  for (const BitId bit : s.in) terms.push_back({bit, 1});
  const logic::SumId sum = s.sum(terms);
  std::vector<BitId> node;  // in heap order: thresholds 8; 4, 12; 2, 6, 10, 14
  for (const int threshold : {8, 4, 12, 2, 6, 10, 14}) node.push_back(s.compare(sum, threshold));
  const BitId second = s.lut(3, 0b11001010, {node[1], node[2], node[0]});
  std::uint64_t choose = 0;  // of nodes 3 to 6, by the first bit (input 4) and the second (input 5)
  for (std::uint64_t a = 0; a < 64; ++a) choose |= ((a >> (2 * ((a >> 4) & 1) + ((a >> 5) & 1))) & 1) << a;
  const BitId third = s.lut(6, choose, {node[3], node[4], node[5], node[6], node[0], second});
  s.graph.outputs.bits = {node[0], second, third};
  const auto step = run(s.graph);
  CHECK(step.graph.fanins(made(step, third)).size() == 5);
}

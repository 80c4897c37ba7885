// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/optimize.hpp"

#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/optimize/check.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/unseen_entries.hpp"
#include "tests/support/lutnet_model.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using optimize::Pass;

namespace {

/// A random network's bits; weights, constants and repeats included.
logic::Lowered random_lowered(std::uint64_t seed) {
  auto model = test::random_model(seed);
  RC_ASSERT(model::validate_model(model, "random").has_value());
  auto lowered = logic::lower(model, {});
  RC_ASSERT(lowered.has_value());
  return std::move(*lowered);
}

optimize::OptimizeOptions any_options() {
  optimize::OptimizeOptions options;
  options.passes.clear();
  for (const Pass pass : optimize::kPasses) {
    if (*rc::gen::inRange(0, 3) != 0) options.passes.push_back(pass);
  }
  options.lut_inputs = *rc::gen::element(4, 6);
  options.table_inputs = *rc::gen::inRange(1, 8);
  return options;
}

bool same(const eval::SliceOutputs& a, const eval::SliceOutputs& b) {
  return a.bits == b.bits && a.scores == b.scores && a.class_index == b.class_index;
}

}  // namespace

TEST_CASE("any choice of passes keeps what a network computes", "[optimize][property]") {
  test::property([](std::uint64_t seed) {
    const logic::Lowered before = random_lowered(seed);
    const auto after = optimize::optimize(before, any_options());
    base::Rng rng(seed);
    std::vector<std::uint64_t> inputs(before.graph.input_count());
    for (int block = 0; block < 4; ++block) {
      for (auto& word : inputs) word = rng.next();
      RC_ASSERT(same(eval::evaluate_bitsliced(before.graph, inputs), eval::evaluate_bitsliced(after.lowered.graph, inputs)));
    }
  });
}

TEST_CASE("the values that are still listed are those of the model", "[optimize][property]") {
  test::property([](std::uint64_t seed) {
    logic::Lowered before = random_lowered(seed);
    auto after = optimize::optimize(before, {}).lowered;
    // Every held value becomes an output of both.
    before.graph.outputs = {};
    after.graph.outputs = {};
    for (std::size_t layer = 0; layer < before.layer_bits.size(); ++layer) {
      for (std::size_t i = 0; i < before.layer_bits[layer].size(); ++i) {
        if (after.layer_bits[layer][i] == logic::kNoBit) continue;
        before.graph.outputs.bits.push_back(before.layer_bits[layer][i]);
        after.graph.outputs.bits.push_back(after.layer_bits[layer][i]);
      }
    }
    base::Rng rng(seed);
    std::vector<std::uint64_t> inputs(before.graph.input_count());
    for (auto& word : inputs) word = rng.next();
    RC_ASSERT(same(eval::evaluate_bitsliced(before.graph, inputs), eval::evaluate_bitsliced(after.graph, inputs)));
  });
}

TEST_CASE("an optimised network cannot be optimised further", "[optimize][property]") {
  test::property([](std::uint64_t seed) {
    const auto once = optimize::optimize(random_lowered(seed), {});
    const auto twice = optimize::optimize(once.lowered, {});
    RC_ASSERT(twice.rounds == 1);
    RC_ASSERT(twice.before == once.after);
    for (const auto& figures : twice.figures) RC_ASSERT(figures.changes == 0);
  });
}

TEST_CASE("every pass on its own is shown to be right on random networks", "[optimize][property]") {
  test::property([](std::uint64_t seed) {
    const logic::Graph graph = random_lowered(seed).graph;
    std::string differences;
    const auto show = [&](const char* pass, const optimize::Step& step) {
      const std::string difference = optimize::find_difference(graph, step.graph, step.relation, step.cuts);
      if (!difference.empty()) differences += fmt::format("{}: {}; ", pass, difference);
    };
    show("constants", optimize::fold_constants(graph));
    show("wires", optimize::absorb_wires(graph));
    show("merge", optimize::merge_equal(graph));
    show("terms", optimize::combine_sums(graph));
    show("compares", optimize::simplify_compares(graph, 4, 6));
    show("compose", optimize::compose_tables(graph, 6));
    show("dontcares", optimize::use_dont_cares(graph));
    show("dontcares, unseen", optimize::use_unseen_entries(graph));
    RC_ASSERT(differences == "");
  });
}

TEST_CASE("no two nodes of an optimised network have the same origin", "[optimize][property]") {
  test::property([](std::uint64_t seed) {
    const auto after = optimize::optimize(random_lowered(seed), {}).lowered;
    std::map<std::array<std::uint32_t, 3>, int> seen;
    for (std::uint32_t i = 2; i < after.graph.bit_count(); ++i) {
      const logic::BitId id{i};
      if (after.graph.kind(id) == logic::BitKind::input) continue;
      const auto origin = after.graph.origin(id);
      const bool fresh = ++seen[{origin.layer, origin.index, origin.part}] == 1;
      RC_ASSERT(fresh);
    }
  });
}

TEST_CASE("wires and inverters of a LUTNet-like layer cost no tables", "[optimize]") {
  auto model = test::lutnet_model({16, 144, 1}, 3);
  REQUIRE(model::validate_model(model, "lutnet"));
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  const auto result = optimize::optimize(*lowered, {.passes = {Pass::constants, Pass::wires}});
  const auto& luts = std::get<model::LutLayer>(model.layers[0].operation);
  std::int64_t gates = 0;
  for (std::uint32_t n = 0; n < luts.neurons; ++n) {
    const auto table = truth::TruthTable::from_bytes(2, luts.table_of(n));
    gates += table.support() == 3 && luts.inputs_of(n)[0] != luts.inputs_of(n)[1] ? 1 : 0;
  }
  // An inverter that is left stands before an output; this network's outputs are comparisons.
  CHECK(result.before.tables == luts.neurons);
  CHECK(result.after.tables == gates);
  CHECK(result.after.terms == result.before.terms);
}

TEST_CASE("passes have their names", "[optimize]") {
  for (const Pass pass : optimize::kPasses) CHECK(optimize::find_pass(optimize::pass_name(pass)) == pass);
  CHECK_FALSE(optimize::find_pass("magic"));
}

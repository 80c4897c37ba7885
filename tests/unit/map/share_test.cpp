// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/share.hpp"

#include <algorithm>
#include <map>

#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/lutnet_model.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using logic::BitId;

namespace {

/// Sums that are compared, of inputs: in each, either the terms of one of two bases, all of them negated or none, and `own`
/// terms of its own, or (`dense`) all inputs with weights of 1 or -1.
logic::Lowered make_layer(std::uint64_t seed, std::uint32_t sums, std::uint32_t own, bool dense) {
  base::Rng rng(seed);
  logic::Lowered lowered;
  logic::Graph& graph = lowered.graph;
  std::vector<BitId> in;
  for (int i = 0; i < 120; ++i) in.push_back(graph.add_input());
  const auto sign = [&] { return rng.below(2) == 0 ? 1 : -1; };
  std::map<BitId, std::int64_t> bases[2];
  for (auto& base : bases) {
    while (base.size() < 40) base[in[rng.below(in.size())]] = sign() * (1 + static_cast<std::int64_t>(rng.below(3)));
  }
  lowered.layer_bits.resize(1);
  lowered.layer_sums.resize(1);
  lowered.layer_levels = {1};
  lowered.encoders = {false};
  for (std::uint32_t n = 0; n < sums; ++n) {
    std::map<BitId, std::int64_t> weights;
    if (!dense) weights = bases[rng.below(2)];
    const std::int64_t factor = sign();
    for (auto& [bit, weight] : weights) weight *= factor;
    for (std::uint32_t k = 0; k < own; ++k) weights.try_emplace(in[rng.below(in.size())], sign());
    for (std::size_t i = 0; dense && i < in.size(); ++i) weights[in[i]] = sign();
    std::vector<logic::Term> terms;
    std::int64_t middle = 0;
    for (const auto& [bit, weight] : weights) {
      terms.push_back({bit, weight});
      middle += weight;
    }
    const BitId bit = graph.add_compare(graph.add_sum(terms, 0, {0, n, 0}), middle / 2, {0, n, 0});
    lowered.layer_bits[0].push_back(bit);
    graph.outputs.bits.push_back(bit);
  }
  return lowered;
}

std::size_t count_luts(const map::Mapped& mapped) {
  const auto total = compute_statistics(mapped.netlist, 1).total;
  std::size_t luts = 0;
  for (std::size_t i = 0; i < total.size(); ++i) {
    if (tech::cell_type(static_cast<tech::Cell>(i)).role == tech::CellRole::lut) luts += total[i];
  }
  return luts;
}

map::Mapped map_layer(const logic::Lowered& layer, tech::Family family, bool share) {
  map::MapOptions options;
  options.family = family;
  options.pipeline.mode = map::PipelineMode::none;
  options.share = share;
  return map::map_to_netlist(layer, options);
}

/// The value of a sum or a part of a plan, from the bits.
std::int64_t value_of(const map::SharePlan& plan, const map::SharedSum& sum, const std::vector<bool>& bits) {
  std::int64_t value = 0;
  for (const logic::Term& term : sum.own) value += bits[logic::index_of(term.bit)] ? term.weight : 0;
  for (const map::PartUse& use : sum.uses) {
    const std::int64_t part = value_of(plan, plan.parts.at(use.part), bits);
    value += use.negated ? -part : part;
  }
  return value;
}

}  // namespace

TEST_CASE("a plan keeps the value of every sum", "[map][share][property]") {
  test::property([](std::uint64_t seed) {
    const auto layer = make_layer(seed, 12, 10, *rc::gen::arbitrary<bool>());
    const logic::Graph& graph = layer.graph;
    const auto plan = map::plan_shares(graph, std::vector<bool>(graph.sum_count(), true));
    RC_ASSERT(!plan.parts.empty());
    base::Rng rng(seed);
    std::vector<bool> bits(graph.bit_count());
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = rng.below(2) == 1;
    for (std::uint32_t i = 0; i < graph.sum_count(); ++i) {
      std::int64_t expected = 0;
      for (const logic::Term& term : graph.terms(logic::SumId{i})) expected += bits[logic::index_of(term.bit)] ? term.weight : 0;
      RC_ASSERT(value_of(plan, plan.sums[i], bits) == expected);
    }
  });
}

TEST_CASE("sums that share parts compare as they did, in every family", "[map][share][property]") {
  test::property([](std::uint64_t seed) {
    const auto layer = make_layer(seed, 6, 12, *rc::gen::arbitrary<bool>());
    const auto family = *rc::gen::elementOf(tech::kFamilies);
    const auto mapped = map_layer(layer, family, true);
    RC_ASSERT(mapped.shared_parts > 0u);
    base::Rng rng(seed);
    std::vector<std::uint64_t> inputs(layer.graph.input_count());
    netlist::Simulator simulator(mapped.netlist);
    for (std::size_t i = 0; i < inputs.size(); ++i) simulator.set_feature_bit(i, inputs[i] = rng.next());
    simulator.settle();
    const auto expected = eval::evaluate_bitsliced(layer.graph, inputs).bits;
    for (std::size_t i = 0; i < expected.size(); ++i) RC_ASSERT(simulator.value(mapped.netlist.bits[i]) == expected[i]);
  });
}

TEST_CASE("real sharing makes a layer smaller, in every family", "[map][share]") {
  for (const tech::Family family : tech::kFamilies) {
    const auto layer = make_layer(1, 12, 6, false);
    const auto shared = map_layer(layer, family, true);
    REQUIRE(shared.shared_parts > 0);
    const std::size_t luts = count_luts(shared);
    const std::size_t plain = count_luts(map_layer(layer, family, false));
    INFO(tech::family_name(family) << ": " << luts << " of " << plain);
    // Where adders are no LUTs, these say little.
    if (family != tech::Family::gatemate && family != tech::Family::ecp5) CHECK(10 * luts < 9 * plain);
  }
}

TEST_CASE("sums are shared for area, not where depth counts", "[map][share]") {
  const auto layer = make_layer(1, 12, 6, false);
  for (const map::Goal goal : {map::Goal::balanced, map::Goal::delay}) {
    map::MapOptions options;
    options.goal = goal;
    CHECK(map::map_to_netlist(layer, options).shared_parts == 0);
  }
}

TEST_CASE("nothing is shared where sums have little in common", "[map][share]") {
  auto model = test::lutnet_model({16, 576, 1}, 3);
  REQUIRE(model::validate_model(model, "lutnet"));
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  CHECK(map_layer(*lowered, tech::Family::xc7, true).shared_parts == 0);
  const auto open = std::vector<bool>(lowered->graph.sum_count(), true);
  CHECK(map::plan_shares(lowered->graph, open).parts.empty());
}

TEST_CASE("sums that are not open share nothing", "[map][share]") {
  const auto layer = make_layer(2, 8, 5, false);
  CHECK(map::plan_shares(layer.graph, std::vector<bool>(layer.graph.sum_count(), false)).parts.empty());
}

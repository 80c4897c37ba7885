// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/map.hpp"

#include <set>

#include "lutgen/eval/reference.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using netlist::NetId;

namespace {

std::uint64_t number(const netlist::Simulator& simulator, std::span<const NetId> nets, std::size_t sample) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < nets.size(); ++i) value |= ((simulator.value(nets[i]) >> sample) & 1) << i;
  return value;
}

/// Checks every output of a sample against the golden model's last layers.
void check_outputs(const model::Model& model, const netlist::Netlist& net, const netlist::Simulator& simulator,
                   const eval::Trace& trace, std::size_t sample) {
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const bool is_last = l + 1 == model.layers.size();
    const auto& expected = trace.values[l];
    if (model.layers[l].output == model::ValueKind::class_index) {
      RC_ASSERT(number(simulator, net.class_index, sample) == static_cast<std::uint64_t>(expected[0]));
    } else if (model.layers[l].output == model::ValueKind::scores) {
      for (std::size_t c = 0; c < expected.size(); ++c) {
        const auto bits = std::span(net.scores).subspan(c * net.score_bits, net.score_bits);
        RC_ASSERT(number(simulator, bits, sample) == static_cast<std::uint64_t>(expected[c]));
      }
    } else if (is_last) {
      for (std::size_t i = 0; i < expected.size(); ++i) {
        RC_ASSERT(static_cast<std::int64_t>((simulator.value(net.bits[i]) >> sample) & 1) == expected[i]);
      }
    }
  }
}

map::PipelineOptions any_pipeline() {
  const auto mode = *rc::gen::element(map::PipelineMode::none, map::PipelineMode::every_levels, map::PipelineMode::automatic);
  return {mode, *rc::gen::inRange<std::uint32_t>(1, 6)};
}

}  // namespace

TEST_CASE("a mapped network computes the golden model after exactly its latency", "[map][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed);
    RC_ASSERT(model::validate_model(model, "random").has_value());
    const auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    const map::MapOptions options{*rc::gen::elementOf(tech::kFamilies), any_pipeline(), true};
    const auto mapped = map::map_to_netlist(*lowered, options);
    netlist::Simulator simulator(mapped.netlist);
    base::Rng rng(seed + 1);
    const std::uint32_t width = model::bits_per_feature(model.input.type);
    const std::uint32_t latency = mapped.netlist.latency_cycles;
    std::vector<std::vector<double>> samples;
    // A new sample in every cycle; each result must stand at the outputs `latency` edges later.
    for (std::uint32_t cycle = 0; cycle < latency + 6; ++cycle) {
      samples.push_back(test::random_features(rng, model.input));
      for (std::size_t f = 0; f < samples.back().size(); ++f) {
        const auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(samples.back()[f]));
        for (std::uint32_t b = 0; b < width; ++b) {
          simulator.set_feature_bit(f * width + b, ((value >> b) & 1) != 0 ? ~std::uint64_t{0} : 0);
        }
      }
      simulator.set_in_valid(cycle % 3 != 0 ? 1 : 0);
      simulator.settle();
      if (cycle >= latency) {
        const std::size_t taken = cycle - latency;
        RC_ASSERT((simulator.value(mapped.netlist.out_valid) & 1) == std::uint64_t{taken % 3 != 0});
        check_outputs(model, mapped.netlist, simulator, eval::evaluate_reference(model, samples[taken]), 0);
      }
      simulator.clock_edge();
    }
  });
}

TEST_CASE("the valid chain is emptied by reset", "[map]") {
  auto model = test::random_model(7);
  REQUIRE(model::validate_model(model, "random"));
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  for (const auto family : tech::kFamilies) {
    const auto mapped = map::map_to_netlist(*lowered, {family, {map::PipelineMode::every_levels, 1}, false});
    netlist::Simulator simulator(mapped.netlist);
    REQUIRE(mapped.netlist.latency_cycles > 1);
    simulator.set_in_valid(1);
    for (std::uint32_t i = 0; i < mapped.netlist.latency_cycles; ++i) simulator.clock_edge();
    CHECK(simulator.value(mapped.netlist.out_valid) == 1);
    simulator.set_reset(1);
    simulator.clock_edge();
    CHECK(simulator.value(mapped.netlist.out_valid) == 0);
    simulator.set_reset(0);
    simulator.set_in_valid(0);
    for (std::uint32_t i = 0; i < mapped.netlist.latency_cycles; ++i) {
      simulator.clock_edge();
      CHECK(simulator.value(mapped.netlist.out_valid) == 0);
    }
  }
}

TEST_CASE("an output that is held as its complement has a name of its own, and so has the complement", "[map]") {
  for (const tech::Family family : tech::kFamilies) {
    logic::Lowered lowered;
    logic::Graph& graph = lowered.graph;
    const std::vector<logic::BitId> in{graph.add_input(), graph.add_input(), graph.add_input()};
    const auto held = graph.add_lut(truth::TruthTable::from_word(3, 0xCA), in, {0, 1, 0});
    const auto output = graph.add_lut(truth::TruthTable::from_word(1, 0b01), {&held, 1}, {0, 1, 0});
    // A sum that reads the complement as well.
    const std::vector<logic::Term> terms{{in[0], 1}, {in[1], 1}, {in[2], 1}, {held, -1}};
    const auto compare = graph.add_compare(graph.add_sum(terms, 0, {0, 0, 0}), 1, {0, 0, 0});
    graph.outputs.bits = {compare, output};
    lowered.layer_bits = {{compare, output}};
    lowered.layer_sums.resize(1);
    lowered.layer_levels = {1};
    lowered.encoders = {false};
    map::MapOptions options;
    options.family = family;
    options.pipeline.mode = map::PipelineMode::none;
    const map::Mapped mapped = map::map_to_netlist(lowered, options);
    const auto driven = compute_driven_nets(mapped.netlist);
    std::set<std::string> names;
    for (std::uint32_t n = 2; n < mapped.netlist.net_count(); ++n) {
      const netlist::NetName& name = mapped.netlist.name(NetId{n});
      if (driven[n] && name.unit != netlist::Unit::valid) CHECK(names.insert(netlist::spell(name)).second);
    }
    CHECK(netlist::spell(mapped.netlist.name(mapped.netlist.bits[1])) == "l0_n1_y");
  }
}

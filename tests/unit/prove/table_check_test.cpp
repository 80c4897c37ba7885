// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/table_check.hpp"

#include "lutgen/optimize/optimize.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;

namespace {

/// Two layers of tables of six inputs, no input twice: inputs n, n + 1, ... of table n.
model::Model chained_tables(std::uint64_t seed) {
  base::Rng rng(seed);
  model::Model model;
  model.name = "chained";
  model.input = {{32}, model::FeatureType::bit};
  for (int l = 0; l < 2; ++l) {
    model::LutLayer luts;
    luts.neurons = 32;
    luts.fan_in = 6;
    for (std::uint32_t n = 0; n < 32; ++n) {
      for (std::uint32_t k = 0; k < 6; ++k) luts.inputs.push_back((n + k) % 32);
      for (int byte = 0; byte < 8; ++byte) luts.tables.push_back(static_cast<std::uint8_t>(rng.next()));
    }
    model.layers.emplace_back().operation = std::move(luts);
  }
  return model;
}

logic::Lowered lowered(model::Model model) {
  REQUIRE(model::validate_model(model, "model"));
  auto result = logic::lower(model, {});
  REQUIRE(result);
  return *std::move(result);
}

}  // namespace

TEST_CASE("every table of a netlist is shown, on every family and pipeline", "[prove][table][property]") {
  std::uint64_t proven = 0;
  test::property([&](std::uint64_t seed) {
    auto model = test::random_model(seed);
    RC_ASSERT(model::validate_model(model, "random").has_value());
    auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    map::MapOptions options;
    options.family = *rc::gen::elementOf(tech::kFamilies);
    options.goal = *rc::gen::element(map::Goal::area, map::Goal::balanced, map::Goal::delay);
    options.pipeline = {*rc::gen::element(map::PipelineMode::none, map::PipelineMode::every_levels, map::PipelineMode::automatic),
                        *rc::gen::inRange<std::uint32_t>(1, 6)};
    if (*rc::gen::arbitrary<bool>()) {
      *lowered = optimize::optimize(*lowered, optimize::options_for(options.family, {optimize::kPasses.begin(), optimize::kPasses.end()})).lowered;
    }
    const map::Mapped mapped = map::map_to_netlist(*lowered, options);
    const auto report = prove::check_tables(lowered->graph, mapped, {.threads = 2});
    if (report.failed != 0) RC_FAIL(report.first);
    RC_ASSERT(report.proven + report.gone <= lowered->graph.lut_count());
    proven += report.proven;
  });
  CHECK(proven > 1000);
}

TEST_CASE("one other entry of a table is found and its net is named", "[prove][table]") {
  const model::Model model = chained_tables(5);
  for (const auto family : tech::kFamilies) {
    const map::Mapped mapped = map::map_to_netlist(lowered(model), {.family = family, .pipeline = {}});
    for (const auto& [layer, neuron, entry] : {std::tuple(0, 0, 0), std::tuple(0, 17, 63), std::tuple(1, 31, 29)}) {
      model::Model other = model;
      auto& tables = std::get<model::LutLayer>(other.layers[static_cast<std::size_t>(layer)].operation).tables;
      tables[static_cast<std::size_t>(8 * neuron + entry / 8)] ^= static_cast<std::uint8_t>(1 << (entry % 8));
      const auto report = prove::check_tables(lowered(other).graph, mapped);
      INFO(tech::family_name(family) << ": " << report.first);
      CHECK(report.failed == 1);
      CHECK(report.proven == 63);
      const std::string address = fmt::format("{} {} {} {} {} {}", entry & 1, (entry >> 1) & 1, (entry >> 2) & 1, (entry >> 3) & 1,
                                              (entry >> 4) & 1, (entry >> 5) & 1);
      CHECK(report.first.starts_with(fmt::format("l{}_n{}_y: expected ", layer, neuron)));
      CHECK(report.first.ends_with(fmt::format(" for the inputs {} (input 0 first)", address)));
    }
  }
}

TEST_CASE("a claim with the wrong net is not believed", "[prove][table]") {
  const logic::Lowered logic = lowered(chained_tables(6));
  map::Mapped mapped = map::map_to_netlist(logic, {.family = tech::Family::xc7, .pipeline = {}});
  std::swap(mapped.claims.bits[3].net, mapped.claims.bits[20].net);
  const auto report = prove::check_tables(logic.graph, mapped);
  INFO(report.first);
  // The two, and all that read one of them.
  CHECK(report.failed >= 2);
  CHECK(report.first.find("depends on features") != std::string::npos);
}

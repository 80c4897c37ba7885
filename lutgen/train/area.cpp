// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/area.hpp"

#include "lutgen/base/result.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/netlist/netlist.hpp"
#include "lutgen/optimize/optimize.hpp"

namespace lutgen::train {
namespace {

/// Random tables of top bits of bytes, as many for each class.
model::Model random_network(std::uint32_t tables, std::uint32_t classes, std::uint32_t fan_in, std::uint32_t bits) {
  base::Rng rng(1);
  model::LutLayer luts;
  luts.neurons = tables;
  luts.fan_in = fan_in;
  for (std::size_t i = 0; i < std::size_t{tables} * fan_in; ++i) luts.inputs.push_back(static_cast<std::uint32_t>(rng.below(bits)));
  luts.tables.resize(std::size_t{tables} * luts.table_bytes());
  const auto used = static_cast<std::uint8_t>(fan_in < 3 ? (1U << (1U << fan_in)) - 1 : 0xff);
  for (std::uint8_t& byte : luts.tables) byte = static_cast<std::uint8_t>(rng.below(256) & used);
  model::Thermometer wires;
  wires.features = bits;
  wires.levels = 1;
  wires.thresholds.assign(bits, 127);
  model::Model model;
  model.name = "random";
  model.input = {{bits}, model::FeatureType::u8};
  model.layers.resize(4);
  model.layers[0].operation = std::move(wires);
  model.layers[1].operation = std::move(luts);
  model.layers[2].operation = model::GroupSum{classes};
  model.layers[3].operation = model::Argmax{};
  LUTGEN_CHECK(model::validate_model(model, model.name));
  return model;
}

}  // namespace

std::uint64_t count_luts(const model::Model& model) {
  const bool is_host = model.input.type == model::FeatureType::f32;
  auto lowered = logic::lower(model, {.input = is_host ? logic::InputForm::bits : logic::InputForm::features, .place = model.name});
  LUTGEN_CHECK(lowered);
  const optimize::Optimized optimized =
      optimize::optimize(std::move(*lowered), optimize::options_for(tech::Family::xc7, {optimize::kPasses.begin(), optimize::kPasses.end()}));
  const map::Mapped mapped = map::map_to_netlist(optimized.lowered, {});
  const netlist::Statistics statistics = netlist::compute_statistics(mapped.netlist, model.layers.size());
  std::uint64_t luts = 0;
  for (std::size_t c = 0; c < statistics.total.size(); ++c) {
    if (tech::cell_type(static_cast<tech::Cell>(c)).role == tech::CellRole::lut) luts += statistics.total[c];
  }
  return luts;
}

std::uint32_t tables_within(std::uint64_t luts, std::uint32_t classes, std::uint32_t fan_in, std::uint32_t bits) {
  constexpr std::uint32_t most = 100000;
  const auto fits = [&](std::uint32_t each) { return count_luts(random_network(each * classes, classes, fan_in, bits)) <= luts; };
  // Of what fits and what does not, the latter is found first by doubling.
  std::uint32_t fitting = 0;
  std::uint32_t beyond = 1;
  while (beyond <= most && fits(beyond)) {
    fitting = beyond;
    beyond *= 2;
  }
  while (beyond - fitting > 1) {
    const std::uint32_t middle = fitting + (beyond - fitting) / 2;
    (fits(middle) ? fitting : beyond) = middle;
  }
  return std::min(fitting, most) * classes;
}

}  // namespace lutgen::train

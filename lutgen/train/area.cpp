// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/area.hpp"

#include "lutgen/base/result.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/netlist/netlist.hpp"
#include "lutgen/optimize/optimize.hpp"

namespace lutgen::train {

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

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/builder.hpp"

#include "lutgen/base/result.hpp"

namespace lutgen::map {

void Builder::begin_group(std::uint16_t layer, std::uint8_t levels, bool ends_stage) {
  groups_.push_back({netlist_.cell_count(), levels, layer, ends_stage});
}

void Builder::add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins,
                       std::uint16_t layer) {
  LUTGEN_CHECK(!groups_.empty());
  netlist_.add_cell(type, init, pins, layer);
}

void Builder::remove_dead_cells() {
  const std::vector<bool> live = netlist::compute_live_cells(netlist_);
  std::vector<CellGroup> groups;
  std::uint32_t next = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::uint32_t end = g + 1 < groups_.size() ? groups_[g + 1].first_cell : netlist_.cell_count();
    CellGroup group = groups_[g];
    group.first_cell = next;
    for (std::uint32_t c = groups_[g].first_cell; c < end; ++c) next += live[c] ? 1 : 0;
    if (next != group.first_cell) groups.push_back(group);
  }
  groups_ = std::move(groups);
  netlist_.keep_cells(live);
}

NetId Builder::add_lut(const truth::TruthTable& table, std::span<const NetId> inputs,
                       const NetName& name) {
  LUTGEN_CHECK(inputs.size() == static_cast<std::size_t>(table.inputs()));
  const tech::Cell type = tech::lut_cell(family(), table.inputs());
  // A family with one LUT size gets the table extended by inputs that do not matter, tied to 0.
  const int spare = tech::cell_type(type).input_bits - table.inputs();
  const std::uint64_t init = spare == 0 ? table.word() : table.extended(spare).word();
  std::vector<NetId> pins{add_net(name)};
  pins.insert(pins.end(), inputs.begin(), inputs.end());
  pins.insert(pins.end(), static_cast<std::size_t>(spare), NetId::zero);
  add_cell(type, init, pins, name.layer);
  return pins.front();
}

}  // namespace lutgen::map

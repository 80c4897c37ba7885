// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/builder.hpp"

#include "lutgen/base/result.hpp"

namespace lutgen::map {

void Builder::begin_group(std::uint16_t layer, std::uint8_t levels) {
  groups_.push_back({netlist_.cell_count(), levels, layer});
}

void Builder::add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins,
                       std::uint16_t layer) {
  LUTGEN_CHECK(!groups_.empty());
  netlist_.add_cell(type, init, pins, layer);
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

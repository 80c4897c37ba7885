// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/builder.hpp"

#include <algorithm>

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
  netlist_.mark_unread();
}

NetId Builder::inverse(NetId net) {
  if (net == NetId::zero) return NetId::one;
  if (net == NetId::one) return NetId::zero;
  const auto known = inverse_of_.find(netlist::index_of(net));
  if (known != inverse_of_.end()) return known->second;
  NetName name = netlist_.name(net);
  name.inverted = true;
  begin_group(name.layer);
  const truth::TruthTable inverter = truth::TruthTable::from_word(1, 0b01);
  const NetId inverse = add_lut(inverter, {&net, 1}, name);
  // Both ways, and for good: an inverter that stays (keep_inverter) still has the net before it as its inverse.
  inverse_of_.emplace(netlist::index_of(net), inverse);
  inverse_of_.emplace(netlist::index_of(inverse), net);
  inverted_.emplace(netlist::index_of(inverse), net);
  // Where the LUT goes, the value is still there as 1 - net.
  claim(VirtualNet{inverse, inverter, {net}});
  claim(SumClaim{.inputs = {{net, -1}}, .constant = 1, .outputs = {{inverse}}});
  return inverse;
}

std::optional<NetId> Builder::find_inverted(NetId net) const {
  const auto found = inverted_.find(netlist::index_of(net));
  return found == inverted_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Builder::take_inverters_out(std::vector<WeightedNet>& nets) const {
  std::int64_t constant = 0;
  for (WeightedNet& term : nets) {
    const auto source = find_inverted(term.net);
    if (!source) continue;
    constant += term.weight;
    term = {*source, -term.weight};
  }
  return constant;
}

void Builder::claim(SumClaim claim) {
  claim.constant += take_inverters_out(claim.inputs);
  claims_.sums.push_back(std::move(claim));
}

std::uint32_t Builder::claim(NumberClaim claim) {
  claim.constant += take_inverters_out(claim.bits);
  claims_.numbers.push_back(std::move(claim));
  return static_cast<std::uint32_t>(claims_.numbers.size() - 1);
}

NetId Builder::add_lut(const truth::TruthTable& original, std::span<const NetId> original_inputs,
                       const NetName& name) {
  LUTGEN_CHECK(original_inputs.size() == static_cast<std::size_t>(original.inputs()));
  truth::TruthTable table = original;
  std::vector<NetId> inputs(original_inputs.begin(), original_inputs.end());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const auto source = find_inverted(inputs[k]);
    if (!source) continue;
    table = table.flipped(static_cast<int>(k));
    inputs[k] = *source;
  }
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

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/builder.hpp"

#include <algorithm>
#include <utility>

#include "lutgen/base/result.hpp"

namespace lutgen::map {

void Builder::reserve(std::size_t tables) {
  groups_.reserve(tables);
  claims_.bits.reserve(tables);
}

void Builder::begin_group(std::uint16_t layer, std::uint8_t levels, bool ends_stage) {
  groups_.push_back({netlist_.cell_count(), levels, layer, ends_stage});
}

void Builder::add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins,
                       std::uint16_t layer) {
  LUTGEN_CHECK(!groups_.empty());
  // Only what is driven can be read; mostly a gate was settled in a group of its own before.
  for (const NetId net : pins) {
    const auto gate = gates_.find(netlist::index_of(net));
    if (gate == gates_.end()) continue;
    const Gate taken = std::move(gate->second);
    gates_.erase(gate);
    drive(net, taken.table, taken.inputs);
  }
  netlist_.add_cell(type, init, pins, layer);
}

void Builder::remove_dead_cells() {
  const std::vector<bool> live = netlist::compute_live_cells(netlist_);
  std::size_t kept = 0;
  std::uint32_t next = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::uint32_t end = g + 1 < groups_.size() ? groups_[g + 1].first_cell : netlist_.cell_count();
    CellGroup group = groups_[g];
    const std::uint32_t first = std::exchange(group.first_cell, next);
    for (std::uint32_t c = first; c < end; ++c) next += live[c] ? 1 : 0;
    if (next != group.first_cell) groups_[kept++] = group;  // group g was read, and kept <= g
  }
  groups_.resize(kept);
  netlist_.keep_cells(live);
  netlist_.mark_unread();
}

NetId Builder::inverse(NetId net) {
  if (net == NetId::zero) return NetId::one;
  if (net == NetId::one) return NetId::zero;
  const auto known = inverse_of_.find(netlist::index_of(net));
  if (known != inverse_of_.end()) return known->second;
  NetName name = netlist_.name(net);
  name.inverted = !name.inverted;
  const truth::TruthTable inverter = truth::TruthTable::from_word(1, 0b01);
  NetId inverse = NetId::zero;
  VirtualNet value{inverse, inverter, {net}};
  if (const Gate* gate = find_gate(net); gate != nullptr) {
    inverse = add_net(name);
    value = {inverse, gate->table.complement(), gate->inputs};
    gates_.emplace(netlist::index_of(inverse), Gate{inverter, {net}});
  } else {
    begin_group(name.layer);
    inverse = add_lut(inverter, {&net, 1}, name);
  }
  // Both ways, and for good: an inverter that stays (keep_inverter) still has the net before it as its inverse.
  inverse_of_.emplace(netlist::index_of(net), inverse);
  inverse_of_.emplace(netlist::index_of(inverse), net);
  inverted_.emplace(netlist::index_of(inverse), net);
  // Where the LUT goes, the value is still there as 1 - net.
  value.net = inverse;
  claim(std::move(value));
  claim(SumClaim{.inputs = {{net, -1}}, .constant = 1, .outputs = {{inverse}}});
  return inverse;
}

NetId Builder::add_gate(const truth::TruthTable& table, std::span<const NetId> inputs, const NetName& name) {
  const NetId net = add_net(name);
  Gate gate{table, {inputs.begin(), inputs.end()}};
  claim(VirtualNet{net, gate.table, gate.inputs});
  gates_.emplace(netlist::index_of(net), std::move(gate));
  return net;
}

const Gate* Builder::find_gate(NetId net) const {
  const auto found = gates_.find(netlist::index_of(net));
  return found == gates_.end() ? nullptr : &found->second;
}

void Builder::settle_gate(NetId net) {
  const auto found = gates_.find(netlist::index_of(net));
  if (found == gates_.end()) return;
  const Gate gate = std::move(found->second);
  gates_.erase(found);
  for (const NetId input : gate.inputs) settle_gate(input);
  begin_group(netlist_.name(net).layer);
  drive(net, gate.table, gate.inputs);
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

NetId Builder::add_lut(const truth::TruthTable& table, std::span<const NetId> inputs, const NetName& name) {
  const NetId net = add_net(name);
  drive(net, table, {inputs.begin(), inputs.end()});
  return net;
}

void Builder::drive(NetId net, truth::TruthTable table, std::vector<NetId> inputs) {
  LUTGEN_CHECK(inputs.size() == static_cast<std::size_t>(table.inputs()));
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
  std::vector<NetId> pins{net};
  pins.insert(pins.end(), inputs.begin(), inputs.end());
  pins.insert(pins.end(), static_cast<std::size_t>(spare), NetId::zero);
  add_cell(type, init, pins, netlist_.name(net).layer);
}

}  // namespace lutgen::map

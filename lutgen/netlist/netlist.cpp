// SPDX-License-Identifier: Apache-2.0
#include "lutgen/netlist/netlist.hpp"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"

namespace lutgen::netlist {

Netlist::Netlist(tech::Family family) : family_(family), names_(2) {}

NetId Netlist::add_net(const NetName& name) {
  LUTGEN_CHECK(names_.size() < std::numeric_limits<std::uint32_t>::max());
  names_.push_back(name);
  return NetId{static_cast<std::uint32_t>(names_.size() - 1)};
}

CellId Netlist::add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins,
                         std::uint16_t layer) {
  const tech::CellType& kind = tech::cell_type(type);
  LUTGEN_CHECK(kind.family == family_);
  LUTGEN_CHECK(pins.size() == std::size_t{kind.output_bits} + kind.input_bits);
  cells_.push_back({type, layer, static_cast<std::uint32_t>(pins_.size()), init});
  pins_.insert(pins_.end(), pins.begin(), pins.end());
  return CellId{static_cast<std::uint32_t>(cells_.size() - 1)};
}

std::span<const NetId> Netlist::output_pins(CellId id) const {
  return pins(id).first(tech::cell_type(cell(id).type).output_bits);
}

std::span<const NetId> Netlist::input_pins(CellId id) const {
  return pins(id).subspan(tech::cell_type(cell(id).type).output_bits);
}

void Netlist::reserve(std::size_t cells, std::size_t pins) {
  cells_.reserve(cells);
  names_.reserve(cells + names_.size());
  pins_.reserve(pins);
}

void Netlist::keep_cells(const std::vector<bool>& keep) {
  LUTGEN_CHECK(keep.size() == cells_.size());
  // Cells stand in the order of their pins, so that both move up in place.
  std::uint32_t cells = 0;
  std::uint32_t pins = 0;
  for (std::uint32_t c = 0; c < keep.size(); ++c) {
    if (!keep[c]) continue;
    CellRecord record = cells_[c];
    const tech::CellType& kind = tech::cell_type(record.type);
    const std::uint32_t count = std::uint32_t{kind.output_bits} + kind.input_bits;
    LUTGEN_CHECK(record.first_pin >= pins);
    std::copy_n(pins_.begin() + record.first_pin, count, pins_.begin() + pins);
    record.first_pin = pins;
    cells_[cells++] = record;
    pins += count;
  }
  cells_.resize(cells);
  pins_.resize(pins);
}

void Netlist::mark_unread() {
  const std::vector<bool> read = compute_read_nets(*this);
  for (std::uint32_t c = 0; c < cell_count(); ++c) {
    for (const NetId net : output_pins(CellId{c})) {
      NetName& name = names_[index_of(net)];
      name.unread = !read[index_of(net)] && name.tag != Tag::unused;
    }
  }
}

void Netlist::set_input_pin(CellId id, std::uint32_t position, NetId net) {
  const tech::CellType& kind = tech::cell_type(cell(id).type);
  LUTGEN_CHECK(position < kind.input_bits);
  pins_[cell(id).first_pin + kind.output_bits + position] = net;
}

std::vector<bool> compute_driven_nets(const Netlist& netlist) {
  std::vector<bool> driven(netlist.net_count(), false);
  driven[0] = driven[1] = true;
  for (const NetId net : netlist.feature_bits) driven[index_of(net)] = true;
  for (const NetId net : {netlist.clock, netlist.reset, netlist.in_valid}) driven[index_of(net)] = true;
  for (std::uint32_t c = 0; c < netlist.cell_count(); ++c) {
    for (const NetId net : netlist.output_pins(CellId{c})) driven[index_of(net)] = true;
  }
  return driven;
}

std::vector<bool> compute_read_nets(const Netlist& netlist) {
  std::vector<bool> read(netlist.net_count(), false);
  for (const auto* nets : {&netlist.class_index, &netlist.scores, &netlist.bits}) {
    for (const NetId net : *nets) read[index_of(net)] = true;
  }
  read[index_of(netlist.out_valid)] = true;
  for (std::uint32_t c = 0; c < netlist.cell_count(); ++c) {
    for (const NetId net : netlist.input_pins(CellId{c})) read[index_of(net)] = true;
  }
  return read;
}

std::vector<bool> compute_live_cells(const Netlist& netlist) {
  std::vector<bool> read(netlist.net_count(), false);
  for (const auto* nets : {&netlist.class_index, &netlist.scores, &netlist.bits}) {
    for (const NetId net : *nets) read[index_of(net)] = true;
  }
  read[index_of(netlist.out_valid)] = true;
  // Readers stand behind what they read, so one pass from the end finds everything (flops are not
  // there yet when the mapper calls this).
  std::vector<bool> live(netlist.cell_count(), false);
  for (std::uint32_t c = netlist.cell_count(); c-- > 0;) {
    for (const NetId net : netlist.output_pins(CellId{c})) live[c] = live[c] || read[index_of(net)];
    if (!live[c]) continue;
    for (const NetId net : netlist.input_pins(CellId{c})) read[index_of(net)] = true;
  }
  return live;
}

Statistics compute_statistics(const Netlist& netlist, std::size_t layer_count) {
  Statistics statistics;
  statistics.layers.resize(layer_count + 1);
  for (std::uint32_t i = 0; i < netlist.cell_count(); ++i) {
    const CellRecord& cell = netlist.cell(CellId{i});
    const auto type = static_cast<std::size_t>(cell.type);
    ++statistics.total[type];
    ++statistics.layers[std::min<std::size_t>(cell.layer, layer_count)][type];
  }
  return statistics;
}

std::string find_violation(const Netlist& netlist) {
  enum class Driver : std::uint8_t { none, before, flop };
  std::vector<Driver> driver(netlist.net_count(), Driver::none);
  const auto place = [&](std::uint32_t cell) {
    const auto& type = tech::cell_type(netlist.cell(CellId{cell}).type);
    const auto outputs = netlist.output_pins(CellId{cell});
    return fmt::format("cell {} ({}, drives {})", cell, type.name, spell(netlist.name(outputs[0])));
  };
  driver[0] = driver[1] = Driver::before;
  for (const NetId net : netlist.feature_bits) driver[index_of(net)] = Driver::before;
  for (const NetId net : {netlist.clock, netlist.reset, netlist.in_valid}) {
    driver[index_of(net)] = Driver::before;
  }
  const auto is_flop = [&](std::uint32_t i) {
    return tech::cell_type(netlist.cell(CellId{i}).type).role == tech::CellRole::flop;
  };
  for (std::uint32_t i = 0; i < netlist.cell_count(); ++i) {
    if (!is_flop(i)) continue;
    for (const NetId net : netlist.output_pins(CellId{i})) {
      if (driver[index_of(net)] != Driver::none) return place(i) + ": its output has two drivers";
      driver[index_of(net)] = Driver::flop;
    }
  }
  for (std::uint32_t i = 0; i < netlist.cell_count(); ++i) {
    if (is_flop(i)) continue;
    for (const NetId net : netlist.input_pins(CellId{i})) {
      if (driver[index_of(net)] == Driver::none) {
        return place(i) + ": reads " + spell(netlist.name(net)) + ", which nothing before it drives";
      }
    }
    for (const NetId net : netlist.output_pins(CellId{i})) {
      if (driver[index_of(net)] != Driver::none) return place(i) + ": its output has two drivers";
      driver[index_of(net)] = Driver::before;
    }
  }
  for (std::uint32_t i = 0; i < netlist.cell_count(); ++i) {
    if (!is_flop(i)) continue;
    for (const NetId net : netlist.input_pins(CellId{i})) {
      if (driver[index_of(net)] == Driver::none) return place(i) + ": an input has no driver";
    }
  }
  return "";
}

}  // namespace lutgen::netlist

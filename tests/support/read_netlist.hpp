// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/map/map.hpp"
#include "lutgen/prove/read_back.hpp"

namespace lutgen::test {

/// What Yosys would read of an emitted netlist, without the way through text.
inline prove::ReadNetlist read_without_yosys(const map::Mapped& mapped) {
  prove::ReadNetlist read(mapped.netlist.family());
  read.netlist = mapped.netlist;
  read.names = {"1'b0", "1'b1"};
  for (std::uint32_t n = 2; n < mapped.netlist.net_count(); ++n) {
    read.names.push_back(netlist::spell(mapped.netlist.name(netlist::NetId{n})));
  }
  const std::vector<bool> driven = compute_driven_nets(mapped.netlist);
  for (std::uint32_t n = 2; n < mapped.netlist.net_count(); ++n) {
    if (driven[n]) read.by_name.emplace(read.names[n], netlist::NetId{n});
  }
  return read;
}

/// The same netlist with other cells: `change(cell, type, init, pins)` may alter each, false leaves it out.
template <class Change>
void rebuild(prove::ReadNetlist& read, Change&& change) {
  netlist::Netlist changed(read.netlist.family());
  for (std::uint32_t n = 2; n < read.netlist.net_count(); ++n) changed.add_net(read.netlist.name(netlist::NetId{n}));
  for (std::uint32_t c = 0; c < read.netlist.cell_count(); ++c) {
    const auto pins = read.netlist.pins(netlist::CellId{c});
    netlist::CellRecord record = read.netlist.cell(netlist::CellId{c});
    std::vector<netlist::NetId> nets(pins.begin(), pins.end());
    if (change(c, record.type, record.init, nets)) changed.add_cell(record.type, record.init, nets, record.layer);
  }
  changed.feature_bits = read.netlist.feature_bits;
  changed.clock = read.netlist.clock;
  changed.reset = read.netlist.reset;
  changed.in_valid = read.netlist.in_valid;
  changed.out_valid = read.netlist.out_valid;
  changed.class_index = read.netlist.class_index;
  changed.scores = read.netlist.scores;
  changed.score_bits = read.netlist.score_bits;
  changed.bits = read.netlist.bits;
  changed.latency_cycles = read.netlist.latency_cycles;
  read.netlist = std::move(changed);
}

}  // namespace lutgen::test

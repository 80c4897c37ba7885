// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lutgen/map/claims.hpp"
#include "lutgen/netlist/netlist.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::map {

using netlist::NetId;
using netlist::NetName;

/// Cells that stay together in one pipeline stage: a LUT, LUTs with their multiplexers, a carry chain.
///
/// first_cell  its cells are [first_cell, next group's first_cell)
/// levels      how many LUT levels its delay is worth
/// ends_stage  registers shall take its outputs at once: nothing else of their stage reads them
struct CellGroup {
  std::uint32_t first_cell = 0;
  std::uint8_t levels = 1;
  std::uint16_t layer = 0;
  bool ends_stage = false;
};

/// What the mapper spends and saves.
///
/// area      fewest LUT positions
/// balanced  fewer ranks of registers for a few positions more
/// delay     the shortest time from input to output
enum class Goal : std::uint8_t { area, balanced, delay };

/// A small function that has a net, but no cell so far.
struct Gate {
  truth::TruthTable table{0};
  std::vector<NetId> inputs;
};

/// Builds a combinational netlist, group by group, in evaluation order.
class Builder {
 public:
  explicit Builder(tech::Family family, Goal goal = Goal::area) : netlist_(family), goal_(goal) {}

  [[nodiscard]] tech::Family family() const { return netlist_.family(); }
  [[nodiscard]] Goal goal() const { return goal_; }
  [[nodiscard]] netlist::Netlist& netlist() { return netlist_; }
  [[nodiscard]] const netlist::Netlist& netlist() const { return netlist_; }
  [[nodiscard]] const std::vector<CellGroup>& groups() const { return groups_; }

  /// Makes room for so many groups of one cell that hold a table.
  void reserve(std::size_t tables);

  /// Starts a group; the cells added from here on belong to it. O(1).
  void begin_group(std::uint16_t layer, std::uint8_t levels = 1, bool ends_stage = false);

  /// A LUT cell in the current group: `table` has 1 to lut_inputs(family) inputs (checked), one net each. An input
  /// that `inverse` made is taken from before the inverter, with the table changed.
  NetId add_lut(const truth::TruthTable& table, std::span<const NetId> inputs, const NetName& name);

  /// Any other cell in the current group.
  void add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins, std::uint16_t layer);

  /// The complement of a net: a constant, the net that this is the inverse of, or a LUT of one input in a group of its
  /// own, built once a net. Where only LUTs read it, the LUT of one input is dead: they take the inverter in.
  NetId inverse(NetId net);
  /// The net that `inverse` made this one from, if it did. O(1).
  [[nodiscard]] std::optional<NetId> find_inverted(NetId net) const;

  /// A function of two nets that no LUT makes yet: a counter may take it in. As soon as a cell shall read the net,
  /// `settle_gate` puts a LUT there. Claimed as a VirtualNet.
  NetId add_gate(const truth::TruthTable& table, std::span<const NetId> inputs, const NetName& name);
  /// The gate behind a net of `add_gate` that has no LUT yet. O(1).
  [[nodiscard]] const Gate* find_gate(NetId net) const;
  void settle_gate(NetId net);

  /// Makes an inverter stay, where `net` is one of `inverse`: what is built from here on reads it like any net.
  void keep_inverter(NetId net) { inverted_.erase(netlist::index_of(net)); }

  /// Takes out the cells that no output port depends on, and groups that are empty then; marks the outputs of other
  /// cells that nothing reads. O(pins).
  void remove_dead_cells();

  /// A new net without a driver yet.
  NetId add_net(const NetName& name) { return netlist_.add_net(name); }

  /// Records what the cells just made do, for the prover (see map/claims). A claim about a number gives its place,
  /// to be named by a BitClaim. A net that `inverse` made is written as 1 minus the net before the inverter. O(nets).
  void claim(SumClaim claim);
  std::uint32_t claim(NumberClaim claim);
  void claim(const BitClaim& claim) { claims_.bits.push_back(claim); }
  void claim(VirtualNet claim) { claims_.virtual_nets.push_back(std::move(claim)); }
  void claim(MatchClaim claim) { claims_.matches.push_back(std::move(claim)); }
  [[nodiscard]] Claims& claims() { return claims_; }

 private:
  /// Replaces the nets of `inverse` among summands; gives what their complements add to the constant.
  std::int64_t take_inverters_out(std::vector<WeightedNet>& nets) const;

  netlist::Netlist netlist_;
  Goal goal_;
  std::vector<CellGroup> groups_;
  Claims claims_;
  /// A LUT in the current group that drives `net`.
  void drive(NetId net, truth::TruthTable table, std::vector<NetId> inputs);

  std::unordered_map<std::uint32_t, Gate> gates_;        // looked up, never iterated; inverters of gates, too
  std::unordered_map<std::uint32_t, NetId> inverse_of_;  // looked up, never iterated
  std::unordered_map<std::uint32_t, NetId> inverted_;    // the other way round
};

/// Hands out names for the inner nets of one unit: same place, tag `tag`, numbers 0, 1, 2, ...
class NameSource {
 public:
  NameSource(NetName base, netlist::Tag tag) : base_(base) { base_.tag = tag; }
  /// Model layer of the unit.
  [[nodiscard]] std::uint16_t layer() const { return base_.layer; }
  /// The next name.
  NetName next() {
    NetName name = base_;
    name.number = count_++;
    return name;
  }

 private:
  NetName base_;
  std::uint32_t count_ = 0;
};

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/large_vector.hpp"
#include "lutgen/tech/cells.hpp"

namespace lutgen::netlist {

/// A wire of one bit. 0 and 1 are the constants.
enum class NetId : std::uint32_t { zero = 0, one = 1 };
/// A primitive.
enum class CellId : std::uint32_t {};

/// Position of a net or cell in its netlist. O(1).
[[nodiscard]] constexpr std::uint32_t index_of(NetId id) { return static_cast<std::uint32_t>(id); }
[[nodiscard]] constexpr std::uint32_t index_of(CellId id) { return static_cast<std::uint32_t>(id); }

/// What a net belongs to: an input bit, a threshold of the encoder, a neuron, a node of a neuron's search
/// tree, a sum (a group, or what a neuron adds up), a match of the argmax tournament, or the valid chain.
enum class Unit : std::uint8_t { input, threshold, neuron, branch, group, match, valid };

/// Which value of its unit a net carries.
enum class Tag : std::uint8_t {
  value,    // y   the unit's own bit
  sum,      // s   bit `number` of a sum
  table,    // t   part `number` of a split table
  counter,  // c   output `number` of a counter
  carry,    // k   carry chain
  greater,  // gt  link `number` of a comparison
  score,    // v   bit `number` of the better score
  index,    // i   bit `number` of the better index
  unused,   // unused output `number`
};

/// Where a net comes from; its Verilog name is spelled from this, so names need no storage.
///
/// layer   index of the model layer
/// index   threshold's feature, neuron, sum, match or input bit
/// sub     threshold number of a feature, residual bit of a neuron, node of a search tree, 1 + part that sums share; else 0
/// number  see Tag
/// delay   register ranks behind the value of that name
/// inverted  the complement of the value of that name
/// unread  an output of a cell with several, which nothing reads
struct NetName {
  std::uint16_t layer = 0;
  Unit unit = Unit::input;
  Tag tag = Tag::value;
  std::uint32_t index = 0;
  std::uint32_t sub = 0;
  std::uint32_t number = 0;
  std::uint16_t delay = 0;
  bool inverted = false;
  bool unread = false;

  friend auto operator<=>(const NetName&, const NetName&) = default;
};

/// The name in Verilog, for example `l1_n17_y` or `l2_g4_s3_d1`; for Unit::input `features[17]`.
[[nodiscard]] std::string spell(const NetName& name);
/// No name is longer.
inline constexpr std::size_t kMostNameBytes = 96;
/// The same into a place with room for kMostNameBytes; gives the end of what was put.
[[nodiscard]] char* put_name(char* out, const NetName& name);

/// One instance of a primitive.
struct CellRecord {
  tech::Cell type = tech::Cell::lut1;
  std::uint16_t layer = 0;       // model layer it belongs to, for the section figures
  std::uint32_t first_pin = 0;   // into the flat connection list
  std::uint64_t init = 0;
};

/// The third form: primitives of one family, wires, registers.
///
/// Cells stand in evaluation order, flops excepted: a combinational cell reads only inputs, constants,
/// flop outputs and outputs of cells before it.
class Netlist {
 public:
  explicit Netlist(tech::Family family);

  [[nodiscard]] tech::Family family() const { return family_; }

  /// Makes room for so many cells, each with a net of its own, and their pins.
  void reserve(std::size_t cells, std::size_t pins);
  NetId add_net(const NetName& name);
  /// Adds a cell; `pins` is the flat list of cell_type(type).pins, output bits first (checked).
  CellId add_cell(tech::Cell type, std::uint64_t init, std::span<const NetId> pins, std::uint16_t layer);

  [[nodiscard]] std::uint32_t net_count() const { return static_cast<std::uint32_t>(names_.size()); }
  [[nodiscard]] std::uint32_t cell_count() const { return static_cast<std::uint32_t>(cells_.size()); }
  [[nodiscard]] const NetName& name(NetId id) const { return names_[index_of(id)]; }
  [[nodiscard]] const CellRecord& cell(CellId id) const { return cells_[index_of(id)]; }
  /// Cells stand in the order of their pins: a cell's end where those of the next begin.
  [[nodiscard]] std::span<const NetId> pins(CellId id) const {
    const std::size_t next = std::size_t{index_of(id)} + 1;
    const std::size_t end = next < cells_.size() ? cells_[next].first_pin : pins_.size();
    return {pins_.data() + cell(id).first_pin, end - cell(id).first_pin};
  }
  /// For passes over millions of cells: asks the memory for a cell, and for the pins of a cell that was asked for before.
  void fetch_cell(CellId id) const { __builtin_prefetch(&cells_[index_of(id)]); }
  void fetch_pins(CellId id) const { __builtin_prefetch(pins_.data() + cell(id).first_pin); }
  /// The nets that the cell drives: the first bits of `pins`.
  [[nodiscard]] std::span<const NetId> output_pins(CellId id) const;
  [[nodiscard]] std::span<const NetId> input_pins(CellId id) const;
  /// Takes out every cell c with keep[c] false; the others keep their order and move up. O(pins).
  void keep_cells(const std::vector<bool>& keep);
  /// Marks the outputs that neither a cell nor a port reads as unread, those called `unused` excepted. O(pins).
  void mark_unread();
  /// Connects input bit `position` (counted from the first input bit) to another net.
  void set_input_pin(CellId id, std::uint32_t position, NetId net);

  /// Ports. `feature_bits[i]` is the net of input bit i of the features port (all have Unit::input).
  std::vector<NetId> feature_bits;
  NetId clock = NetId::zero;
  NetId reset = NetId::zero;
  NetId in_valid = NetId::zero;
  NetId out_valid = NetId::zero;
  /// Output vectors, least significant bit first; empty when the network has none. Scores stand one
  /// after the other, `score_bits` bits each.
  std::vector<NetId> class_index;
  std::vector<NetId> scores;
  std::uint32_t score_bits = 0;
  std::vector<NetId> bits;
  /// Clock cycles from a sample at the inputs to its result; 0 = combinational.
  std::uint32_t latency_cycles = 0;

 private:
  tech::Family family_;
  base::LargeVector<NetName> names_;
  base::LargeVector<CellRecord> cells_;
  base::LargeVector<NetId> pins_;
};

/// Number of cells of each type, indexed by tech::Cell.
using CellCounts = std::array<std::uint64_t, tech::kCellCount>;

/// Cells by type, in the whole netlist and for each model layer; index `layers` holds the valid chain.
struct Statistics {
  CellCounts total{};
  std::vector<CellCounts> layers;
};

/// For every net: whether a cell, a port or a constant drives it. O(pins).
[[nodiscard]] std::vector<bool> compute_driven_nets(const Netlist& netlist);

/// For every net: whether a cell or an output port reads it. O(pins).
[[nodiscard]] std::vector<bool> compute_read_nets(const Netlist& netlist);

/// For every cell of a netlist without flops: whether an output port depends on it. O(pins).
[[nodiscard]] std::vector<bool> compute_live_cells(const Netlist& netlist);

/// Counts cells. O(cells).
[[nodiscard]] Statistics compute_statistics(const Netlist& netlist, std::size_t layer_count);

/// Checks what every netlist must obey: each net has exactly one driver, no cell reads a later one
/// (flops excepted), pins are connected, init bits fit. Gives the first violation as text, or "".
/// A violation is a bug of the mapper. O(pins).
[[nodiscard]] std::string find_violation(const Netlist& netlist);

}  // namespace lutgen::netlist

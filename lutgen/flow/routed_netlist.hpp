// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// A wire of one bit of a routed netlist. 0 and 1 are the constants.
enum class RoutedNet : std::uint32_t { zero = 0, one = 1 };

/// Position of a net in its netlist. O(1).
[[nodiscard]] constexpr std::uint32_t index_of(RoutedNet net) { return static_cast<std::uint32_t>(net); }

/// A table of at most six inputs: a lookup table, a carry or multiplexer stage, a buffer.
///
/// init         bit a is the output at address a; input 0 is the least significant address bit
/// input_count  0..6; further entries of `inputs` are not used
/// cell         index into `RoutedNetlist::cells`
struct RoutedTable {
  std::array<RoutedNet, 6> inputs{};
  std::uint8_t input_count = 0;
  std::uint64_t init = 0;
  RoutedNet output = RoutedNet::zero;
  std::uint32_t cell = 0;
};

/// A flip-flop on the rising edge of `clock`, with a synchronous set or reset that is active high.
///
/// reset_value         what `reset` leads to
/// initial             its state after configuration
/// reset_needs_enable  the reset acts only while `enable` is 1; otherwise it comes before `enable`
/// cell                index into `RoutedNetlist::cells`
struct RoutedFlop {
  RoutedNet clock = RoutedNet::zero;
  RoutedNet data = RoutedNet::zero;
  RoutedNet enable = RoutedNet::one;
  RoutedNet reset = RoutedNet::zero;
  RoutedNet output = RoutedNet::zero;
  bool reset_value = false;
  bool initial = false;
  bool reset_needs_enable = false;
  std::uint32_t cell = 0;
};

/// A port of the design; bit 0 first.
struct RoutedPort {
  std::string name;
  bool is_input = true;
  std::vector<RoutedNet> nets;
};

/// A placed and routed design in one plain form for all device families: tables, flops, ports. What a cell of
/// the family does was translated by the reader (`read_routed_netlist`).
///
/// tables      in evaluation order: a table reads only constants, input ports, flop outputs and tables before it
/// clock       the net that all flops are clocked by, followed back through buffers; zero when there are no flops
/// cells       name of every cell that a table or flop came from
/// net_names   [nets]; "" where the file has none
/// flop_of_net [nets]: index into `flops` of the flop that drives the net, or `kNoFlop`
struct RoutedNetlist {
  std::vector<RoutedTable> tables;
  std::vector<RoutedFlop> flops;
  std::vector<RoutedPort> ports;
  RoutedNet clock = RoutedNet::zero;
  std::vector<std::string> cells;
  std::vector<std::string> net_names;
  std::vector<std::uint32_t> flop_of_net;

  /// Marks a net that no flop drives.
  static constexpr std::uint32_t kNoFlop = UINT32_MAX;

  /// Number of nets, the constants included. O(1).
  [[nodiscard]] std::uint32_t net_count() const { return static_cast<std::uint32_t>(net_names.size()); }
  /// The port of that name, or null. O(ports).
  [[nodiscard]] const RoutedPort* find_port(std::string_view name) const;
  /// The flop of the cell of that name, or null. O(flops).
  [[nodiscard]] const RoutedFlop* find_flop(std::string_view cell) const;
};

/// Collects tables and flops in any order, and makes a netlist of them.
class RoutedBuilder {
 public:
  /// place  names the file in diagnostics
  explicit RoutedBuilder(std::string place);

  /// A new net; "" when it has no name.
  RoutedNet add_net(std::string name);
  /// Gives a net its name; the first name stays.
  void name_net(RoutedNet net, std::string_view name);
  /// A cell's index, for `RoutedTable::cell`.
  std::uint32_t add_cell(std::string name);
  void add_port(RoutedPort port) { netlist_.ports.push_back(std::move(port)); }
  void add_table(const RoutedTable& table) { netlist_.tables.push_back(table); }
  void add_flop(const RoutedFlop& flop) { netlist_.flops.push_back(flop); }

  [[nodiscard]] const std::string& place() const { return place_; }

  /// Checks the whole and puts the tables in order. The builder is empty afterwards.
  ///
  /// Errors   routed_invalid: a net with two drivers or with none that something reads, a loop of tables, flops
  ///          of different clocks; the cell is named
  /// Cost     O(pins)
  [[nodiscard]] Result<RoutedNetlist> finish();

 private:
  [[nodiscard]] Result<void> find_drivers();
  [[nodiscard]] Result<void> drive(RoutedNet net, std::uint32_t driver, std::uint32_t cell);
  [[nodiscard]] Result<void> check_driven(RoutedNet net, const std::string& reader) const;
  [[nodiscard]] Result<void> check_readers() const;
  [[nodiscard]] Result<void> sort_tables();
  [[nodiscard]] Result<void> find_clock();
  [[nodiscard]] std::string describe(RoutedNet net) const;

  std::string place_;
  RoutedNetlist netlist_;
  std::vector<std::uint32_t> drivers_;  // [nets]: see kNoDriver
};

}  // namespace lutgen::flow

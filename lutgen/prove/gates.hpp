// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "lutgen/netlist/netlist.hpp"

namespace lutgen::prove {

/// A function in a `Gates` graph. 0 and 1 are the constants; ids grow in evaluation order.
enum class NodeId : std::uint32_t { zero = 0, one = 1 };

/// Position of a node in its graph. O(1).
[[nodiscard]] constexpr std::uint32_t index_of(NodeId id) { return static_cast<std::uint32_t>(id); }

/// Inputs of a gate at most: every pin function of every primitive splits into such gates.
inline constexpr std::size_t kGateInputs = 6;

/// A graph of small tables without registers. Equal gates on equal nodes are one node, so that two netlists put into
/// the same graph share all that is built alike.
class Gates {
 public:
  /// A gate: bit a of `table` is the output at address a, fan-in 0 least significant. An input has no fan-ins.
  struct Gate {
    std::uint64_t table = 0;
    std::array<NodeId, kGateInputs> fanins{};
    std::uint8_t fanin_count = 0;
    friend bool operator==(const Gate&, const Gate&) = default;
  };

  Gates() : gates_(2) {}

  NodeId add_input();
  /// The node of a table on `fanins` (at most kGateInputs, checked): constants and equal fan-ins are put into the
  /// table, fan-ins that do not matter are dropped, a plain wire is the node it comes from. O(2^fan-ins).
  NodeId add_gate(std::uint64_t table, std::span<const NodeId> fanins);
  /// The output nodes of a combinational primitive. Carry chains within a cell become a gate a position.
  void add_cell(tech::Cell type, std::uint64_t init, std::span<const NodeId> inputs, std::span<NodeId> outputs);

  [[nodiscard]] std::uint32_t node_count() const { return static_cast<std::uint32_t>(gates_.size()); }
  [[nodiscard]] bool is_input(NodeId id) const { return index_of(id) > 1 && gate(id).fanin_count == 0; }
  [[nodiscard]] bool is_constant(NodeId id) const { return index_of(id) <= 1; }
  [[nodiscard]] const Gate& gate(NodeId id) const { return gates_[index_of(id)]; }
  [[nodiscard]] std::span<const NodeId> fanins(NodeId id) const {
    return {gate(id).fanins.data(), gate(id).fanin_count};
  }

 private:
  struct Hash {
    std::size_t operator()(const Gate& gate) const;
  };
  std::vector<Gate> gates_;
  std::unordered_map<Gate, NodeId, Hash> known_;  // looked up, never iterated
};

/// The output of a gate for 64 samples at once: fanins[k] holds input k, bit s is sample s.
[[nodiscard]] std::uint64_t evaluate_gate(std::uint64_t table, std::span<const std::uint64_t> fanins);

}  // namespace lutgen::prove

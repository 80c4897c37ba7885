// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lutgen/logic/lower.hpp"
#include "lutgen/map/pipeline.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::map {

/// "area", "balanced", "delay". Static storage.
[[nodiscard]] std::string_view goal_name(Goal goal);
/// The goal of that name, or nothing.
[[nodiscard]] std::optional<Goal> find_goal(std::string_view name);

/// Options of `map_to_netlist`.
struct MapOptions {
  tech::Family family = tech::Family::xc7;
  PipelineOptions pipeline;
  bool scores_output = false;  // also bring the scores out of a network that ends in argmax
  Goal goal = Goal::area;
  bool share = true;   // Goal::area: terms that several sums have in common are added up once (map/share)
};

/// Where the values of one layer of the model can be found in the netlist; in order, without those that nothing reads.
class LayerValues {
 public:
  /// A value: its threshold bit, neuron or group in the layer; its nets, least significant bit first, perhaps constants.
  struct Value {
    std::uint32_t index = 0;
    std::span<const netlist::NetId> nets;
  };

  void add(std::uint32_t index, std::span<const netlist::NetId> nets);
  [[nodiscard]] std::size_t value_count() const { return indices_.size(); }
  /// Value number i. O(1).
  [[nodiscard]] Value at(std::size_t i) const;

 private:
  std::vector<std::uint32_t> indices_;
  std::vector<std::uint32_t> ends_;  // [values]: in nets_
  std::vector<netlist::NetId> nets_;
};

/// A netlist, and how it relates to the model.
///
/// net_stage    [nets]: clock cycles between a sample at the inputs and its value on that net
/// layer_values [layer]: the values that hardware holds
/// claims       what the cells do, piece by piece: hints for the prover
/// shared_parts numbers that several sums share; 0 where sharing does not pay
struct Mapped {
  netlist::Netlist netlist;
  std::vector<std::uint16_t> net_stage;
  std::vector<LayerValues> layer_values;
  Claims claims;
  std::uint32_t shared_parts = 0;
};

/// Builds the netlist of a lowered model. Logic that no output depends on is left out. With `share`, where sums have terms in common, it is
/// built with them shared and without, and the smaller netlist (LUTs, and carry cells as the LUTs that they take) is given.
///
/// Requires  sums of the scores are never negative (checked; group_sum gives no others)
/// Cost      O(size of the graph)
[[nodiscard]] Mapped map_to_netlist(const logic::Lowered& lowered, const MapOptions& options);

}  // namespace lutgen::map

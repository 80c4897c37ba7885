// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lutgen/netlist/netlist.hpp"
#include "lutgen/prove/gates.hpp"
#include "lutgen/prove/report.hpp"

namespace lutgen::prove {

/// A netlist without its registers, and whether taking them out changes nothing but when results come.
///
/// nodes    [nets]: the function of the inputs on each net; a net behind a flop is the net before it, later
/// faults   empty: every flop is a plain delay, all inputs of each cell come from one stage, all outputs from stage
///          `latency`, out_valid is in_valid as much later, cleared by the reset. Then output in cycle t + latency is
///          the nodes' function of the input in cycle t, for every sequence of inputs
struct Collapsed {
  std::vector<NodeId> nodes;
  std::vector<Fault> faults;
  std::uint64_t registers = 0;
  std::uint64_t valid_registers = 0;
};

/// Takes the registers out.
///
/// names     [nets], for faults
/// features  nodes of the features port's bits
/// latency   stage that the outputs must have
/// Cost      O(pins)
[[nodiscard]] Collapsed collapse_registers(const netlist::Netlist& netlist, std::span<const std::string> names,
                                           std::span<const NodeId> features, std::uint32_t latency, Gates& gates);

}  // namespace lutgen::prove

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/prove/local_check.hpp"
#include "lutgen/prove/report.hpp"

namespace lutgen::prove {

/// A netlist without registers as nodes of a graph, with the mapper's claims about it, and what it is to compute.
///
/// graph      the specification; its inputs are `features`, in order
/// claims, claim_nets  the mapper's hints; claim_nets holds their nets' names
/// nodes      [nets of claim_nets]: the node of each net, by its name; nothing where the netlist has no such net
/// features, class_index, scores, bits  nodes of the ports; scores stand one after the other, equally wide
/// describe   a node's name for messages
/// progress   may be null
struct ClaimJob {
  const logic::Graph& graph;
  const model::Model& model;
  const map::Claims& claims;
  const netlist::Netlist& claim_nets;
  std::span<const std::optional<NodeId>> nodes;
  std::vector<NodeId> features;
  std::vector<NodeId> class_index;
  std::vector<NodeId> scores;
  std::vector<NodeId> bits;
  std::function<std::string(NodeId)> describe;
  LocalLimits limits = {};
  base::ProgressSink* progress = nullptr;
};

/// What became of the claims.
///
/// faults    empty: every output port is what the graph says, for every input
/// patterns  inputs that make single claims fail, for the search for a counter-example
struct ClaimResult {
  std::vector<Fault> faults;
  std::uint64_t fault_count = 0;
  ClaimCounts values;
  ClaimCounts sums;
  ClaimCounts comparisons;
  ClaimCounts matches;
  std::uint64_t numbers = 0;
  std::vector<InputPattern> patterns;
  std::uint64_t conflicts = 0;
};

/// Proves the outputs from the claims, each claim on the cells that are there: tables and comparisons on the nodes that
/// hold their inputs, counters on their own inputs, sums by composition of counters, argmax match by match.
///
/// Cost  O(claims), each a few gates; a sum O(n log n)
[[nodiscard]] ClaimResult check_claims(const ClaimJob& job, Gates& gates);

}  // namespace lutgen::prove

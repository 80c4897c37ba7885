// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lutgen/cosim/mismatch.hpp"
#include "lutgen/flow/routed_netlist.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::flow {

/// Finds a core's nets in a routed netlist by the names that probes have.
class CoreNets {
 public:
  /// inputs  what a bit of the core's features port is called outside: `name` + "[i]" for each name, tried in order
  CoreNets(const RoutedNetlist& netlist, const verilog::Manifest& manifest, std::vector<std::string> inputs);

  /// The net of a probe's expression, such as `l1_n4_y`, `features[3]` or `1'b0`; nothing when the tools merged or
  /// renamed it. A value that was registered is found behind its register, too: it has to stand still.
  [[nodiscard]] std::optional<RoutedNet> find(const std::string& expression) const;

 private:
  std::unordered_map<std::string_view, RoutedNet> nets_;
  std::string features_;
  std::vector<std::string> inputs_;
};

/// Fills in where a wrong output comes from: compares the nets of the design's probes with the reference, layer by layer.
///
/// features  of the sample
/// read      the value of a net, once the sample has gone through the whole pipeline
void explain_by_layers(const model::Model& model, const verilog::Design& design, std::span<const double> features,
                       const CoreNets& nets, const std::function<bool(RoutedNet)>& read, cosim::Mismatch& mismatch);

}  // namespace lutgen::flow

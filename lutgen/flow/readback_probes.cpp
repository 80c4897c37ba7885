// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/readback_probes.hpp"

#include <fmt/format.h>

#include "lutgen/cosim/layer_fault.hpp"
#include "lutgen/verilog/probes.hpp"

namespace lutgen::flow {

CoreNets::CoreNets(const RoutedNetlist& netlist, const verilog::Manifest& manifest, std::vector<std::string> inputs)
    : features_(manifest.find_port(verilog::PortRole::features)->name), inputs_(std::move(inputs)) {
  for (std::uint32_t i = 0; i < netlist.net_count(); ++i) {
    nets_.emplace(netlist.net_names[i], static_cast<RoutedNet>(i));
  }
}

std::optional<RoutedNet> CoreNets::find(const std::string& expression) const {
  if (expression == "1'b0") return RoutedNet::zero;
  if (expression == "1'b1") return RoutedNet::one;
  if (expression.starts_with(features_ + "[") || expression == features_) {
    const std::string bit = expression == features_ ? "[0]" : expression.substr(features_.size());
    for (const std::string& input : inputs_) {
      if (const auto found = nets_.find(input + bit); found != nets_.end()) return found->second;
    }
  }
  // nextpnr-ice40 packs a LUT and the flop behind it into one cell; the wire between them is gone. As the sample
  // stands still, the register behind it has the same value.
  const std::string name = "core." + expression;
  for (const char* register_rank : {"", "_d1"}) {
    if (const auto found = nets_.find(name + register_rank); found != nets_.end()) return found->second;
  }
  return std::nullopt;
}

void explain_by_layers(const model::Model& model, const verilog::Design& design, std::span<const double> features,
                       const CoreNets& nets, const std::function<bool(RoutedNet)>& read, cosim::Mismatch& mismatch) {
  const std::vector<verilog::LayerProbes> layers = verilog::list_probes(design.mapped);
  std::size_t looked_for = 0;
  std::size_t unseen = 0;
  mismatch.layer = cosim::find_layer_fault(
      model, features, layers, [&](std::size_t layer, std::size_t probe) -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        ++looked_for;
        const verilog::Probe& it = layers[layer].probes[probe];
        for (std::size_t i = 0; i < it.nets.size(); ++i) {
          const auto net = nets.find(it.nets[i]);
          if (!net) {
            ++unseen;
            return std::nullopt;
          }
          value |= std::int64_t{read(*net)} << i;
        }
        return value;
      });
  mismatch.origin = mismatch.layer ? cosim::Origin::layer : cosim::Origin::after_last_probe;
  if (!mismatch.layer && unseen != 0) {
    mismatch.origin = cosim::Origin::not_searched;
    mismatch.reason = fmt::format("the nets of {} of {} values lost their names in the tools; all others are right", unseen, looked_for);
  }
  if (mismatch.layer && mismatch.output) mismatch.layer->sample = mismatch.output->sample;
}

}  // namespace lutgen::flow

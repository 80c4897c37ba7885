// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/claim_text.hpp"

#include <fmt/format.h>

namespace lutgen::prove {

using netlist::Unit;

std::string layer_text(const ClaimJob& job, std::size_t layer) {
  return layer < job.model.layers.size() ? model::layer_label(job.model, layer) : "";
}

std::string place_of(const ClaimJob& job, const netlist::NetName& name) {
  switch (name.unit) {
    case Unit::threshold: return fmt::format("{}, feature {}, threshold {}", layer_text(job, name.layer), name.index, name.sub);
    case Unit::neuron:
    case Unit::branch: return fmt::format("{}, neuron {}", layer_text(job, name.layer), name.index);
    case Unit::group: return fmt::format("{}, group {}", layer_text(job, name.layer), name.index);
    case Unit::match: return fmt::format("{}, match {}", layer_text(job, name.layer), name.index);
    case Unit::input: return fmt::format("feature bit {}", name.index);
    case Unit::valid: return "valid chain";
  }
  return "";
}

std::string place_of(const ClaimJob& job, const logic::Origin& origin) {
  return fmt::format("{}, value {}", layer_text(job, origin.layer), origin.index);
}

std::string net_text(const ClaimJob& job, netlist::NetId net) {
  if (net == kNowhere) return "a value without a net";
  if (index_of(net) <= 1) return index_of(net) == 0 ? "1'b0" : "1'b1";
  return netlist::spell(job.claim_nets.name(net));
}

}  // namespace lutgen::prove

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/prove/claim_check.hpp"

namespace lutgen::prove {

/// Stands for the net of a bit that no net holds.
inline constexpr netlist::NetId kNowhere{0xFFFFFFFF};

/// A model layer as messages call it; nothing where the model has no such layer.
[[nodiscard]] std::string layer_text(const ClaimJob& job, std::size_t layer);

/// The value of the model that a net stands for, as messages call it: "layer 0 (threshold), neuron 3".
[[nodiscard]] std::string place_of(const ClaimJob& job, const netlist::NetName& name);

/// The same for a node of the logic graph.
[[nodiscard]] std::string place_of(const ClaimJob& job, const logic::Origin& origin);

/// A net of the mapper's claims, by its name in Verilog; `kNowhere` too.
[[nodiscard]] std::string net_text(const ClaimJob& job, netlist::NetId net);

}  // namespace lutgen::prove

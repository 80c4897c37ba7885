// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "lutgen/cosim/mismatch.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// What a design holds for a probe, layers[layer].probes[probe]; nothing when its nets cannot be read.
using ReadProbe = std::function<std::optional<std::int64_t>(std::size_t layer, std::size_t probe)>;

/// The first layer, in the order of `layers`, in which a design differs from the reference for one sample, and its first wrong
/// value; nothing when all that can be read is right. `LayerFault::sample` is left 0.
///
/// features  [feature_count] of the sample
/// layers    probes of the design, sorted by layer; layer and index of each fit the model
/// Cost      one reference evaluation, and one call of `read` a probe up to that layer
[[nodiscard]] std::optional<LayerFault> find_layer_fault(const model::Model& model, std::span<const double> features,
                                                         std::span<const verilog::LayerProbes> layers,
                                                         const ReadProbe& read);

}  // namespace lutgen::cosim

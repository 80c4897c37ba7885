// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <lutgen_sim/stimulus.hpp>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// Checks that a manifest describes a design of this model: hash, family, ports, their widths.
///
/// model_sha256  hash of the model file; empty: not compared
/// place         names the design in diagnostics
/// Errors        cosim_design_mismatch, which says what was expected and what was found
[[nodiscard]] Result<void> check_design(const verilog::Manifest& manifest,
                                        const model::Model& model, const std::string& model_sha256,
                                        const std::string& place);

/// The layer whose values an output port shows. Requires a port that `check_design` accepted.
[[nodiscard]] std::size_t layer_of_port(const model::Model& model, verilog::PortRole role);

/// The data ports of a design, in the manifest's order.
[[nodiscard]] std::vector<const verilog::Port*> data_ports(const verilog::Manifest& manifest,
                                                           bool inputs);

/// The run of `samples` samples of `dataset` starting at `first`: what is driven into the features
/// port, and what the reference evaluator expects of every output port.
///
/// threads   >= 1; the result does not depend on it
/// progress  may be null; stage "golden model"
/// Requires  check_design and eval::check_fit passed
/// Cost      one reference evaluation a sample
[[nodiscard]] sim::Stimulus make_stimulus(const verilog::Manifest& manifest,
                                          const model::Model& model, const data::Dataset& dataset,
                                          std::size_t first, std::size_t samples,
                                          const CosimOptions& options);

}  // namespace lutgen::cosim

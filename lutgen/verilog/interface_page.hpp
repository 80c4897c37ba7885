// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/model/model.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::verilog {

/// The Markdown page that a hardware engineer works from: ports, packing of inputs, reading of outputs,
/// ties, timing with a waveform, an instantiation to copy, the files, the cells.
[[nodiscard]] std::string interface_page(const model::Model& model, const Manifest& manifest);

}  // namespace lutgen::verilog

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "lutgen/prove/prove.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::cli {

/// How a netlist that was emitted with `emit` is proven. Any Yosys that can read Verilog will do: the one in PATH, else
/// that of scripts/toolchain.
///
/// work    folder for what Yosys reads and writes
/// Errors  tool_missing
[[nodiscard]] Result<prove::ProveOptions> proof_options(const verilog::EmitOptions& emit, const std::filesystem::path& work);

}  // namespace lutgen::cli

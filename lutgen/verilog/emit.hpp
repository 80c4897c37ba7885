// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::verilog {

/// Options of `emit_design`.
///
/// passes        of the optimiser; none: the logic is mapped as it is
/// top           module name; empty: made from the model's name
/// model_sha256  hash of the model file, for the manifest; 64 hex digits
/// place         names the model in diagnostics; empty: its own name
struct EmitOptions {
  map::MapOptions map;
  std::vector<optimize::Pass> passes = {optimize::kPasses.begin(), optimize::kPasses.end()};
  logic::InputForm input = logic::InputForm::features;
  std::string top;
  std::string model_sha256;
  std::string place;
};

/// A design in memory, ready to be written.
///
/// optimized  the logic that was mapped, and how it came about
struct Design {
  optimize::Optimized optimized;
  map::Mapped mapped;
  Manifest manifest;
  std::string verilog;
  std::string probes;
  std::string interface_page;
};

/// Lowers, optimises, maps and prints a validated model. A pure function: same model and options, same text.
///
/// Errors   lower_*, verilog_bad_name, verilog_name_collision
[[nodiscard]] Result<Design> build_design(const model::Model& model, const EmitOptions& options);

/// Writes a design into a folder, all files or none: TOP.v, manifest.json, probes.json, INTERFACE.md.
///
/// Errors   folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_design(const Design& design, const std::filesystem::path& folder);

}  // namespace lutgen::verilog

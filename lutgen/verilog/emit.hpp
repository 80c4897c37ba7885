// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "lutgen/verilog/manifest.hpp"
#include "lutgen/verilog/print.hpp"

namespace lutgen::verilog {

/// Options of `build_design`.
///
/// passes        of the optimiser; none: the logic is mapped as it is
/// top           module name; empty: made from the model's name
/// model_sha256  hash of the model file, for the manifest; 64 hex digits
/// place         names the model in diagnostics; empty: its own name
/// progress      may be null
struct EmitOptions {
  map::MapOptions map;
  std::vector<optimize::Pass> passes = {optimize::kPasses.begin(), optimize::kPasses.end()};
  logic::InputForm input = logic::InputForm::features;
  std::string top;
  std::string model_sha256;
  std::string place;
  base::ProgressSink* progress = nullptr;
};

/// A design in memory, ready to be written.
///
/// optimized  the logic that was mapped, and how it came about; `write_design` does not need it
/// print      how its Verilog text is made
struct Design {
  optimize::Optimized optimized;
  map::Mapped mapped;
  Manifest manifest;
  PrintOptions print;
  std::string interface_page;
};

/// Lowers, optimises and maps a validated model. A pure function: same model and options, same design.
///
/// Errors   lower_*, verilog_bad_name, verilog_name_collision
[[nodiscard]] Result<Design> build_design(const model::Model& model, const EmitOptions& options);
/// The same for a model that is not needed any more: its tensors make room as soon as the logic is there.
[[nodiscard]] Result<Design> build_design(model::Model&& model, const EmitOptions& options);

/// The Verilog text of a design. Cost: print_module.
[[nodiscard]] std::string verilog_text(const Design& design);

/// Options of `write_design`.
///
/// threads   that make the texts, at least 1; no file depends on them
/// progress  may be null
struct WriteOptions {
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
};

/// Writes a design into a folder, all files or none: TOP.v, manifest.json, probes.json, INTERFACE.md. The texts go to the disk piece
/// by piece: no file is in memory as a whole.
///
/// Errors   folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_design(const Design& design, const std::filesystem::path& folder, const WriteOptions& options = {});

}  // namespace lutgen::verilog

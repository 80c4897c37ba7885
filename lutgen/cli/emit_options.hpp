// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/cli/cli.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::cli {

/// The options that say which hardware is generated; `emit` and `cosim` share them.
struct HardwareChoice {
  std::string family = "xc7";
  std::string pipeline = "auto";
  std::string input = "features";
  std::string top;
  bool scores = false;
  std::string optimize = "on";
  std::string goal = "area";
};

/// Adds `--goal` to a verb.
void add_goal_option(CLI::App& app, std::string& goal);

/// Adds `--goal`, `--family`, `--pipeline`, `--input`, `--top`, `--scores` and `--optimize`.
void add_hardware_options(CLI::App& app, HardwareChoice& choice);

/// A model from its file, with the file's path and the hash of its bytes.
struct LoadedModel {
  std::string path;
  model::Model model;
  std::string sha256;
};

/// Reads and validates a model file.
[[nodiscard]] Result<LoadedModel> load_model(const std::string& path);

/// What was chosen, as the library takes it.
///
/// Errors   family_unknown, pipeline_invalid, pass_unknown
[[nodiscard]] Result<verilog::EmitOptions> emit_options(const HardwareChoice& choice, const LoadedModel& loaded);

}  // namespace lutgen::cli

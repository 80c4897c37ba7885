// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::model {

/// Reads and validates a model file (safetensors with a "lutgen.model" entry; README.md beside this).
///
/// Errors   those of base::read_file and io's safetensors reader, and every model_* code
/// Cost     O(bytes)
[[nodiscard]] Result<Model> read_model(const std::filesystem::path& path);

/// The same from bytes already in memory; `place` names them in diagnostics.
[[nodiscard]] Result<Model> parse_model(std::string_view bytes, const std::string& place);

/// Checks every rule of a model built in memory and fills the derived fields of each layer
/// (`input_count`, `output_count`, `output`; empty `sources` become the previous layer).
///
/// Errors   every model_* code
[[nodiscard]] Result<void> validate_model(Model& model, const std::string& place);

/// The bytes of a model file. The same model gives the same bytes; read back, it is equal.
[[nodiscard]] std::string serialize_model(const Model& model);

/// Writes `serialize_model` atomically.
///
/// Errors   folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_model(const Model& model, const std::filesystem::path& path);

}  // namespace lutgen::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/model/validate.hpp"

namespace lutgen::model {

/// Reads and validates a model file (safetensors with a "lutgen.model" entry; README.md beside this).
///
/// Errors   those of base::read_file and io's safetensors reader, and every model_* code
/// Cost     O(bytes)
[[nodiscard]] Result<Model> read_model(const std::filesystem::path& path);

/// The same from bytes already in memory; `place` names them in diagnostics.
[[nodiscard]] Result<Model> parse_model(std::string_view bytes, const std::string& place);

/// The bytes of a model file. The same model gives the same bytes; read back, it is equal. Tensors are
/// named by kind and count: `encoder.thresholds` (then `encoder1.thresholds`), `lut0.inputs`,
/// `lut0.tables`, `lut1.inputs`, ..., `threshold0.offsets`, ... A layer without a name that is named in a `from` is named by number.
///
/// Requires a validated model (checked as far as the shapes go)
/// Cost     O(bytes)
[[nodiscard]] std::string serialize_model(const Model& model);

/// Writes `serialize_model` atomically.
///
/// Errors   folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_model(const Model& model, const std::filesystem::path& path);

}  // namespace lutgen::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/safetensors.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/model/validate.hpp"

namespace lutgen::model {

/// One layer as the file gives it: `sources` and everything derived are not filled yet.
struct FileLayer {
  Layer layer;
  TensorNames tensors;
};

/// Reads one element of "layers", with the tensors that it names.
///
/// index    its number, for diagnostics
/// file     where the tensors are
/// place    names the file in diagnostics
/// Errors   json_*, model_unknown_kind, model_unknown_field, model_no_tensor, model_tensor_dtype,
///          model_tensor_shape, model_table_length, model_fan_in
/// Cost     O(bytes of its tensors)
[[nodiscard]] Result<FileLayer> read_layer(const io::Json& json, std::size_t index, const io::Safetensors& file,
                                           const std::string& place);

/// Resolves "from" of one element of "layers": a layer's name or number, "input", or a list of these.
///
/// layers   all layers of the file, named
/// Errors   json_*, model_unknown_source
[[nodiscard]] Result<std::vector<std::int32_t>> read_sources(const io::Json& json, std::size_t index,
                                                             const Model& layers, const std::string& place);

/// Fails when `json` has a field that is not in `known`; the diagnostic lists these.
///
/// Errors   model_unknown_field
[[nodiscard]] Result<void> check_fields(const io::Json& json, std::span<const std::string_view> known,
                                        const std::string& place);

}  // namespace lutgen::model

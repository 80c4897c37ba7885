// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::model {

/// Checks names and order: every name is well formed and used once, every source exists, layers read
/// only what stands before them, argmax is the last, no layer is left unread. Fills empty `sources`
/// with the previous layer.
///
/// Errors   model_bad_name, model_duplicate_name, model_unknown_source, model_cycle (prints the
///          circle), model_forward_reference, model_layer_after_argmax, model_unused_layer
/// Cost     O(layers log layers + sources)
[[nodiscard]] Result<void> check_topology(Model& model, const std::string& place);

}  // namespace lutgen::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/model/model.hpp"

namespace lutgen::eval {

/// Every value that a network computes for one sample: values[layer][output]; a bit is 0 or 1, a
/// score is a count, a class is an index.
struct Trace {
  std::vector<std::vector<std::int64_t>> values;
};

/// The values that a layer reads, in order: those of its sources, features as whole numbers.
///
/// trace     of all layers before it
/// features  as for `evaluate_reference`
[[nodiscard]] std::vector<std::int64_t> layer_inputs(const model::Layer& layer, const Trace& trace, std::span<const double> features);

/// The specification: evaluates a validated model on one sample, slowly and obviously.
///
/// features  [model.input.feature_count()], C order; a bit is 0 or 1
/// Cost      O(bits + tables); allocates one vector a layer
[[nodiscard]] Trace evaluate_reference(const model::Model& model, std::span<const double> features);

}  // namespace lutgen::eval

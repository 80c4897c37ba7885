// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "lutgen/data/dataset.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::eval {

/// Samples that no data set has to be there for: every encoder bit is 0 and 1 about as often as its threshold
/// allows. A feature that is compared is drawn from its own thresholds and the values right above them; any other is
/// 0 or 1. All labels are 0: the samples say nothing about accuracy.
///
/// model   validated
/// count   number of samples; the name of the set is "drawn"
/// seed    the same seed gives the same samples
/// Cost    O(count * features)
[[nodiscard]] data::Dataset draw_samples(const model::Model& model, std::size_t count, std::uint64_t seed);

}  // namespace lutgen::eval

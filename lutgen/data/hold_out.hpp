// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lutgen/data/dataset.hpp"

namespace lutgen::data {

/// A training split in two: what is learned from, and what choices are made by. The test split is neither.
struct HeldOut {
  Dataset training;
  Dataset validation;
};

/// Holds back part of a data set.
///
/// fraction  of the samples for validation, rounded down; 0 <= fraction < 1 (checked). Drawn without regard to classes;
///           both parts keep the order of the data set
/// seed      the same seed holds back the same samples, whatever else is done
/// Cost      O(bytes)
[[nodiscard]] HeldOut hold_out(const Dataset& dataset, double fraction, std::uint64_t seed);

}  // namespace lutgen::data

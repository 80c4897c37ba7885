// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lutgen/eval/accuracy.hpp"

namespace lutgen::eval {

/// How often samples come upon each entry of a layer's tables.
///
/// model    validated; `layer` is one of its lut layers (checked)
/// Returns  [neurons][2^fan_in]: samples that read that entry
/// Errors   data_does_not_fit
/// Cost     O(samples) of evaluate_reference
[[nodiscard]] Result<std::vector<std::uint32_t>> count_reached(const model::Model& model, std::size_t layer,
                                                               const data::Dataset& dataset, const AnswerOptions& options);

/// What `drop_unreached` did to one lut layer.
///
/// entries, free    table entries, and those among them that at most `most` samples read
/// inputs_before    inputs that the tables depend on, all together; `inputs_after` after it
/// constants        tables that became constants
/// skipped          tables of more than kMaxCountedInputs are left alone
struct UnreachedFigures {
  std::size_t layer = 0;
  std::uint64_t entries = 0;
  std::uint64_t free = 0;
  std::uint64_t inputs_before = 0;
  std::uint64_t inputs_after = 0;
  std::uint64_t constants = 0;
  bool skipped = false;
};

/// Counting takes 4 bytes an entry.
inline constexpr std::uint32_t kMaxCountedInputs = 12;

/// Changes the tables of a network where training data hardly ever looks, so that they depend on fewer inputs: data
/// don't-cares (ReducedLUT, Cassidy et al., FPGA 2025, arXiv 2412.18579). The network computes another function; what that
/// does to accuracy has to be measured on other samples.
///
/// model    validated; layer by layer, its tables are changed and nothing else
/// dataset  the training samples
/// most     an entry is free where at most so many samples read it; with 0 the network answers them as before
/// Returns  one row for each lut layer
/// Errors   data_does_not_fit
/// Cost     O(lut layers * samples) of evaluate_reference
[[nodiscard]] Result<std::vector<UnreachedFigures>> drop_unreached(model::Model& model, const data::Dataset& dataset,
                                                                   std::uint32_t most, const AnswerOptions& options);

}  // namespace lutgen::eval

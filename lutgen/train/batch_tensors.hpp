// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "lutgen/train/loader.hpp"

namespace lutgen::train {

/// A batch's bits as floats: [live bits, samples], each 0 or 1.
[[nodiscard]] torch::Tensor bits_of(const Batch& batch);

/// How many samples are answered rightly; the lowest class wins a tie, as in hardware.
///
/// scores  [classes, samples] floats
/// labels  [samples]
[[nodiscard]] std::uint64_t count_right(const torch::Tensor& scores, std::span<const std::int64_t> labels);

}  // namespace lutgen::train

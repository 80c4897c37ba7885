// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

namespace lutgen::train {

/// Sign of every element, 1 where it is above 0 and -1 elsewhere. The gradient goes straight through within [-1, 1] and
/// stops outside.
[[nodiscard]] torch::Tensor binarize(const torch::Tensor& x);

/// Residual binarisation (ReBNet, Ghasemzadeh et al., FCCM 2018): level 0 is the sign of x, every further level the sign of what
/// the levels before, times their scales, leave over.
///
/// x        [channels, samples]
/// scales   [levels], none negative
/// Returns  [channels * levels, samples], each -1 or 1: row c*levels + l is level l of channel c; with gradients for x and scales
[[nodiscard]] torch::Tensor residual_sign(const torch::Tensor& x, const torch::Tensor& scales);

/// Small whole numbers in nearly the ratio of the scales, which are put in their place: scale l becomes result[l] * unit.
///
/// scales   [levels], 1 to 3 of them, above 0
/// limit    largest whole number, at least 1
/// unit     set so that the largest scale stays as it is
/// Cost     O(limit^levels)
[[nodiscard]] std::vector<std::int32_t> snap_scales(std::span<const double> scales, std::int32_t limit, double& unit);

}  // namespace lutgen::train

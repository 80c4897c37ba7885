// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lutgen/train/lut_batch.hpp"

namespace lutgen::train {

/// What a table of real numbers is between the corners of the cube: its multilinear extension, the sum over all addresses a of
/// values[a] times, for every input k, x[k] where bit k of a is 1 and 1 - x[k] where it is 0 (the Lagrange form that LUTNet
/// trains, arXiv 1904.00938). Linear in each value and in each input; at a corner it is the value there.
///
/// values  [2^K], address bit k is input k
/// x       [K], real
/// Cost    O(2^K * K)
[[nodiscard]] double multilinear(std::span<const double> values, std::span<const double> x);

/// The LUT layer's forward step as plain loops: the specification of `forward_luts`. Arguments as there.
void forward_luts_reference(const LutBatch& batch, const std::uint8_t* bits, const std::uint32_t* inputs, const float* tables,
                            std::uint8_t* addresses, float* outputs);

/// The LUT layer's backward step as plain loops: the specification of `backward_luts`. Arguments as there.
void backward_luts_reference(const LutBatch& batch, const std::uint8_t* addresses, const float* tables, float soft,
                             const float* upstream, float* table_gradients, float* slot_gradients);

}  // namespace lutgen::train

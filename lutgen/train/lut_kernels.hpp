// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/train/lut_batch.hpp"

namespace lutgen::train {

/// A LUT layer's outputs for a batch, vectorised (AVX-512, AVX2 or what the target has, chosen at run time) and threaded.
/// The same numbers, bit for bit, on every target and with any number of threads.
///
/// bits       [features][samples], 0 or 1
/// inputs     [neurons][fan_in], index of a feature
/// tables     [neurons][2^fan_in]: an entry above 0 is a 1; address bit k is input k
/// addresses  [neurons][samples], written: the entry that each sample reads
/// outputs    [neurons][samples], written: 0 or 1
/// Cost       O(neurons * samples * fan_in) / lanes
void forward_luts(const LutBatch& batch, const std::uint8_t* bits, const std::uint32_t* inputs, const float* tables,
                  std::uint8_t* addresses, float* outputs, std::size_t threads);

/// Its gradients. An entry t counts as (t + 1) / 2, straight through its sign: `table_gradients` is half the sum of what comes
/// from above over the samples that read it. An input's gradient is the difference of the two entries that it chooses between,
/// as bits (an extended finite difference, as in arXiv 2410.11112) and as real numbers (the slope of the multilinear extension).
///
/// addresses        as `forward_luts` wrote them
/// soft             share of the second slope, 0 to 1
/// upstream         [neurons][samples]: gradient of the loss by the outputs
/// table_gradients  [neurons][2^fan_in], written
/// slot_gradients   [neurons * fan_in][samples], written: gradient by the bit at each table input
/// Cost             O(neurons * samples * fan_in)
void backward_luts(const LutBatch& batch, const std::uint8_t* addresses, const float* tables, float soft, const float* upstream,
                   float* table_gradients, float* slot_gradients, std::size_t threads);

/// Adds up the gradients of all table inputs that read the same feature.
///
/// feature_gradients  [features][samples], written
/// Cost               O((neurons * fan_in + features) * samples)
void gather_feature_gradients(const LutBatch& batch, const std::uint32_t* inputs, const float* slot_gradients,
                              std::size_t features, float* feature_gradients, std::size_t threads);

}  // namespace lutgen::train

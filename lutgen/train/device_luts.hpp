// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <memory>

#include "lutgen/train/lut_device.hpp"

namespace lutgen::train {

/// A rank of lookup tables as a differentiable operator of libtorch, as LutLayer, whose steps a device runs (LutDevice).
class DeviceLuts {
 public:
  explicit DeviceLuts(std::unique_ptr<LutDevice> device) : device_(std::move(device)) {}

  /// Applies tables. All tensors are in the device's memory. This object has to live until `backward` is done.
  ///
  /// bits    [features, samples] floats, each 0 or 1
  /// inputs  [neurons * fan_in] int64, index of a feature
  /// tables  [neurons, 2^fan_in] floats; entries above 0 are ones, address bit k is input k
  /// soft    share of the real-valued slope in the gradient by the inputs
  /// Returns [neurons, samples] floats
  /// Cost    O(neurons * samples * fan_in)
  [[nodiscard]] torch::Tensor apply(const torch::Tensor& bits, const torch::Tensor& inputs, const torch::Tensor& tables, float soft);

  /// After `backward`: [neurons * fan_in, samples], the gradient by the bit at each table input.
  [[nodiscard]] const torch::Tensor& slot_gradients() const { return slot_gradients_; }

 private:
  friend struct DeviceLutFunction;

  std::unique_ptr<LutDevice> device_;
  torch::Tensor slot_gradients_;
};

}  // namespace lutgen::train

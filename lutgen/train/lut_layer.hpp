// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/train/lut_batch.hpp"

namespace lutgen::train {

/// What a LUT layer gives: the bits of its tables, or, for checks, the entries as real numbers (t + 1) / 2.
enum class LutOutput : std::uint8_t { bits, entries };

/// A rank of lookup tables as a differentiable operator of libtorch, with kernels of its own (lut_kernels.hpp).
class LutLayer : public torch::nn::Module {
 public:
  /// tables  [neurons, 2^fan_in] floats, trained; entries above 0 are ones, address bit k is input k
  LutLayer(torch::Tensor tables, std::uint32_t fan_in, std::size_t threads);

  /// Applies the tables.
  ///
  /// bits    [features, samples] floats, each 0 or 1
  /// inputs  [neurons][fan_in], index of a feature; has to live until `backward` is done
  /// soft    share of the real-valued slope in the gradient by the inputs (backward_luts)
  /// Returns [neurons, samples] floats
  /// Cost    O(neurons * samples * fan_in)
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& bits, std::span<const std::uint32_t> inputs, float soft,
                                      LutOutput output = LutOutput::bits);
  /// The same with other tables than its own, of the same shape; the gradient goes to them.
  [[nodiscard]] torch::Tensor apply(const torch::Tensor& tables, const torch::Tensor& bits, std::span<const std::uint32_t> inputs, float soft,
                                    LutOutput output);

  [[nodiscard]] torch::Tensor& tables() { return tables_; }
  /// Extents of the last step.
  [[nodiscard]] const LutBatch& batch() const { return batch_; }
  /// The bytes that the last step read: [features][samples].
  [[nodiscard]] std::span<const std::uint8_t> bits() const { return bits_; }
  /// After `backward`: [neurons * fan_in][samples].
  [[nodiscard]] std::span<const float> slot_gradients() const { return slot_gradients_; }

 private:
  friend struct LutFunction;

  torch::Tensor tables_;
  std::size_t threads_;
  float soft_ = 0;
  LutBatch batch_;
  std::span<const std::uint32_t> inputs_;
  std::vector<std::uint8_t> bits_;
  std::vector<std::uint8_t> addresses_;
  std::vector<float> slot_gradients_;
};

/// The same layer from ordinary tensor operations (index_select, gather, and autograd through the multilinear extension), which
/// runs on any device that libtorch has: what the kernels are measured against.
///
/// bits    [features, samples], 0 or 1
/// inputs  [neurons * fan_in] int64
/// tables  [neurons, 2^fan_in]
/// soft    as in LutLayer
/// Returns [neurons, samples]: 0 or 1
[[nodiscard]] torch::Tensor apply_luts_by_tensors(const torch::Tensor& bits, const torch::Tensor& inputs, const torch::Tensor& tables,
                                                  float soft);

/// The same for what each table input reads already: x [neurons, fan_in, samples], 0 or 1.
[[nodiscard]] torch::Tensor apply_luts_to(const torch::Tensor& x, const torch::Tensor& tables, float soft);

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lutgen/train/connections.hpp"
#include "lutgen/train/lut_device.hpp"
#include "lutgen/train/lut_layer.hpp"

namespace lutgen::train {

/// One rank of tables and what they are connected to, on some device.
class Rank {
 public:
  /// What the constructors need.
  ///
  /// tables   [neurons, 2^fan_in]: first entries
  /// weights  [features]: of the first connections (Connections)
  /// costs    [features]: of what is read (Connections::set_costs); empty: all are free
  struct Start {
    torch::Tensor tables;
    std::uint32_t fan_in = 6;
    std::vector<double> weights;
    std::vector<double> costs;
  };

  virtual ~Rank() = default;
  /// [features, samples], 0 or 1, to [neurons, samples].
  [[nodiscard]] virtual torch::Tensor forward(const torch::Tensor& bits, float soft) = 0;
  /// After the backward pass: moves the connections by one step.
  virtual void learn(const ConnectionStep& step) = 0;
  /// Connections::retire.
  virtual void retire(std::span<const std::uint8_t> retired) = 0;
  /// Table entries, trained: [neurons, 2^fan_in].
  [[nodiscard]] virtual torch::Tensor& tables() = 0;
  /// [neurons][fan_in], index of a feature.
  [[nodiscard]] virtual std::vector<std::uint32_t> inputs() const = 0;
  /// Inputs that changed in all steps since it was made or restored.
  [[nodiscard]] virtual std::uint64_t switches() const = 0;
  /// Adds what a checkpoint has to hold, with `name` before every key, and reads it back.
  virtual void save(torch::serialize::OutputArchive& archive, const std::string& name) const = 0;
  virtual void restore(torch::serialize::InputArchive& archive, const std::string& name) = 0;
};

/// On the processor, by the kernels (lut_kernels, connections).
[[nodiscard]] std::unique_ptr<Rank> make_kernel_rank(const Rank::Start& start, base::Rng& rng, std::size_t threads);

/// The same from tensor operations, on any device that libtorch has. Draws the same first connections; later numbers differ in their
/// last digits, because sums are taken in another order. On a GPU the tables are applied by the CUDA kernels (lut_cuda), where the
/// component has them.
[[nodiscard]] std::unique_ptr<Rank> make_tensor_rank(const Rank::Start& start, base::Rng& rng, torch::Device device);

/// The same with these kernels in place of tensor operations for the tables; what is learned of connections stays tensor operations.
///
/// kernels  that work on the memory of `device`; null: tensor operations
[[nodiscard]] std::unique_ptr<Rank> make_device_rank(const Rank::Start& start, base::Rng& rng, torch::Device device, std::unique_ptr<LutDevice> kernels);

}  // namespace lutgen::train

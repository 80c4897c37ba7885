// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/train/fold.hpp"
#include "lutgen/train/lut_layer.hpp"

namespace lutgen::train {

/// Values between two layers.
///
/// signs   [lanes * levels, samples], -1 or 1: row i*levels + l is level l of lane i
/// scales  [levels]: what a sign of each level counts
struct Signs {
  torch::Tensor signs;
  torch::Tensor scales;
};

/// Weights of a binarised layer: real numbers within -1..1 as yet, or their signs.
enum class Weights : std::uint8_t { real, binary };

/// A weight that is left: the lane it reads, on every level, and its sign.
struct Operator {
  std::uint32_t lane = 0;
  bool positive = true;
};

/// One fully connected layer of ReBNet: weights times residual signs, added up and normed. Pruned weights count nothing. Those
/// that are left may become lookup tables (LUTNet), two of the same inputs with two residual levels, and so on.
class BinaryLayer : public torch::nn::Module {
 public:
  /// What the constructor needs.
  ///
  /// lanes, levels  of what it reads
  /// neurons        of what it gives
  /// lane_of_row    [rows of signs / levels]: the lane whose weight a row has, where several rows are one feature's; empty: i is i
  /// is_last        gives scores: one gain for all neurons and a bias each, where other layers have batch norm
  struct Shape {
    std::uint32_t lanes = 0;
    std::uint32_t levels = 1;
    std::uint32_t neurons = 0;
    std::vector<std::uint32_t> lane_of_row;
    bool is_last = false;
  };

  /// Weights are drawn uniformly within the square root of 6 / (lanes + neurons), after Glorot and Bengio (2010).
  BinaryLayer(Shape shape, base::Rng& rng);

  /// The sums, normed. Scales get gradients if they are parameters. Batch norm takes the batch's figures and learns from them in
  /// training (is_training()), else those that it has learned. Cost O(neurons * rows * samples), of tables O(tables * samples * K).
  [[nodiscard]] torch::Tensor forward(const Signs& in, Weights weights);

  /// The sums as whole numbers, exactly: [neurons, samples], sum of factor * weight sign * sign.
  ///
  /// factors  [levels], whole
  [[nodiscard]] torch::Tensor sum_exactly(const torch::Tensor& signs, std::span<const std::int32_t> factors);

  /// Keeps the weights of the largest magnitude.
  ///
  /// density    part that is kept; at least one weight is
  /// threshold  if above 0, instead: weights of a magnitude above it are kept
  /// Returns    how many are kept
  std::uint64_t prune(double density, double threshold);

  /// Turns the weights that are left into tables of `fan_in` inputs: input 0 is the weight's own lane, the others are lanes that
  /// random permutations of the lanes, the same for all neurons, put beside it. A table starts as the weight's sign times input 0;
  /// where another input's lane has a pruned weight, as that weight times its input in addition, so that the sum gets it back.
  ///
  /// Requires fan_in <= lanes
  void expand(std::uint32_t fan_in, float soft, std::size_t threads, base::Rng& rng);

  /// Half the sum of squares of the weights that are left.
  [[nodiscard]] torch::Tensor half_squares() const { return 0.5 * (weight_ * mask_).square().sum(); }
  /// What is trained now.
  [[nodiscard]] std::vector<torch::Tensor> trained() const;
  /// Entries of tables back to -1..1.
  void clamp();

  [[nodiscard]] const Shape& shape() const { return shape_; }
  /// [neurons + 1]: neuron n has the operators offsets[n] to offsets[n+1] - 1, lanes ascending.
  [[nodiscard]] std::vector<std::uint32_t> offsets() const;
  /// All operators, one neuron after the other.
  [[nodiscard]] std::vector<Operator> operators() const;
  [[nodiscard]] bool is_expanded() const { return luts_ != nullptr; }
  /// Inputs of a table of the expanded layer.
  [[nodiscard]] std::uint32_t fan_in() const { return luts_->batch().fan_in; }
  /// [operators * levels][fan_in] rows of signs, of the expanded layer; table o*levels + l belongs to operator o and level l.
  [[nodiscard]] std::span<const std::uint32_t> table_inputs() const { return slots_; }
  /// [operators * levels, 2^fan_in] of the expanded layer; above 0 is a 1.
  [[nodiscard]] torch::Tensor tables() const { return luts_->tables().detach(); }
  /// Batch norm of one neuron, for sums without the layer's own scale: not of the last layer.
  [[nodiscard]] Norm norm_of(std::uint32_t neuron) const;
  /// |gamma|: what all weights are scaled by.
  [[nodiscard]] double gamma() const { return std::abs(gamma_.item<double>()); }
  /// Of the last layer: what a neuron's score adds to its sum, in units of the sum without gamma.
  [[nodiscard]] double score_bias(std::uint32_t neuron) const;

 private:
  [[nodiscard]] torch::Tensor effective_weights(Weights weights) const;
  torch::Tensor add_tables(const torch::Tensor& signs, const torch::Tensor& factors);

  Shape shape_;
  torch::Tensor rows_;  // lane of each row, int64; undefined: as they are
  torch::Tensor weight_, mask_, gamma_;
  torch::Tensor gain_, bias_, mean_, variance_, log_gain_;
  std::shared_ptr<LutLayer> luts_;
  float soft_ = 0;
  std::vector<std::uint32_t> slots_;
  torch::Tensor neuron_of_table_, level_of_table_;
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/train/fold.hpp"
#include "lutgen/train/operator_tables.hpp"

namespace lutgen::train {

/// Values between two layers.
///
/// signs   [lanes * levels, samples], -1 or 1: row i*levels + l is level l of lane i
/// scales  [levels]: what a sign of each level counts
struct Signs {
  torch::Tensor signs;
  torch::Tensor scales;
};

/// Weights of a binarised layer: real numbers within -1..1 as yet, or their signs; or their signs, but the tables of layers that
/// have some with their entries as they are.
enum class Weights : std::uint8_t { real, binary, real_tables };

/// A weight that is left: the lane it reads, on every level, and its sign.
struct Operator {
  std::uint32_t lane = 0;
  bool positive = true;
};

/// How the weights of a layer become tables.
///
/// fan_in         inputs of a table
/// stored         of a tiled form's tables: how many of these are stored bits, 1 or more, below fan_in
/// soft, threads  as in LutLayer
/// is_learned     the lanes beside a weight's own begin as its neuron's largest pruned weights, and are learned further
struct Expansion {
  std::uint32_t fan_in = 4;
  std::uint32_t stored = 1;
  float soft = 0;
  std::size_t threads = 1;
  bool is_learned = false;
};

/// Tiles of a layer that is not unrolled: its lanes and its neurons in so many parts of the same length, which share tables.
struct Tiling {
  std::uint32_t inputs = 1;
  std::uint32_t outputs = 1;
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
  /// tiling         lanes and neurons can be divided by it; 1, 1 without lane_of_row
  struct Shape {
    std::uint32_t lanes = 0;
    std::uint32_t levels = 1;
    std::uint32_t neurons = 0;
    std::vector<std::uint32_t> lane_of_row;
    bool is_last = false;
    Tiling tiling = {};
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

  /// Keeps the weights of the largest magnitude; of tiles, at the places where the root of the mean of their squares over all
  /// tiles is largest.
  ///
  /// density    part that is kept; at least one weight is
  /// threshold  if above 0, instead: weights of a magnitude above it are kept
  /// Returns    how many are kept
  std::uint64_t prune(double density, double threshold);

  /// Turns the weights that are left into tables: input 0 is the weight's own lane, the others are lanes that random permutations
  /// of the lanes, the same for all neurons, put beside it; or those of the neuron's largest pruned weights, the largest first at
  /// the input 1 of each of its operators. A table starts as the weight times input 0; where another input's lane has a pruned
  /// weight, as that weight times its input in addition, so that the sum gets it back.
  ///
  /// Requires fan_in <= lanes that have rows; where several rows are one lane's, their tables would be the same: not such layers
  void expand(const Expansion& how, base::Rng& rng);

  /// The tiled form (LUTNet's (K, P)): the weights that are left stay, as stored bits, each an input of a table that the same places
  /// of all tiles share, on all levels. The other inputs are the weight's own lane and lanes of the same tile, which random
  /// permutations put beside it. Stored bits stand last; the first is the weight, the second begins as the weight, pruned or not, of
  /// the lane that the first permutation puts beside it, and so on. All tables start as the product of lane and weight, so further
  /// stored bits matter only when training has made entries differ by them.
  ///
  /// how       is_learned is not looked at
  /// Requires  1 <= stored < fan_in; a tile has at least as many lanes as the larger of stored and fan_in - stored
  void expand_tiled(const Expansion& how, base::Rng& rng);

  /// Half the sum of squares of the weights that are left, of the means of all tiles.
  [[nodiscard]] torch::Tensor half_squares() const;
  /// What is trained now.
  [[nodiscard]] std::vector<torch::Tensor> trained() const;
  /// Before a step: gradients of entries that removed inputs made one become the same.
  void tie_gradients();
  /// After a step: entries of tables back to -1..1, those that removed inputs made one to their mean.
  void clamp();
  /// The tables, where expanded; else null.
  [[nodiscard]] OperatorTables* operator_tables() { return tables_.get(); }
  /// Takes out operators whose tables have lost all inputs; what they say goes to the mean, or the bias, that follows.
  ///
  /// scales  [levels] of what it reads
  void drop_constants(std::span<const double> scales);

  /// Everything that a checkpoint has to hold, and back (of a layer of the same shape).
  void save(torch::serialize::OutputArchive& archive) const;
  void load(torch::serialize::InputArchive& archive, float soft, std::size_t threads);

  [[nodiscard]] const Shape& shape() const { return shape_; }
  /// [neurons + 1]: neuron n has the operators offsets[n] to offsets[n+1] - 1, lanes ascending.
  [[nodiscard]] std::vector<std::uint32_t> offsets() const;
  /// All operators, one neuron after the other.
  [[nodiscard]] std::vector<Operator> operators() const;
  [[nodiscard]] bool is_expanded() const { return tables_ != nullptr; }
  /// Inputs of a table of the expanded layer.
  [[nodiscard]] std::uint32_t fan_in() const { return tables_->fan_in(); }
  /// [operators * levels][fan_in] rows of signs, of the expanded layer; table o*levels + l belongs to operator o and level l.
  [[nodiscard]] std::span<const std::uint32_t> table_inputs() const { return tables_->inputs(); }
  /// [operators * levels, 2^fan_in] of the expanded layer; above 0 is a 1.
  [[nodiscard]] torch::Tensor tables() const { return tables_->resolve().detach(); }
  /// Batch norm of one neuron, for sums without the layer's own scale: not of the last layer.
  [[nodiscard]] Norm norm_of(std::uint32_t neuron) const;
  /// |gamma|: what all weights are scaled by.
  [[nodiscard]] double gamma() const { return std::abs(gamma_.item<double>()); }
  /// Of the last layer: what a neuron's score adds to its sum, in units of the sum without gamma.
  [[nodiscard]] double score_bias(std::uint32_t neuron) const;

 private:
  [[nodiscard]] torch::Tensor effective_weights(Weights weights) const;
  /// [neurons, lanes] as [output tiles, neurons of one, input tiles, lanes of one].
  [[nodiscard]] torch::Tensor in_tiles(const torch::Tensor& tensor) const;
  /// Tensors that change, by name.
  [[nodiscard]] std::vector<std::pair<const char*, torch::Tensor>> state() const;

  Shape shape_;
  torch::Tensor rows_;  // lane of each row, int64; undefined: as they are
  torch::Tensor weight_, mask_, gamma_;
  torch::Tensor gain_, bias_, mean_, variance_, log_gain_;
  std::unique_ptr<OperatorTables> tables_;
};

}  // namespace lutgen::train

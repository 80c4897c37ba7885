// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/train/binary_layer.hpp"
#include "lutgen/train/encoder.hpp"

namespace lutgen::train {

/// A fully connected network with residual binarisation between its layers (ReBNet), whose weights may become tables (LUTNet).
/// The input's bits count -1 or 1 each, all thresholds of a feature with the same weight: a feature of 255 thresholds is the
/// feature itself, scaled to -1..1.
class BinaryNetwork {
 public:
  /// encoder  has to outlive it
  /// hidden   neurons of the hidden layers, at least one layer
  /// levels   residual bits of a hidden neuron, 1 to 3
  /// tiling   of all layers but the first; each number becomes the largest one up to it that divides a layer
  BinaryNetwork(const Encoder& encoder, const std::vector<std::uint32_t>& hidden, std::uint32_t classes, std::uint32_t levels,
                base::Rng& rng, Tiling tiling = {});

  /// Scores, [classes, samples], with gradients.
  ///
  /// bits  [live bits, samples], 0 or 1
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& bits, Weights weights);

  /// Puts the scales at the ratio of whole numbers up to `limit`: from now on they have no gradient.
  void freeze_scales(std::int32_t limit);

  /// Logic shrinkage (Wang et al., FPGA 2022): removes the least salient inputs of all tables together, and operators without an
  /// input left. One input of each layer stays.
  ///
  /// part  of the inputs that the tables had at first, removed in all
  void shrink(double part);

  /// Everything that a checkpoint has to hold, and back (of a network of the same layers).
  void save(torch::serialize::OutputArchive& archive) const;
  void load(torch::serialize::InputArchive& archive, float soft, std::size_t threads);

  /// What hardware computes: scores in whole numbers, [classes, samples], binary weights, batch norm with what it has learned.
  /// Layer by layer with residual signs, not with the thresholds that `make_model` writes. Requires frozen scales.
  [[nodiscard]] torch::Tensor score_exactly(const torch::Tensor& bits);

  /// The network as a model: per hidden layer a layer of tables (where expanded) and one of thresholds; at the end tables whose ones
  /// are counted: a table of factor f stands f times, and as many tables that are always 1 as a class's bias comes to. Requires
  /// frozen scales. A group without any term is filled up with tables that are 0.
  [[nodiscard]] model::Model make_model(const std::string& name, const std::vector<std::uint32_t>& shape) const;

  /// The layers; the last one gives the scores.
  [[nodiscard]] std::vector<std::shared_ptr<BinaryLayer>>& layers() { return layers_; }
  /// What is trained now.
  [[nodiscard]] std::vector<torch::Tensor> trained() const;
  /// Whether batch norm takes the batch's figures.
  void train(bool on);

 private:
  /// Frozen scales of one layer's input: scale l is factors[l] * unit.
  struct Frozen {
    std::vector<std::int32_t> factors;
    double unit = 1;
  };

  /// Of each class: the sum of its terms' magnitudes, and what is added to its ones, 0 or more.
  struct ScoreOffsets {
    std::vector<std::int32_t> terms;
    std::vector<std::int32_t> added;
  };

  [[nodiscard]] std::vector<double> scales_of(std::size_t layer) const;
  /// Terms of all neurons, without thresholds: inputs are the bits, or the tables, that are added up.
  [[nodiscard]] model::ThresholdLayer terms_of(std::size_t layer) const;
  [[nodiscard]] ScoreOffsets score_offsets() const;
  void add_hidden(model::Model& model, std::size_t layer) const;
  void add_scores(model::Model& model) const;

  const Encoder& encoder_;
  std::uint32_t levels_;
  std::vector<std::shared_ptr<BinaryLayer>> layers_;
  std::vector<torch::Tensor> scales_;  // of each hidden layer's signs, [levels]
  std::vector<Frozen> frozen_;         // of each layer's input
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace lutgen::train {

/// What each table of the last rank is worth: by how much the loss would rise if its output were always its mean, gathered over the
/// samples of an epoch. A Taylor series of the loss in the class's score, to the second order, as for pruning by Molchanov et al.
/// (arXiv 1611.06440), but with the curvature of the cross entropy, p (1 - p), that has a closed form here.
class Usefulness {
 public:
  /// tables are shared out to the classes: table t belongs to class t / (tables / classes).
  Usefulness(std::int64_t tables, std::int64_t classes) : tables_(tables), classes_(classes) { clear(); }

  /// Adds a batch.
  ///
  /// outputs    [tables, samples], 0 or 1
  /// gradients  [classes, samples]: of each sample's loss by the class's count
  /// curvatures [classes, samples]: second derivative of the same
  /// Cost       O(tables * samples)
  void add(const torch::Tensor& outputs, const torch::Tensor& gradients, const torch::Tensor& curvatures);
  /// Forgets all batches.
  void clear();

  /// [tables]: rise of the mean loss; may be below 0.
  [[nodiscard]] std::vector<double> rises() const;
  /// [tables]: part of the samples in which each is 1.
  [[nodiscard]] std::vector<double> means() const;

 private:
  std::int64_t tables_;
  std::int64_t classes_;
  double samples_ = 0;
  torch::Tensor ones_;                                  // [classes, tables of one], double, as all that follow
  torch::Tensor gradients_, curvatures_;                // [classes, 1]: sums over all samples
  torch::Tensor gradients_at_ones_, curvatures_at_ones_;  // [classes, tables of one]: over the samples in which a table is 1
};

}  // namespace lutgen::train

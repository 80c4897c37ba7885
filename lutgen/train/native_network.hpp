// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lutgen/train/rank.hpp"
#include "lutgen/train/train.hpp"
#include "lutgen/train/usefulness.hpp"

namespace lutgen::train {

/// What recipe `native` learns: ranks of tables, the last one shared out to the classes and counted.
class NativeNetwork {
 public:
  /// Draws tables and connections.
  ///
  /// neurons  of each rank; the last a multiple of `classes`
  /// price    whether bits that cost something are rare among the first connections
  NativeNetwork(const Encoder& encoder, const TrainOptions& options, const std::vector<std::uint32_t>& neurons, std::uint32_t classes, bool has_price);

  /// Counts of the ones in each class's tables: [classes, samples].
  ///
  /// bits  [live bits, samples], 0 or 1, on the device
  [[nodiscard]] torch::Tensor count(const torch::Tensor& bits);

  /// After `count`, what the tables of the last rank were worth in this batch (Usefulness::add).
  void observe(const torch::Tensor& gradients, const torch::Tensor& curvatures) { usefulness_.add(outputs_, gradients, curvatures); }
  /// Takes out the least useful tables of the last rank, but one of each class stays, until `left` are left, and no class counts to
  /// more bits than it would if all had as many. What they gave on the average, rounded, is added to their class's count from now on, as
  /// far as those bits go. Forgets what was observed.
  void remove_tables(std::uint64_t left);
  [[nodiscard]] std::uint64_t table_count() const;

  /// Entries are averaged: each call adds those of now.
  void average();
  /// Entries become their averages, where there are some, and what they were before.
  void put_average();
  void take_average();

  /// The network as a model, validated; constants stand for what removed tables gave, and fill up the classes that have fewer tables.
  ///
  /// shape  of a sample
  [[nodiscard]] Result<model::Model> make_model(const std::string& name, const std::vector<std::uint32_t>& shape) const;

  [[nodiscard]] std::vector<torch::Tensor> trained();
  [[nodiscard]] std::vector<std::unique_ptr<Rank>>& ranks() { return ranks_; }
  [[nodiscard]] std::uint64_t switches() const;

  /// Everything that a checkpoint has to hold, and back.
  void save(torch::serialize::OutputArchive& archive) const;
  void restore(torch::serialize::InputArchive& archive);

 private:
  [[nodiscard]] model::LutLayer rank_as_layer(std::size_t rank) const;
  void share_out(model::LutLayer& last) const;
  /// The largest count of as many bits as an equal share of so many tables needs.
  [[nodiscard]] std::uint64_t most_counted(std::uint64_t tables) const;
  void apply_removed();

  const Encoder& encoder_;
  std::uint32_t fan_in_;
  std::uint32_t classes_;
  float soft_;
  torch::Device device_;
  std::vector<std::unique_ptr<Rank>> ranks_;
  torch::Tensor outputs_;  // of the last rank, of the last batch
  Usefulness usefulness_;
  std::vector<std::uint8_t> removed_;  // [tables of the last rank]
  std::vector<double> given_;          // [classes]: means of removed tables, added up
  torch::Tensor left_, added_;         // [tables, 1] and [classes, 1] of it; undefined: nothing is removed
  std::vector<torch::Tensor> sums_;    // of each rank's entries
  std::vector<torch::Tensor> last_;    // each rank's entries, while their averages are in place
  std::uint64_t averaged_ = 0;
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/train/lut_batch.hpp"

namespace lutgen::train {

/// How connections are learned.
///
/// rate      width of a step, in units of a slot's usual step
/// momentum  of the scores, below 1
/// step      number of this step, from 1
/// price     loss for a LUT of the encoder: the readers of a feature share what it costs (set_costs), and what a slot would pay more
///           than it does is added to a score's gradient
struct ConnectionStep {
  float rate = 0.3F;
  float momentum = 0.95F;
  std::uint64_t step = 1;
  float price = 0;
};

/// Which feature every table input (slot) reads: the one with the highest score; never one that an earlier input of the same
/// table reads.
///
/// The gradient of a score is the first-order change of the loss if that feature took the place of the present one: the sum
/// over the batch of the gradient at the table input times the difference of the two features. All features are candidates in
/// every step, so the search is dense (unlike the sampled candidates of arXiv 2410.11112), for the price of a matrix product.
class Connections {
 public:
  /// How far ahead of the others the score of a first connection starts.
  static constexpr float kFirstScore = 0.5F;

  /// Draws the first connections with probabilities in proportion to `weights` [features], at least `fan_in` of them
  /// above 0 (checked); a feature of weight 0 is never read.
  Connections(std::uint32_t neurons, std::uint32_t fan_in, std::span<const double> weights, base::Rng& rng);

  /// Begins with given connections; every feature may be read.
  ///
  /// features  at least `fan_in` (checked)
  /// first     [neurons][fan_in], index of a feature, no feature twice at one table
  Connections(std::uint32_t neurons, std::uint32_t fan_in, std::uint32_t features, std::span<const std::uint32_t> first);

  /// What each feature costs that anything reads, in LUTs: [features]. All are free until it is called.
  void set_costs(std::span<const double> costs);

  /// Tables that are nobody's any more: what they read costs nothing, and makes nothing cheaper for others.
  ///
  /// retired  [neurons], 1: it is
  void retire(std::span<const std::uint8_t> retired);

  /// [neurons][fan_in], index of a feature.
  [[nodiscard]] std::span<const std::uint32_t> inputs() const { return inputs_; }
  /// Inputs that changed in all steps since it was made or restored.
  [[nodiscard]] std::uint64_t switches() const { return switches_; }

  /// Moves the scores by one step and reads off the inputs. The same numbers with any number of threads.
  ///
  /// bits            [features][samples], 0 or 1, what the batch had
  /// slot_gradients  [neurons * fan_in][samples]
  /// Cost            O(slots * features * (1 + samples * ones)) / lanes
  void learn(const LutBatch& batch, const std::uint8_t* bits, const float* slot_gradients, const ConnectionStep& step,
             std::size_t threads);

  /// Everything that a checkpoint has to hold, as one list of numbers, and back (its length is checked).
  [[nodiscard]] std::vector<float> state() const;
  void restore(std::span<const float> state);

 private:
  struct BitLists;

  void add_prices(float* sums, std::size_t candidate, std::size_t first, std::size_t count, float price) const;

  [[nodiscard]] BitLists list_bits(const LutBatch& batch, const std::uint8_t* bits) const;
  void size_scores();
  void connect(std::size_t slot, std::size_t candidate);
  void learn_block(std::size_t block, const LutBatch& batch, const BitLists& lists, const float* slot_gradients,
                   const ConnectionStep& step);
  void choose_inputs(std::size_t neuron);

  std::uint32_t neurons_;
  std::uint32_t fan_in_;
  std::uint32_t features_;
  std::vector<std::uint32_t> candidates_;  // features of weight above 0
  std::vector<float> costs_;               // [features]; empty: all are free
  std::vector<std::uint32_t> readers_;     // [features]: slots that read it; of the last step's inputs
  std::vector<std::uint8_t> retired_;      // [neurons]; empty: none is
  std::vector<std::uint32_t> inputs_;
  std::vector<float> scores_;    // [block][candidate][kLanes]
  std::vector<float> momenta_;   // the same
  std::vector<float> squares_;   // [slot]
  std::vector<std::uint32_t> best_;  // [slot]: candidate with the highest score
  std::uint64_t switches_ = 0;
};

}  // namespace lutgen::train

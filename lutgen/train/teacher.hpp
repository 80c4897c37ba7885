// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::train {

/// Trained networks whose answers another one learns beside the labels (knowledge distillation, Hinton, Vinyals, Dean, arXiv
/// 1503.02531). Several of them answer with the mean of their probabilities: a network that learns from several seeds is what
/// averaging over them comes to in one network's area.
class Teacher {
 public:
  /// models   validated; each begins with a thermometer that reads `features` features, and ends in argmax of `classes` scores
  /// Errors   train_bad_teacher (another kind of network), those of logic::lower
  [[nodiscard]] static Result<Teacher> make(std::span<const model::Model> models, std::size_t features, std::uint32_t classes);

  /// What all networks know of some samples: probabilities, the softmax of each network's scores divided by its temperature, and of these
  /// the mean.
  ///
  /// values   [samples][features]
  /// Returns  [samples][classes]
  /// Cost     O(samples / 64 * tables * 2^inputs); the same numbers with any number of threads
  [[nodiscard]] std::vector<float> answer(std::span<const float> values, std::size_t samples, std::size_t threads) const;

  /// Chooses each network's temperature, between 0.1 and 100: the one at which its cross entropy for these samples is least. Until then it
  /// is 1.
  ///
  /// labels  [samples]
  void calibrate(std::span<const float> values, std::span<const std::int64_t> labels, std::size_t threads);
  [[nodiscard]] std::vector<double> temperatures() const;

 private:
  struct Network {
    model::Thermometer thermometer;
    logic::Graph graph;
    std::vector<std::uint32_t> used;  // bits of the thermometer that anything reads
    double temperature = 1;
  };

  [[nodiscard]] std::vector<double> score(const Network& network, std::span<const float> values, std::size_t samples, std::size_t threads) const;

  std::size_t features_ = 0;
  std::uint32_t classes_ = 0;
  std::vector<Network> networks_;
};

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/teacher.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/eval/bitsliced.hpp"

namespace lutgen::train {
namespace {

constexpr std::size_t kSamplesAtOnce = 64;
constexpr double kLeastTemperature = 0.1;
constexpr double kMostTemperature = 100;

/// The softmax of some scores, added to `sum` with a weight.
void add_softmax(std::span<const double> scores, double temperature, double weight, std::span<double> sum) {
  const double largest = *std::max_element(scores.begin(), scores.end());
  double total = 0;
  for (const double score : scores) total += std::exp((score - largest) / temperature);
  for (std::size_t c = 0; c < scores.size(); ++c) sum[c] += weight * std::exp((scores[c] - largest) / temperature) / total;
}

/// Mean of -log p of the labels.
double cross_entropy(std::span<const double> scores, std::span<const std::int64_t> labels, std::size_t classes, double temperature) {
  double sum = 0;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const auto of_sample = scores.subspan(s * classes, classes);
    const double largest = *std::max_element(of_sample.begin(), of_sample.end());
    double total = 0;
    for (const double score : of_sample) total += std::exp((score - largest) / temperature);
    sum += std::log(total) - (of_sample[static_cast<std::size_t>(labels[s])] - largest) / temperature;
  }
  return sum / static_cast<double>(labels.size());
}

}  // namespace

Result<Teacher> Teacher::make(std::span<const model::Model> models, std::size_t features, std::uint32_t classes) {
  Teacher teacher;
  teacher.features_ = features;
  teacher.classes_ = classes;
  for (const model::Model& model : models) {
    const auto* thermometer = std::get_if<model::Thermometer>(&model.layers.front().operation);
    const bool ends_in_argmax = std::holds_alternative<model::Argmax>(model.layers.back().operation);
    const std::size_t scores = ends_in_argmax ? model.layers[model.layers.size() - 2].output_count : 0;
    if (thermometer == nullptr || model.input.feature_count() != features || scores != classes) {
      return fail(Code::train_bad_teacher, model.name,
                  fmt::format("expected a network from {} features, by thresholds, to argmax of {} scores, found one from {} features to {} scores", features, classes,
                              model.input.feature_count(), scores),
                  "a teacher answers for the data that is learned from: one that lutgen train made from it");
    }
    LUTGEN_TRY(logic::Lowered lowered, logic::lower(model, {.input = logic::InputForm::bits, .place = model.name}));
    Network network{*thermometer, std::move(lowered.graph), {}, 1};
    const std::vector<bool> live = network.graph.compute_live_bits();
    for (std::uint32_t b = 0; b < network.graph.bit_count(); ++b) {
      const logic::BitId bit{b};
      if (live[b] && network.graph.kind(bit) == logic::BitKind::input) network.used.push_back(network.graph.input_index(bit));
    }
    teacher.networks_.push_back(std::move(network));
  }
  return teacher;
}

/// [samples][classes].
std::vector<double> Teacher::score(const Network& network, std::span<const float> values, std::size_t samples, std::size_t threads) const {
  std::vector<double> scores(samples * classes_);
  base::parallel_for((samples + kSamplesAtOnce - 1) / kSamplesAtOnce, threads, [&](std::size_t block) {
    const std::size_t first = block * kSamplesAtOnce;
    const std::size_t count = std::min(kSamplesAtOnce, samples - first);
    std::vector<std::uint64_t> words(network.graph.input_count(), 0);
    for (const std::uint32_t bit : network.used) {
      const std::size_t feature = bit / network.thermometer.levels;
      for (std::size_t s = 0; s < count; ++s) {
        const bool is_above = static_cast<double>(values[(first + s) * features_ + feature]) > network.thermometer.thresholds[bit];
        words[bit] |= std::uint64_t{is_above} << s;
      }
    }
    const eval::SliceOutputs outputs = eval::evaluate_bitsliced(network.graph, words);
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t c = 0; c < classes_; ++c) scores[(first + s) * classes_ + c] = static_cast<double>(outputs.scores[c][s]);
    }
  });
  return scores;
}

std::vector<float> Teacher::answer(std::span<const float> values, std::size_t samples, std::size_t threads) const {
  std::vector<double> sum(samples * classes_, 0);
  for (const Network& network : networks_) {
    const std::vector<double> scores = score(network, values, samples, threads);
    for (std::size_t s = 0; s < samples; ++s) {
      add_softmax(std::span(scores).subspan(s * classes_, classes_), network.temperature, 1.0 / static_cast<double>(networks_.size()),
                  std::span(sum).subspan(s * classes_, classes_));
    }
  }
  std::vector<float> probabilities(sum.size());
  std::transform(sum.begin(), sum.end(), probabilities.begin(), [](double p) { return static_cast<float>(p); });
  return probabilities;
}

void Teacher::calibrate(std::span<const float> values, std::span<const std::int64_t> labels, std::size_t threads) {
  for (Network& network : networks_) {
    const std::vector<double> scores = score(network, values, labels.size(), threads);
    // The cross entropy is convex in the inverse of the temperature, so thirds are cut off on its logarithm.
    double low = std::log(kLeastTemperature);
    double high = std::log(kMostTemperature);
    const auto loss = [&](double logarithm) { return cross_entropy(scores, labels, classes_, std::exp(logarithm)); };
    for (int i = 0; i < 40; ++i) {
      const double left = low + (high - low) / 3;
      const double right = high - (high - low) / 3;
      if (loss(left) < loss(right)) {
        high = right;
      } else {
        low = left;
      }
    }
    network.temperature = std::exp((low + high) / 2);
  }
}

std::vector<double> Teacher::temperatures() const {
  std::vector<double> temperatures;
  for (const Network& network : networks_) temperatures.push_back(network.temperature);
  return temperatures;
}

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::eval {

/// What a network answers on a whole data set.
///
/// scores       [samples][classes], C order
/// classes      [samples]; the index of the largest score, the lowest wins a tie
/// class_count  scores per sample
struct Answers {
  std::vector<std::int64_t> scores;
  std::vector<std::uint32_t> classes;
  std::uint32_t class_count = 0;
};

/// How good the answers are.
///
/// correct          answers equal to their label
/// confusion        [classes][classes]: row = label, column = answer
/// classes_sha256   of the answers, one byte each (two bytes, little-endian, above 256 classes)
/// scores_sha256    of the scores, one byte each, sample by sample (little-endian u32 each when a score
///                  can exceed 255)
struct Accuracy {
  std::size_t samples = 0;
  std::size_t correct = 0;
  std::vector<std::uint64_t> confusion;
  std::uint32_t class_count = 0;
  std::string classes_sha256;
  std::string scores_sha256;

  /// correct / samples. O(1).
  [[nodiscard]] double ratio() const {
    return samples == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(samples);
  }
};

/// Whether a model can be asked about a data set: as many features, values within the feature type,
/// labels below the class count.
///
/// Errors   data_does_not_fit
[[nodiscard]] Result<void> check_fit(const model::Model& model, const data::Dataset& dataset);

/// Whether a model gives classes at all.
///
/// Errors   model_has_no_classes when the network ends in bits
[[nodiscard]] Result<void> check_has_classes(const model::Model& model);

/// Room for the answers of a model on every sample of a data set, once both fit.
///
/// Errors   data_does_not_fit; model_has_no_classes when the network ends in bits
[[nodiscard]] Result<Answers> prepare_answers(const model::Model& model, const data::Dataset& dataset);

/// One sample's features as the evaluators take them: [feature_count], C order.
[[nodiscard]] std::vector<double> sample_features(const data::Dataset& dataset, std::size_t sample);

/// Options of `answer`.
struct AnswerOptions {
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;  // not owned; may be null
};

/// The golden model's answers for every sample (reference evaluator).
///
/// Errors   data_does_not_fit; model_has_no_classes when the network ends in bits
[[nodiscard]] Result<Answers> answer_reference(const model::Model& model, const data::Dataset& dataset,
                                               const AnswerOptions& options);

/// The same from the logic form, 64 samples at a time: the second witness.
///
/// Errors   as answer_reference
[[nodiscard]] Result<Answers> answer_bitsliced(const model::Model& model, const data::Dataset& dataset,
                                               const AnswerOptions& options);

/// Compares answers with labels. O(samples * classes).
[[nodiscard]] Accuracy measure_accuracy(const Answers& answers, std::span<const std::uint32_t> labels);

}  // namespace lutgen::eval

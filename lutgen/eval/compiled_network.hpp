// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/target.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::eval {

/// What a compiled network is made of.
///
/// operations  of the word program
/// inputs      encoded bits that it reads
/// code_bytes  machine code; 0 when interpreted
/// seconds     that making it took, a measurement
struct CompileFigures {
  std::size_t operations = 0;
  std::size_t inputs = 0;
  std::size_t code_bytes = 0;
  double seconds = 0;
};

/// Where answers go: each array is empty, and then not wanted, or has room for every sample.
///
/// classes  [samples]: the index of the largest score, the lowest wins a tie; only of a network with scores
/// scores   [samples][class_count]; only of a network with scores
/// bits     [samples][bit_count], 0 or 1; only of a network that ends in bits
struct PredictArrays {
  std::span<std::uint32_t> classes;
  std::span<std::int64_t> scores;
  std::span<std::uint8_t> bits;
};

/// A network made ready to answer many samples: encoder, tables, sums and argmax as machine code for this machine, or, where
/// it has no such code, as a program that is interpreted. Immutable: several threads may ask it at once.
class CompiledNetwork {
 public:
  /// Makes one.
  ///
  /// model   validated
  /// target  supported by this machine (checked); where executable memory cannot be had, Target::portable takes its
  ///         place and `note` says so
  /// Errors  lower_several_encoders (f32 features with several thermometer layers)
  /// Cost    O(size of the model): about 5 us for a random table of six inputs
  [[nodiscard]] static Result<CompiledNetwork> compile(const model::Model& model, Target target);

  /// Answers `count` samples. The result does not depend on the number of threads.
  ///
  /// samples  [count][feature_count], of values that the model's feature type has (see check_fit), bytes or floats
  /// threads  at least 1
  /// progress may be null; not owned
  void predict(std::span<const std::uint8_t> samples, std::size_t count, const PredictArrays& arrays, const AnswerOptions& options) const;
  void predict(std::span<const float> samples, std::size_t count, const PredictArrays& arrays, const AnswerOptions& options) const;

  /// What evaluates. O(1).
  [[nodiscard]] Target target() const;
  /// Why `target` is not what was asked for; empty when it is.
  [[nodiscard]] const std::string& note() const;
  /// Values of a sample. O(1).
  [[nodiscard]] std::size_t feature_count() const;
  /// Scores of a sample; 0 when the network ends in bits. O(1).
  [[nodiscard]] std::size_t class_count() const;
  /// Output bits of a sample; 0 when the network has scores. O(1).
  [[nodiscard]] std::size_t bit_count() const;
  /// What it is made of. O(1).
  [[nodiscard]] const CompileFigures& figures() const;

 private:
  struct Implementation;
  explicit CompiledNetwork(std::shared_ptr<const Implementation> implementation) : implementation_(std::move(implementation)) {}
  template <class Value>
  void predict_values(const Value* samples, std::size_t count, const PredictArrays& arrays, const AnswerOptions& options) const;

  std::shared_ptr<const Implementation> implementation_;
};

/// The answers of a compiled network for every sample of a data set.
///
/// Errors  as answer_reference
[[nodiscard]] Result<Answers> answer_compiled(const CompiledNetwork& network, const model::Model& model,
                                              const data::Dataset& dataset, const AnswerOptions& options);

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/accuracy.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/logic/lower.hpp"

namespace lutgen::eval {
namespace {

using model::FeatureType;

struct Range {
  double minimum;
  double maximum;
};

Range range_of(FeatureType type) {
  switch (type) {
    case FeatureType::bit: return {0, 1};
    case FeatureType::u8: return {0, 255};
    case FeatureType::i8: return {-128, 127};
    case FeatureType::u16: return {0, 65535};
    case FeatureType::i16: return {-32768, 32767};
    case FeatureType::i32: return {-2147483648.0, 2147483647.0};
    case FeatureType::f32: break;
  }
  return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
}

tl::unexpected<Diagnostic> misfit(const data::Dataset& dataset, std::string message, std::string hint) {
  return fail(Code::data_does_not_fit, dataset.name, std::move(message), std::move(hint));
}

/// Runs `body(block)` for blocks of 64 samples and reports progress.
void for_blocks(std::size_t samples, const AnswerOptions& options, std::string_view stage,
                const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> done{0};
  const std::size_t blocks = (samples + 63) / 64;
  base::parallel_for(blocks, options.threads, [&](std::size_t block) {
    body(block);
    const std::size_t finished = done.fetch_add(1) + 1;
    if (options.progress != nullptr) {
      options.progress->update(stage, std::min(samples, finished * 64), samples);
    }
  });
}

/// Index of the layer that gives the scores.
std::size_t score_layer(const model::Model& model) {
  std::size_t layer = model.layers.size() - 1;
  while (model.layers[layer].output != model::ValueKind::scores) --layer;
  return layer;
}

/// Transposes up to 64 samples into one word per input bit of the graph (features, LSB first).
std::vector<std::uint64_t> slice_features(const model::Model& model, const data::Dataset& dataset,
                                          std::size_t first) {
  const std::uint32_t width = model::bits_per_feature(model.input.type);
  std::vector<std::uint64_t> words(dataset.feature_count() * width);
  const std::size_t count = std::min<std::size_t>(64, dataset.sample_count() - first);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t f = 0; f < dataset.feature_count(); ++f) {
      const auto value = static_cast<std::uint64_t>(
          static_cast<std::int64_t>(dataset.feature(first + s, f)));
      for (std::uint32_t b = 0; b < width; ++b) words[f * width + b] |= ((value >> b) & 1) << s;
    }
  }
  return words;
}

/// The same for a graph whose inputs are the encoder's bits.
std::vector<std::uint64_t> slice_encoder_bits(const model::Model& model, const data::Dataset& dataset,
                                              std::size_t first) {
  const auto encoder = std::find_if(model.layers.begin(), model.layers.end(), [](const auto& layer) {
    return std::holds_alternative<model::Thermometer>(layer.operation);
  });
  const auto& thermometer = std::get<model::Thermometer>(encoder->operation);
  std::vector<std::uint64_t> words(thermometer.thresholds.size());
  const std::size_t count = std::min<std::size_t>(64, dataset.sample_count() - first);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const double value = dataset.feature(first + s, i / thermometer.levels);
      words[i] |= std::uint64_t{value > thermometer.thresholds[i]} << s;
    }
  }
  return words;
}

}  // namespace

Result<void> check_fit(const model::Model& model, const data::Dataset& dataset) {
  if (model.input.feature_count() != dataset.feature_count()) {
    return misfit(dataset,
                  fmt::format("expected {} features a sample for the network '{}', found {}",
                              model.input.feature_count(), model.name, dataset.feature_count()),
                  "use the data set that the network was trained on");
  }
  const Range range = range_of(model.input.type);
  const bool whole = model.input.type != FeatureType::f32;
  // Any byte is of every type but these.
  const bool any_byte = model.input.type != FeatureType::bit && model.input.type != FeatureType::i8 &&
                        std::holds_alternative<data::ByteFeatures>(dataset.features);
  const std::size_t checked = any_byte ? 0 : dataset.feature_count();
  for (std::size_t s = 0; s < dataset.sample_count(); ++s) {
    for (std::size_t f = 0; f < checked; ++f) {
      const double value = dataset.feature(s, f);
      if (!(value >= range.minimum && value <= range.maximum) || (whole && value != std::floor(value))) {
        return misfit(dataset,
                      fmt::format("expected features of type {}, found {} in sample {}, feature {}",
                                  model::feature_type_name(model.input.type), value, s, f),
                      "scale the data as it was for training");
      }
    }
    if (model.class_count() != 0 && dataset.labels[s] >= model.class_count()) {
      return misfit(dataset,
                    fmt::format("expected labels below {}, found {} in sample {}", model.class_count(),
                                dataset.labels[s], s),
                    "use the data set that the network was trained on");
    }
  }
  return {};
}

Result<void> check_has_classes(const model::Model& model) {
  if (model.class_count() != 0) return {};
  return fail(Code::model_has_no_classes, model.name,
              "expected a network with scores (a group_sum layer), found one that ends in bits",
              "accuracy needs classes; add group_sum and argmax");
}

Result<Answers> prepare_answers(const model::Model& model, const data::Dataset& dataset) {
  LUTGEN_TRY_VOID(check_fit(model, dataset));
  LUTGEN_TRY_VOID(check_has_classes(model));
  Answers answers;
  answers.class_count = model.class_count();
  answers.classes.resize(dataset.sample_count());
  answers.scores.resize(dataset.sample_count() * answers.class_count);
  return answers;
}

std::vector<double> sample_features(const data::Dataset& dataset, std::size_t sample) {
  std::vector<double> features(dataset.feature_count());
  for (std::size_t f = 0; f < features.size(); ++f) features[f] = dataset.feature(sample, f);
  return features;
}

Result<Answers> answer_reference(const model::Model& model, const data::Dataset& dataset,
                                 const AnswerOptions& options) {
  LUTGEN_TRY(Answers answers, prepare_answers(model, dataset));
  const std::size_t layer = score_layer(model);
  for_blocks(dataset.sample_count(), options, "golden model", [&](std::size_t block) {
    const std::size_t end = std::min(dataset.sample_count(), block * 64 + 64);
    for (std::size_t s = block * 64; s < end; ++s) {
      const Trace trace = evaluate_reference(model, sample_features(dataset, s));
      const auto& scores = trace.values[layer];
      std::copy(scores.begin(), scores.end(),
                answers.scores.begin() + static_cast<std::ptrdiff_t>(s * answers.class_count));
      answers.classes[s] = static_cast<std::uint32_t>(
          std::max_element(scores.begin(), scores.end()) - scores.begin());
    }
  });
  return answers;
}

Result<Answers> answer_bitsliced(const model::Model& model, const data::Dataset& dataset,
                                 const AnswerOptions& options) {
  LUTGEN_TRY(Answers answers, prepare_answers(model, dataset));
  const bool floats = model.input.type == FeatureType::f32;
  LUTGEN_TRY(const auto lowered,
             logic::lower(model, {.input = floats ? logic::InputForm::bits : logic::InputForm::features}));
  for_blocks(dataset.sample_count(), options, "bit-sliced", [&](std::size_t block) {
    const std::size_t first = block * 64;
    const auto inputs = floats ? slice_encoder_bits(model, dataset, first)
                               : slice_features(model, dataset, first);
    const SliceOutputs slice = evaluate_bitsliced(lowered.graph, inputs);
    for (std::size_t s = first; s < std::min(dataset.sample_count(), first + 64); ++s) {
      std::int64_t* scores = &answers.scores[s * answers.class_count];
      for (std::uint32_t c = 0; c < answers.class_count; ++c) scores[c] = slice.scores[c][s - first];
      answers.classes[s] =
          static_cast<std::uint32_t>(std::max_element(scores, scores + answers.class_count) - scores);
    }
  });
  return answers;
}

Accuracy measure_accuracy(const Answers& answers, std::span<const std::uint32_t> labels) {
  LUTGEN_CHECK(labels.size() == answers.classes.size());
  Accuracy result;
  result.samples = labels.size();
  result.class_count = answers.class_count;
  result.confusion.resize(std::size_t{answers.class_count} * answers.class_count);
  std::string classes;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const std::uint32_t answer = answers.classes[s];
    result.correct += answer == labels[s] ? 1 : 0;
    ++result.confusion[std::size_t{labels[s]} * answers.class_count + answer];
    classes += static_cast<char>(answer & 0xFF);
    if (answers.class_count > 256) classes += static_cast<char>(answer >> 8);
  }
  const bool bytes = std::all_of(answers.scores.begin(), answers.scores.end(),
                                 [](std::int64_t score) { return score >= 0 && score <= 255; });
  std::string scores;
  for (const std::int64_t score : answers.scores) {
    for (int i = 0; i < (bytes ? 1 : 4); ++i) scores += static_cast<char>((score >> (8 * i)) & 0xFF);
  }
  result.classes_sha256 = base::sha256_hex(classes);
  result.scores_sha256 = base::sha256_hex(scores);
  return result;
}

}  // namespace lutgen::eval

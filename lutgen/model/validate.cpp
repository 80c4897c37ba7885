// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/validate.hpp"

#include <cmath>
#include <limits>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/io/quote.hpp"
#include "lutgen/model/topology.hpp"

namespace lutgen::model {
namespace {

/// Checks one layer after the other; what a layer reads is known by then.
class Validator {
 public:
  Validator(Model& model, const std::string& place, std::span<const TensorNames> tensors)
      : model_(model), place_(place), tensors_(tensors) {}

  Result<void> run() {
    LUTGEN_TRY_VOID(check_input());
    LUTGEN_TRY_VOID(check_topology(model_, place_));
    for (index_ = 0; index_ < model_.layers.size(); ++index_) LUTGEN_TRY_VOID(check_layer());
    return {};
  }

 private:
  [[nodiscard]] Layer& layer() { return model_.layers[index_]; }
  [[nodiscard]] std::string where() const { return fmt::format("{}: {}", place_, layer_label(model_, index_)); }

  /// `FILE: layer 1 (lut), tensor "lut0.inputs"`, or just the field where there is no file.
  [[nodiscard]] std::string where(const char* field, std::string TensorNames::*tensor) const {
    if (tensors_.empty()) return fmt::format("{}, {}", where(), field);
    return fmt::format("{}, tensor {}", where(), io::quote(tensors_[index_].*tensor));
  }

  [[nodiscard]] std::string source_label(std::int32_t source) const {
    return source == kNetworkInput ? "the network's input" : layer_label(model_, static_cast<std::size_t>(source));
  }

  Result<void> check_input() const {
    std::uint64_t features = 1;
    for (const std::uint32_t length : model_.input.shape) features = std::min(features * length, kMaxFeatures + 1);
    const std::size_t axes = model_.input.shape.size();
    if (axes == 0 || axes > kMaxInputAxes || features == 0 || features > kMaxFeatures) {
      return fail(Code::model_input_shape, place_,
                  fmt::format("expected an input shape of 1 to {} lengths and 1 to {} features in all, got {}",
                              kMaxInputAxes, kMaxFeatures,
                              axes > kMaxInputAxes ? fmt::format("{} lengths", axes)
                                                   : fmt::format("[{}]", fmt::join(model_.input.shape, ", "))),
                  "for example [28, 28] for images of 28 rows and 28 columns, or [16] for 16 numbers");
    }
    return {};
  }

  Result<void> check_layer() {
    LUTGEN_TRY_VOID(check_reads());
    return std::visit([this](auto& operation) { return check(operation); }, layer().operation);
  }

  /// What `source` gives: its kind, and how many.
  struct Given {
    ValueKind kind;
    std::uint32_t count;
  };

  [[nodiscard]] Given given_by(std::int32_t source) const {
    if (source == kNetworkInput) return {ValueKind::features, static_cast<std::uint32_t>(model_.input.feature_count())};
    const Layer& from = model_.layers[static_cast<std::size_t>(source)];
    return {from.output, from.output_count};
  }

  [[nodiscard]] bool accepts(ValueKind kind) {
    if (std::holds_alternative<Thermometer>(layer().operation)) return kind == ValueKind::features;
    if (std::holds_alternative<Argmax>(layer().operation)) return kind == ValueKind::scores;
    return kind == ValueKind::bits || (kind == ValueKind::features && model_.input.type == FeatureType::bit);
  }

  [[nodiscard]] std::string found_text(std::int32_t source) const {
    switch (given_by(source).kind) {
      case ValueKind::features: return fmt::format("{} features", feature_type_name(model_.input.type));
      case ValueKind::bits: return "bits";
      case ValueKind::scores: return "scores";
      case ValueKind::class_index: break;
    }
    return "a class index";
  }

  tl::unexpected<Diagnostic> does_not_fit(std::int32_t source) {
    const char* expected = "bits";
    const char* hint = "lut, threshold and group_sum read bits: of a thermometer, lut or threshold layer, or an input of type \"bit\"";
    if (std::holds_alternative<Thermometer>(layer().operation)) {
      expected = "the features of the network's input";
      hint = "a thermometer turns numbers into bits and reads nothing else: say \"from\": \"input\"";
    } else if (std::holds_alternative<Argmax>(layer().operation)) {
      expected = "scores";
      hint = "argmax compares scores: put a group_sum before it";
    }
    return fail(Code::model_layers_do_not_fit, where(),
                fmt::format("expected {}, got {} from {}", expected, found_text(source), source_label(source)), hint);
  }

  Result<void> check_reads() {
    const auto& sources = layer().sources;
    const bool takes_one = std::holds_alternative<Thermometer>(layer().operation) ||
                           std::holds_alternative<Argmax>(layer().operation);
    std::uint64_t count = 0;
    for (const std::int32_t source : sources) {
      const Given given = given_by(source);
      if (!accepts(given.kind)) return does_not_fit(source);
      count += given.count;
      if (count > kMaxLayerBits) return too_large("reads", count);
    }
    if (takes_one && sources.size() != 1) {
      return fail(Code::model_layers_do_not_fit, where(),
                  fmt::format("expected to read from one place, got {}", sources.size()),
                  "only bits can be put together from several layers");
    }
    layer().input_count = static_cast<std::uint32_t>(count);
    return {};
  }

  tl::unexpected<Diagnostic> too_large(const char* verb, std::uint64_t count) const {
    return fail(Code::model_too_large, where(),
                fmt::format("expected at most {} bits, this layer {} {} or more", kMaxLayerBits, verb, count), "");
  }

  Result<void> check(const Thermometer& operation) {
    const std::string place = where("thresholds", &TensorNames::thresholds);
    const std::uint64_t bits = std::uint64_t{operation.features} * operation.levels;
    if (operation.features == 0 || operation.levels == 0 || operation.thresholds.size() != bits) {
      return fail(Code::model_tensor_shape, place,
                  fmt::format("expected features x levels thresholds, at least 1 of each, got {} x {} and {} values",
                              operation.features, operation.levels, operation.thresholds.size()), "");
    }
    if (operation.features != layer().input_count) {
      return fail(Code::model_feature_count, place,
                  fmt::format("expected thresholds for {} features (the input has the shape [{}]), got {} rows",
                              layer().input_count, fmt::join(model_.input.shape, ", "), operation.features),
                  "row f holds the thresholds of feature f");
    }
    if (bits > kMaxLayerBits) return too_large("gives", bits);
    LUTGEN_TRY_VOID(check_thresholds(operation, place));
    finish(static_cast<std::uint32_t>(bits), ValueKind::bits);
    return {};
  }

  Result<void> check_thresholds(const Thermometer& operation, const std::string& place) const {
    const FeatureType type = operation.stored_type;
    if (type != FeatureType::u8 && type != FeatureType::i32 && type != FeatureType::f32) {
      return fail(Code::model_bad_threshold, place,
                  fmt::format("expected thresholds stored as u8, i32 or f32, got {}", feature_type_name(type)), "");
    }
    for (std::size_t i = 0; i < operation.thresholds.size(); ++i) {
      const double value = operation.thresholds[i];
      if (is_stored_as(value, type)) continue;
      return fail(Code::model_bad_threshold, place,
                  fmt::format("expected finite thresholds that fit {}, got {} at [{}, {}]", feature_type_name(type), value,
                              i / operation.levels, i % operation.levels),
                  "[f, t] is threshold t of feature f");
    }
    return {};
  }

  static bool is_stored_as(double value, FeatureType type) {
    if (!std::isfinite(value)) return false;
    if (type == FeatureType::f32) {
      return std::fabs(value) <= double{std::numeric_limits<float>::max()} && double{static_cast<float>(value)} == value;
    }
    const double low = type == FeatureType::u8 ? 0.0 : double{std::numeric_limits<std::int32_t>::min()};
    const double high = type == FeatureType::u8 ? 255.0 : double{std::numeric_limits<std::int32_t>::max()};
    return value >= low && value <= high && std::floor(value) == value;
  }

  Result<void> check(const LutLayer& operation) {
    const std::string inputs_place = where("inputs", &TensorNames::inputs);
    if (operation.fan_in < 1 || operation.fan_in > kMaxTableInputs) {
      return fail(Code::model_fan_in, inputs_place,
                  fmt::format("expected 1 to {} inputs a table, got {}", kMaxTableInputs, operation.fan_in),
                  "the tensor has a row for each neuron and a column for each input of its table");
    }
    if (operation.neurons == 0 || operation.inputs.size() != std::uint64_t{operation.neurons} * operation.fan_in) {
      return fail(Code::model_tensor_shape, inputs_place,
                  fmt::format("expected {} inputs for each of 1 or more neurons, got {} neurons and {} inputs",
                              operation.fan_in, operation.neurons, operation.inputs.size()), "");
    }
    if (operation.neurons > kMaxLayerBits) return too_large("gives", operation.neurons);
    if (operation.tables.size() != std::uint64_t{operation.neurons} * operation.table_bytes()) {
      return fail(Code::model_table_length, where("tables", &TensorNames::tables),
                  fmt::format("expected {} bytes for each of {} tables, got {} bytes in all", operation.table_bytes(),
                              operation.neurons, operation.tables.size()), "");
    }
    LUTGEN_TRY_VOID(check_inputs(operation.inputs, inputs_place, [&](std::size_t i) {
      return fmt::format("[{}, {}]", i / operation.fan_in, i % operation.fan_in);
    }, "[n, k] is input k of neuron n; bits are counted from 0"));
    LUTGEN_TRY_VOID(check_padding(operation));
    finish(operation.neurons, ValueKind::bits);
    return {};
  }

  /// Every element of `inputs` must name a bit; `spell` says where element i stands.
  template <class Spell>
  Result<void> check_inputs(const std::vector<std::uint32_t>& inputs, const std::string& place, Spell spell,
                            const char* hint) {
    const std::uint32_t bits = layer().input_count;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] < bits) continue;
      std::string reads = source_label(layer().sources.front()) + " gives";
      if (layer().sources.size() > 1) reads = fmt::format("its {} sources together give", layer().sources.size());
      // The file stores them with a sign, so that what is too large here may have been negative there.
      return fail(Code::model_input_index, place,
                  fmt::format("expected an index in 0..{} ({} {} bits), got {} at {}", bits - 1, reads, bits,
                              static_cast<std::int32_t>(inputs[i]), spell(i)),
                  hint);
    }
    return {};
  }

  Result<void> check_padding(const LutLayer& operation) const {
    if (operation.fan_in >= 3) return {};
    const std::uint32_t entries = 1u << operation.fan_in;
    for (std::size_t neuron = 0; neuron < operation.tables.size(); ++neuron) {
      const std::uint32_t byte = operation.tables[neuron];
      if (byte >> entries == 0) continue;
      return fail(Code::model_table_padding, where("tables", &TensorNames::tables),
                  fmt::format("expected 0 in the bits above bit {}, got the byte 0x{:02x} for neuron {}", entries - 1, byte,
                              neuron),
                  fmt::format("a table of {} input{} has {} entries: bits 0..{} of its byte", operation.fan_in,
                              operation.fan_in == 1 ? "" : "s", entries, entries - 1));
    }
    return {};
  }

  Result<void> check(const ThresholdLayer& operation) {
    const std::string place = where("thresholds", &TensorNames::thresholds);
    if (operation.levels < 1 || operation.levels > kMaxResidualBits || operation.neurons == 0 ||
        operation.thresholds.size() != std::uint64_t{operation.neurons} * operation.nodes()) {
      return fail(Code::model_tensor_shape, place,
                  fmt::format("expected 1, 3 or 7 thresholds for each of 1 or more neurons, got {} neurons of {} bits and {} values",
                              operation.neurons, operation.levels, operation.thresholds.size()), "");
    }
    const std::uint64_t bits = std::uint64_t{operation.neurons} * operation.levels;
    if (bits > kMaxLayerBits) return too_large("gives", bits);
    if (operation.inputs.size() > kMaxLayerBits) return too_large("adds up", operation.inputs.size());
    if (!operation.weights.empty() && operation.weights.size() != operation.inputs.size()) {
      return fail(Code::model_tensor_shape, where("weights", &TensorNames::weights),
                  fmt::format("expected as many weights as inputs, {}, got {}", operation.inputs.size(), operation.weights.size()),
                  "leave the weights out where all are 1");
    }
    LUTGEN_TRY_VOID(check_offsets(operation));
    LUTGEN_TRY_VOID(check_inputs(operation.inputs, where("inputs", &TensorNames::inputs),
                                 [](std::size_t i) { return fmt::format("[{}]", i); },
                                 "[t] is the input of term t; bits are counted from 0"));
    LUTGEN_TRY_VOID(check_sums(operation));
    finish(static_cast<std::uint32_t>(bits), ValueKind::bits);
    return {};
  }

  Result<void> check_offsets(const ThresholdLayer& operation) const {
    const std::string place = where("offsets", &TensorNames::offsets);
    const auto& offsets = operation.offsets;
    const char* hint = "neuron n adds up the terms offsets[n] to offsets[n+1]-1";
    if (offsets.size() != std::uint64_t{operation.neurons} + 1) {
      return fail(Code::model_tensor_shape, place,
                  fmt::format("expected one offset more than there are neurons, {}, got {}", operation.neurons + 1, offsets.size()), hint);
    }
    // The file stores them with a sign: a negative one is too large here.
    for (std::size_t n = 0; n < offsets.size(); ++n) {
      const std::uint32_t before = n == 0 ? 0 : offsets[n - 1];
      const bool fits = n == 0 ? offsets[n] == 0 : offsets[n] >= before && offsets[n] <= operation.inputs.size();
      if (fits) continue;
      return fail(Code::model_offsets, place,
                  n == 0 ? fmt::format("expected the first offset to be 0, got {}", static_cast<std::int32_t>(offsets[n]))
                         : fmt::format("expected an offset in {}..{} (the one before, and the number of terms), got {} at [{}]", before,
                                       operation.inputs.size(), static_cast<std::int32_t>(offsets[n]), n), hint);
    }
    if (offsets.back() == operation.inputs.size()) return {};
    return fail(Code::model_offsets, place,
                fmt::format("expected the last offset to be the number of terms, {}, got {}", operation.inputs.size(), offsets.back()), hint);
  }

  Result<void> check_sums(const ThresholdLayer& operation) const {
    for (std::uint32_t n = 0; n < operation.neurons; ++n) {
      std::int64_t lowest = 0;
      std::int64_t highest = 0;
      for (std::size_t term = operation.offsets[n]; term < operation.offsets[n + 1]; ++term) {
        const std::int64_t weight = operation.weight(term);
        (weight < 0 ? lowest : highest) += weight;
      }
      if (lowest >= std::numeric_limits<std::int32_t>::min() && highest <= std::numeric_limits<std::int32_t>::max()) continue;
      return fail(Code::model_sum_range, where("weights", &TensorNames::weights),
                  fmt::format("expected sums that fit signed 32 bits, got {}..{} for neuron {}", lowest, highest, n),
                  "divide the neuron's weights and thresholds by a common number");
    }
    return {};
  }

  Result<void> check(const GroupSum& operation) {
    const std::uint32_t bits = layer().input_count;
    if (operation.groups == 0 || bits % operation.groups != 0) {
      return fail(Code::model_groups, where(),
                  fmt::format("expected a number of groups that divides the {} bits it reads, got {}", bits,
                              operation.groups),
                  "all groups have the same number of bits");
    }
    finish(operation.groups, ValueKind::scores);
    return {};
  }

  Result<void> check(const Argmax&) {
    finish(1, ValueKind::class_index);
    return {};
  }

  void finish(std::uint32_t count, ValueKind kind) {
    layer().output_count = count;
    layer().output = kind;
  }

  Model& model_;
  const std::string& place_;
  std::span<const TensorNames> tensors_;
  std::size_t index_ = 0;
};

}  // namespace

Result<void> validate_model(Model& model, const std::string& place, std::span<const TensorNames> tensors) {
  LUTGEN_CHECK(tensors.empty() || tensors.size() == model.layers.size());
  return Validator(model, place, tensors).run();
}

}  // namespace lutgen::model

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/logic/lower.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <fmt/core.h>

namespace lutgen::logic {
namespace {

using model::FeatureType;
using model::Layer;

bool is_signed(FeatureType type) {
  return type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
}

class Lowering {
 public:
  Lowering(const model::Model& model, const LowerOptions& options)
      : model_(model), options_(options) {
    result_.layer_bits.resize(model.layers.size());
    result_.layer_sums.resize(model.layers.size());
    result_.layer_levels.resize(model.layers.size(), 1);
    for (const Layer& layer : model.layers) {
      result_.encoders.push_back(std::holds_alternative<model::Thermometer>(layer.operation));
    }
  }

  Result<Lowered> run() {
    // model::validate_model fills in the sources.
    for (const Layer& layer : model_.layers) LUTGEN_CHECK(!layer.sources.empty());
    LUTGEN_TRY_VOID(check());
    reserve();
    if (options_.input == InputForm::features || model_.input.type == FeatureType::bit) {
      add_feature_inputs();
    }
    for (std::size_t i = 0; i < model_.layers.size(); ++i) {
      layer_ = static_cast<std::uint32_t>(i);
      std::visit([&](const auto& operation) { add(model_.layers[i], operation); },
                 model_.layers[i].operation);
    }
    set_outputs();
    return std::move(result_);
  }

 private:
  Result<void> check() const {
    const std::string& place = options_.place.empty() ? model_.name : options_.place;
    const auto encoders = std::count_if(model_.layers.begin(), model_.layers.end(), [](const Layer& l) {
      return std::holds_alternative<model::Thermometer>(l.operation);
    });
    if (options_.input == InputForm::bits) {
      if (encoders > 1) {
        return fail(Code::lower_several_encoders, place,
                    fmt::format("expected one thermometer layer to leave out, found {}", encoders),
                    "with several encoders only the features can be the input: leave out --input bits");
      }
      return {};
    }
    if (encoders > 0 && model_.input.type == FeatureType::f32) {
      return fail(Code::lower_float_encoder, place,
                  "expected integer features for an encoder in hardware, found type f32",
                  "encode on the host and use --input bits, or quantise the features to integers");
    }
    return {};
  }

  /// Room for the tables, which large networks are made of, and for the input.
  void reserve() {
    std::size_t bits = 2 + model_.input.feature_count() * model::bits_per_feature(model_.input.type);
    std::size_t fanins = 0;
    for (const Layer& layer : model_.layers) {
      if (const auto* luts = std::get_if<model::LutLayer>(&layer.operation)) {
        bits += luts->neurons;
        fanins += luts->inputs.size();
      }
    }
    result_.graph.reserve(bits, fanins);
  }

  void add_feature_inputs() {
    const std::uint32_t width = model::bits_per_feature(model_.input.type);
    for (std::uint64_t i = 0; i < model_.input.feature_count() * width; ++i) {
      input_bits_.push_back(result_.graph.add_input());
    }
  }

  /// The bits that a layer reads, all sources in order.
  std::vector<BitId> source_bits(const Layer& layer) const {
    std::vector<BitId> bits;
    for (const std::int32_t source : layer.sources) {
      const auto& from = source == model::kNetworkInput
                             ? input_bits_
                             : result_.layer_bits[static_cast<std::size_t>(source)];
      bits.insert(bits.end(), from.begin(), from.end());
    }
    return bits;
  }

  void add(const Layer&, const model::Thermometer& encoder) {
    result_.layer_levels[layer_] = encoder.levels;
    auto& bits = result_.layer_bits[layer_];
    if (options_.input == InputForm::bits && model_.input.type != FeatureType::bit) {
      for (std::size_t i = 0; i < encoder.thresholds.size(); ++i) bits.push_back(result_.graph.add_input());
      return;
    }
    const std::uint32_t width = model::bits_per_feature(model_.input.type);
    std::vector<Term> terms(width);
    for (std::uint32_t f = 0; f < encoder.features; ++f) {
      for (std::uint32_t b = 0; b < width; ++b) {
        const std::int64_t weight = std::int64_t{1} << b;
        const bool negative = b + 1 == width && is_signed(model_.input.type);
        terms[b] = {input_bits_[std::size_t{f} * width + b], negative ? -weight : weight};
      }
      const SumId value = result_.graph.add_sum(terms, 0, {layer_, f});
      for (std::uint32_t t = 0; t < encoder.levels; ++t) {
        const std::uint32_t index = f * encoder.levels + t;
        // x > t for integer x is x > floor(t); the clamp keeps absurd thresholds in range.
        const double floor = std::clamp(std::floor(encoder.thresholds[index]), -0x1p40, 0x1p40);
        bits.push_back(result_.graph.add_compare(value, static_cast<std::int64_t>(floor), {layer_, index}));
      }
    }
  }

  void add(const Layer& layer, const model::LutLayer& luts) {
    const std::vector<BitId> sources = source_bits(layer);
    auto& bits = result_.layer_bits[layer_];
    bits.reserve(luts.neurons);
    std::vector<BitId> fanins(luts.fan_in);
    for (std::uint32_t n = 0; n < luts.neurons; ++n) {
      const auto inputs = luts.inputs_of(n);
      std::transform(inputs.begin(), inputs.end(), fanins.begin(),
                     [&](std::uint32_t input) { return sources[input]; });
      const auto table =
          truth::TruthTable::from_bytes(static_cast<int>(luts.fan_in), luts.table_of(n));
      bits.push_back(result_.graph.add_lut(table, fanins, {layer_, n}));
    }
  }

  /// The bit `sum > constant`, or a constant where the sum's bounds decide.
  BitId add_comparison(SumId sum, std::int64_t constant, Origin origin) {
    const Sum& value = result_.graph.sum(sum);
    if (value.minimum > constant) return BitId::one;
    if (value.maximum <= constant) return BitId::zero;
    return result_.graph.add_compare(sum, constant, origin);
  }

  void add(const Layer& layer, const model::ThresholdLayer& neurons) {
    const std::vector<BitId> sources = source_bits(layer);
    result_.layer_levels[layer_] = neurons.levels;
    auto& bits = result_.layer_bits[layer_];
    bits.reserve(std::size_t{neurons.neurons} * neurons.levels);
    std::vector<Term> terms;
    for (std::uint32_t n = 0; n < neurons.neurons; ++n) {
      terms.clear();
      for (std::size_t t = neurons.offsets[n]; t < neurons.offsets[n + 1]; ++t) {
        terms.push_back({sources[neurons.inputs[t]], neurons.weight(t)});
      }
      const SumId sum = result_.graph.add_sum(terms, 0, {layer_, n});
      const std::size_t first = bits.size();
      for (std::uint32_t level = 0; level < neurons.levels; ++level) {
        const auto path = std::span(bits).subspan(first, level);
        bits.push_back(add_residual_bit(sum, neurons.thresholds_of(n), path, {layer_, n * neurons.levels + level}));
      }
    }
  }

  /// One step down the search tree: the bits so far, `path`, choose which node's comparison is the bit. Node
  /// 2^level - 1 + p is the one of the path whose first bit is the most significant bit of p.
  BitId add_residual_bit(SumId sum, std::span<const std::int32_t> thresholds, std::span<const BitId> path, Origin origin) {
    if (path.empty()) return add_comparison(sum, thresholds[0], origin);
    const auto level = static_cast<int>(path.size());
    const std::uint32_t first = (1u << level) - 1;
    std::vector<BitId> fanins;
    for (std::uint32_t p = 0; p <= first; ++p) {
      fanins.push_back(add_comparison(sum, thresholds[first + p], {origin.layer, origin.index, first + p}));
    }
    const int data = 1 << level;
    truth::TruthTable choose(data + level);
    for (std::uint32_t a = 0; a < choose.entries(); ++a) {
      std::uint32_t node = 0;
      for (int k = 0; k < level; ++k) node = 2 * node + ((a >> (data + k)) & 1);
      choose.set_bit(a, ((a >> node) & 1) != 0);
    }
    fanins.insert(fanins.end(), path.begin(), path.end());
    return result_.graph.add_lut(choose, fanins, origin);
  }

  void add(const Layer& layer, const model::GroupSum& group_sum) {
    const std::vector<BitId> sources = source_bits(layer);
    const std::size_t per_group = sources.size() / group_sum.groups;
    std::vector<Term> terms(per_group);
    for (std::uint32_t g = 0; g < group_sum.groups; ++g) {
      for (std::size_t i = 0; i < per_group; ++i) terms[i] = {sources[g * per_group + i], 1};
      result_.layer_sums[layer_].push_back(result_.graph.add_sum(terms, 0, {layer_, g}));
    }
  }

  void add(const Layer&, const model::Argmax&) {}

  void set_outputs() {
    std::size_t last = model_.layers.size() - 1;
    Outputs& outputs = result_.graph.outputs;
    if (std::holds_alternative<model::Argmax>(model_.layers[last].operation)) {
      outputs.argmax = true;
      outputs.argmax_layer = static_cast<std::uint32_t>(last);
      last = static_cast<std::size_t>(model_.layers[last].sources.front());
    }
    outputs.scores = result_.layer_sums[last];
    outputs.bits = result_.layer_bits[last];
    for (const SumId sum : outputs.scores) {
      const auto largest = static_cast<std::uint64_t>(std::max<std::int64_t>(1, result_.graph.sum(sum).maximum));
      outputs.score_bits = std::max(outputs.score_bits, static_cast<std::uint32_t>(std::bit_width(largest)));
    }
  }

  const model::Model& model_;
  const LowerOptions& options_;
  Lowered result_;
  std::vector<BitId> input_bits_;
  std::uint32_t layer_ = 0;
};

}  // namespace

Result<Lowered> lower(const model::Model& model, const LowerOptions& options) {
  return Lowering(model, options).run();
}

}  // namespace lutgen::logic

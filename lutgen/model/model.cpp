// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/model.hpp"

#include <array>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::model {
namespace {

struct TypeFacts {
  const char* name;
  std::uint32_t bits;
};

/// By the order of FeatureType.
constexpr auto kTypes = std::to_array<TypeFacts>(
    {{"bit", 1}, {"u8", 8}, {"i8", 8}, {"u16", 16}, {"i16", 16}, {"i32", 32}, {"f32", 32}});

/// By the order of Operation's alternatives.
constexpr std::array<const char*, std::variant_size_v<Operation>> kKinds{"thermometer", "lut", "threshold",
                                                                            "group_sum", "argmax"};

}  // namespace

std::uint32_t bits_per_feature(FeatureType type) { return kTypes.at(static_cast<std::size_t>(type)).bits; }

const char* feature_type_name(FeatureType type) { return kTypes.at(static_cast<std::size_t>(type)).name; }

std::uint64_t Input::feature_count() const {
  std::uint64_t count = 1;
  for (const std::uint32_t length : shape) count *= length;
  return count;
}

std::uint32_t LutLayer::table_bytes() const { return fan_in <= 3 ? 1 : 1u << (fan_in - 3); }

std::span<const std::uint32_t> LutLayer::inputs_of(std::uint32_t neuron) const {
  return std::span(inputs).subspan(std::size_t{neuron} * fan_in, fan_in);
}

std::span<const std::uint8_t> LutLayer::table_of(std::uint32_t neuron) const {
  return std::span(tables).subspan(std::size_t{neuron} * table_bytes(), table_bytes());
}

bool LutLayer::table_bit(std::uint32_t neuron, std::uint32_t address) const {
  return (table_of(neuron)[address / 8] >> (address % 8) & 1) != 0;
}

std::span<const std::int32_t> ThresholdLayer::thresholds_of(std::uint32_t neuron) const {
  return std::span(thresholds).subspan(std::size_t{neuron} * nodes(), nodes());
}

std::uint32_t Model::class_count() const {
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (layer->output == ValueKind::scores) return layer->output_count;
  }
  return 0;
}

const char* kind_name(const Operation& operation) { return kKinds.at(operation.index()); }

std::string layer_label(const Model& model, std::size_t layer) {
  const Layer& found = model.layers.at(layer);
  const std::string name = found.name.empty() ? "" : " " + io::quote(found.name);
  return fmt::format("layer {} ({}{})", layer, kind_name(found.operation), name);
}

}  // namespace lutgen::model

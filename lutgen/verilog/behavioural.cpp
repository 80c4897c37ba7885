// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/behavioural.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lutgen/truth/truth_table.hpp"
#include "lutgen/verilog/names.hpp"

namespace lutgen::verilog {
namespace {

using model::FeatureType;
using model::Layer;

/// Bits of one score: enough for the larger of all groups.
std::uint32_t score_bits(const Layer& layer) {
  const auto& sum = std::get<model::GroupSum>(layer.operation);
  return static_cast<std::uint32_t>(std::bit_width(layer.input_count / sum.groups));
}

class Writer {
 public:
  Writer(const model::Model& model, logic::InputForm input, const std::string& top)
      : model_(model), input_(input), top_(top), stage_(model.layers.size(), 0) {}

  Behavioural write() {
    const std::uint64_t width = input_width();
    line("`default_nettype none\n");
    line("module {} (\n    input  wire clk,\n    input  wire rst,\n    input  wire in_valid,", top_);
    line("    input  wire [{}:0] features,\n    output wire out_valid,\n    output wire [{}:0] {}\n);", width - 1,
         output_width() - 1, output_name());
    for (std::size_t l = 0; l < model_.layers.size(); ++l) {
      layer_ = l;
      std::visit([&](const auto& operation) { add(model_.layers[l], operation); }, model_.layers[l].operation);
    }
    if (output() == model::ValueKind::bits) line("  assign bits = y{};", layer_);
    if (output() == model::ValueKind::scores) assign_scores();
    const std::uint32_t latency = stage_.back();
    if (latency == 0) {
      line("  assign out_valid = in_valid;\nendmodule\n\n`default_nettype wire");
      return {std::move(text_), latency};
    }
    line("  reg [{}:0] valid = 0;", latency - 1);
    line("  always @(posedge clk) valid <= rst ? {}'d0 : {{valid, in_valid}};", latency);
    line("  assign out_valid = valid[{}];\nendmodule\n\n`default_nettype wire", latency - 1);
    return {std::move(text_), latency};
  }

 private:
  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_.push_back('\n');
  }

  [[nodiscard]] model::ValueKind output() const { return model_.layers.back().output; }

  [[nodiscard]] std::string_view output_name() const {
    return output() == model::ValueKind::class_index ? "class_index" : output() == model::ValueKind::scores ? "scores" : "bits";
  }

  [[nodiscard]] std::uint32_t output_width() const {
    const Layer& last = model_.layers.back();
    if (output() == model::ValueKind::class_index) return index_bits();
    return output() == model::ValueKind::scores ? last.output_count * score_bits(last) : last.output_count;
  }

  void assign_scores() {
    std::string parts;
    for (std::uint32_t g = 0; g < model_.layers.back().output_count; ++g) {
      parts = fmt::format("score{}_{}{}{}", layer_, g, parts.empty() ? "" : ", ", parts);
    }
    line("  assign scores = {{{}}};", parts);
  }

  [[nodiscard]] bool skips_encoder() const {
    return input_ == logic::InputForm::bits && model_.input.type != FeatureType::bit;
  }

  [[nodiscard]] std::uint64_t input_width() const {
    if (!skips_encoder()) return model_.input.feature_count() * model::bits_per_feature(model_.input.type);
    const auto encoder = std::find_if(model_.layers.begin(), model_.layers.end(), [](const Layer& layer) {
      return std::holds_alternative<model::Thermometer>(layer.operation);
    });
    return encoder->output_count;
  }

  [[nodiscard]] std::uint32_t index_bits() const {
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::bit_width(model_.class_count() - 1)));
  }

  /// Registers in front of a source: none for the input.
  [[nodiscard]] std::uint32_t stage_of(std::int32_t source) const {
    return source == model::kNetworkInput ? 0 : stage_[static_cast<std::size_t>(source)];
  }

  /// Declares `in<layer>`: the bits of all sources, each delayed to the latest of them.
  void gather_sources(const Layer& layer) {
    std::uint32_t stage = 0;
    for (const std::int32_t source : layer.sources) stage = std::max(stage, stage_of(source));
    std::string parts;
    for (const std::int32_t source : layer.sources) {
      const std::string name = source == model::kNetworkInput ? "features" : fmt::format("y{}", source);
      parts = name_at(name, source, stage) + (parts.empty() ? "" : ", ") + parts;
    }
    line("  wire [{}:0] in{} = {{{}}};", layer.input_count - 1, layer_, parts);
    stage_[layer_] = stage;
  }

  /// The name of a source's bits `stage` registers from the input, delayed here when needed.
  std::string name_at(std::string name, std::int32_t source, std::uint32_t stage) {
    const std::uint64_t width = source == model::kNetworkInput
                                    ? input_width()
                                    : model_.layers[static_cast<std::size_t>(source)].output_count;
    for (std::uint32_t s = stage_of(source); s < stage; ++s) {
      const std::string delayed = fmt::format("{}_for{}_d{}", name, layer_, s);
      line("  reg [{}:0] {} = 0;\n  always @(posedge clk) {} <= {};", width - 1, delayed, delayed, name);
      name = delayed;
    }
    return name;
  }

  void add(const Layer& layer, const model::Thermometer& encoder) {
    line("  wire [{}:0] y{};", layer.output_count - 1, layer_);
    if (skips_encoder()) {
      line("  assign y{} = features;", layer_);
      return;
    }
    const std::uint32_t width = model::bits_per_feature(model_.input.type);
    const bool is_signed = model_.input.type == FeatureType::i8 || model_.input.type == FeatureType::i16 ||
                           model_.input.type == FeatureType::i32;
    for (std::uint32_t i = 0; i < layer.output_count; ++i) {
      const std::uint32_t low = i / encoder.levels * width;
      const auto floor = static_cast<std::int64_t>(std::floor(encoder.thresholds[i]));
      const std::string value = fmt::format("features[{}:{}]", low + width - 1, low);
      if (is_signed) {
        line("  assign y{}[{}] = $signed({}) > {};", layer_, i, value, floor);
      } else if (floor < 0) {
        line("  assign y{}[{}] = 1'b1;", layer_, i);  // an unsigned number always exceeds it
      } else {
        line("  assign y{}[{}] = {} > {};", layer_, i, value, floor);
      }
    }
  }

  void add(const Layer& layer, const model::LutLayer& luts) {
    gather_sources(layer);
    line("  reg [{}:0] y{} = 0;", layer.output_count - 1, layer_);
    for (std::uint32_t n = 0; n < luts.neurons; ++n) {
      std::string address;
      for (const std::uint32_t input : luts.inputs_of(n)) {
        address = fmt::format("in{}[{}]{}{}", layer_, input, address.empty() ? "" : ", ", address);
      }
      const auto table = truth::TruthTable::from_bytes(static_cast<int>(luts.fan_in), luts.table_of(n));
      line("  wire [{0}:0] t{1}_{2} = {3}'h{4};\n  always @(posedge clk) y{1}[{2}] <= t{1}_{2}[{{{5}}}];",
           table.entries() - 1, layer_, n, table.entries(), table.to_hex(), address);
    }
    ++stage_[layer_];
  }

  /// Bits of threshold layers: the positive and the negative terms of a neuron are summed apart, so that everything
  /// stays unsigned, and compared once for every node of its search tree.
  void add(const Layer& layer, const model::ThresholdLayer& neurons) {
    gather_sources(layer);
    line("  reg [{}:0] y{} = 0;", layer.output_count - 1, layer_);
    for (std::uint32_t n = 0; n < neurons.neurons; ++n) {
      const std::string unit = fmt::format("{}_{}", layer_, n);
      std::uint64_t largest = add_term_sum(neurons, n, 1, "above" + unit);
      largest = std::max(largest, add_term_sum(neurons, n, -1, "below" + unit));
      line("  wire [{}:0] h{};", neurons.nodes() - 1, unit);
      for (std::uint32_t i = 0; i < neurons.nodes(); ++i) {
        const std::int64_t threshold = neurons.thresholds_of(n)[i];
        const auto bits = std::bit_width(largest + static_cast<std::uint64_t>(std::abs(threshold)));
        const std::string offset = fmt::format(" + {}'d{}", std::max(1, static_cast<int>(bits)), std::abs(threshold));
        line("  assign h{0}[{1}] = above{0}{2} > below{0}{3};", unit, i, threshold < 0 ? offset : "", threshold > 0 ? offset : "");
      }
      std::string node = "0";  // an expression: the node that gives the next bit
      for (std::uint32_t level = 0; level < neurons.levels; ++level) {
        const std::string bit = fmt::format("b{}_{}", unit, level);
        line("  wire {} = h{}[{}];\n  always @(posedge clk) y{}[{}] <= {};", bit, unit, node, layer_, n * neurons.levels + level, bit);
        node = level == 0 ? fmt::format("{} ? 2 : 1", bit) : fmt::format("b{}_0 ? ({} ? 6 : 5) : ({} ? 4 : 3)", unit, bit, bit);
      }
    }
    ++stage_[layer_];
  }

  /// Declares the sum of a neuron's terms of one sign, as a magnitude; gives the largest it can be.
  std::uint64_t add_term_sum(const model::ThresholdLayer& neurons, std::uint32_t neuron, int sign, const std::string& name) {
    std::string text;
    std::uint64_t largest = 0;
    for (std::size_t term = neurons.offsets[neuron]; term < neurons.offsets[neuron + 1]; ++term) {
      const std::int64_t weight = sign * std::int64_t{neurons.weight(term)};
      if (weight <= 0) continue;
      largest += static_cast<std::uint64_t>(weight);
      const std::string bit = fmt::format("in{}[{}]", layer_, neurons.inputs[term]);
      text += text.empty() ? "" : " + ";
      text += weight == 1 ? bit : fmt::format("({} ? 32'd{} : 32'd0)", bit, weight);
    }
    line("  wire [{}:0] {} = {};", std::max(1, static_cast<int>(std::bit_width(largest))) - 1, name, text.empty() ? "1'b0" : text);
    return largest;
  }

  void add(const Layer& layer, const model::GroupSum& sum) {
    gather_sources(layer);
    const std::uint32_t per_group = layer.input_count / sum.groups;
    const std::uint32_t bits = score_bits(layer);
    for (std::uint32_t g = 0; g < sum.groups; ++g) {
      line("  reg [{}:0] score{}_{} = 0;", bits - 1, layer_, g);
      std::string text = fmt::format("  always @(posedge clk) score{}_{} <= ", layer_, g);
      for (std::uint32_t i = 0; i < per_group; ++i) {
        text += fmt::format("{}in{}[{}]", i == 0 ? "" : " + ", layer_, g * per_group + i);
      }
      line("{};", text);
    }
    ++stage_[layer_];
  }

  void add(const Layer& layer, const model::Argmax&) {
    const auto source = static_cast<std::size_t>(layer.sources.front());
    const std::uint32_t bits = score_bits(model_.layers[source]);
    // A tournament, as a person who wants speed writes it; the left one of equal scores goes on.
    std::vector<std::pair<std::string, std::string>> players;
    for (std::uint32_t c = 0; c < model_.class_count(); ++c) {
      players.emplace_back(fmt::format("score{}_{}", source, c), fmt::format("{}'d{}", index_bits(), c));
    }
    for (std::uint32_t match = 0; players.size() > 1;) {
      std::vector<std::pair<std::string, std::string>> next;
      for (std::size_t i = 0; i + 1 < players.size(); i += 2, ++match) {
        const auto& [left, left_index] = players[i];
        const auto& [right, right_index] = players[i + 1];
        line("  wire right{} = {} > {};", match, right, left);
        line("  wire [{0}:0] best{1} = right{1} ? {2} : {3};", bits - 1, match, right, left);
        line("  wire [{0}:0] index{1} = right{1} ? {2} : {3};", index_bits() - 1, match, right_index, left_index);
        next.emplace_back(fmt::format("best{}", match), fmt::format("index{}", match));
      }
      if (players.size() % 2 != 0) next.push_back(players.back());
      players = std::move(next);
    }
    line("  reg [{}:0] class_reg = 0;\n  always @(posedge clk) class_reg <= {};\n  assign class_index = class_reg;",
         index_bits() - 1, players.front().second);
    stage_[layer_] = stage_[source] + 1;
  }

  const model::Model& model_;
  logic::InputForm input_;
  const std::string& top_;
  std::vector<std::uint32_t> stage_;  // [layers]: registers from the input to the layer's values
  std::size_t layer_ = 0;
  std::string text_;
};

}  // namespace

Result<Behavioural> print_behavioural(const model::Model& model, logic::InputForm input, const std::string& top) {
  LUTGEN_TRY_VOID(check_module_name(top));
  return Writer(model, input, top).write();
}

}  // namespace lutgen::verilog

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/networks.hpp"

#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lutgen/base/rng.hpp"

namespace lutgen::bench {

model::Model popcounts(std::uint32_t bits, std::uint32_t copies, bool is_threshold) {
  model::Model model;
  model.name = fmt::format("popcount_{}{}", is_threshold ? "threshold_" : "", bits);
  model.input = {{copies * bits}, model::FeatureType::bit};
  model.layers.resize(1);
  if (is_threshold) {
    model::ThresholdLayer layer;
    layer.neurons = copies;
    layer.inputs.resize(std::size_t{copies} * bits);
    std::iota(layer.inputs.begin(), layer.inputs.end(), 0u);
    for (std::uint32_t n = 0; n <= copies; ++n) layer.offsets.push_back(n * bits);
    layer.thresholds.assign(copies, static_cast<std::int32_t>(bits / 2) - 1);
    model.layers[0].operation = std::move(layer);
  } else {
    model.layers[0].operation = model::GroupSum{copies};
  }
  return model;
}

model::Model argmax_of_numbers(std::uint32_t score_bits) {
  model::Model model;
  model.name = fmt::format("argmax_{}", score_bits);
  model.input = {{kArgmaxClasses * score_bits}, model::FeatureType::bit};
  model::LutLayer wires;
  wires.fan_in = 1;
  for (std::uint32_t input = 0; input < kArgmaxClasses * score_bits; ++input) {
    wires.inputs.insert(wires.inputs.end(), std::size_t{1} << (input % score_bits), input);
  }
  wires.neurons = static_cast<std::uint32_t>(wires.inputs.size());
  wires.tables.assign(wires.neurons, 0b10);
  model.layers.resize(3);
  model.layers[0].operation = std::move(wires);
  model.layers[1].operation = model::GroupSum{kArgmaxClasses};
  model.layers[2].operation = model::Argmax{};
  return model;
}

verilog::Behavioural argmax_text(std::uint32_t score_bits, const std::string& top) {
  const std::uint32_t width = kArgmaxClasses * score_bits;
  std::string text = fmt::format(
      "`default_nettype none\n\nmodule {} (\n    input  wire clk,\n    input  wire rst,\n    input  wire in_valid,\n"
      "    input  wire [{}:0] features,\n    output wire out_valid,\n    output wire [3:0] class_index\n);\n",
      top, width - 1);
  std::vector<std::pair<std::string, std::string>> players;  // score, index
  for (std::uint32_t c = 0; c < kArgmaxClasses; ++c) {
    text += fmt::format("  wire [{0}:0] score{1} = features[{2}:{3}];\n", score_bits - 1, c, (c + 1) * score_bits - 1, c * score_bits);
    players.emplace_back(fmt::format("score{}", c), fmt::format("4'd{}", c));
  }
  for (std::uint32_t match = 0; players.size() > 1;) {
    std::vector<std::pair<std::string, std::string>> next;
    for (std::size_t i = 0; i + 1 < players.size(); i += 2, ++match) {
      const auto& [left, left_index] = players[i];
      const auto& [right, right_index] = players[i + 1];
      text += fmt::format("  wire right{} = {} > {};\n", match, right, left);
      text += fmt::format("  wire [{0}:0] best{1} = right{1} ? {2} : {3};\n", score_bits - 1, match, right, left);
      text += fmt::format("  wire [3:0] index{0} = right{0} ? {1} : {2};\n", match, right_index, left_index);
      next.emplace_back(fmt::format("best{}", match), fmt::format("index{}", match));
    }
    if (players.size() % 2 != 0) next.push_back(players.back());
    players = std::move(next);
  }
  text += fmt::format(
      "  reg [3:0] class_reg = 0;\n  always @(posedge clk) class_reg <= {};\n  assign class_index = class_reg;\n"
      "  reg valid = 0;\n  always @(posedge clk) valid <= rst ? 1'b0 : in_valid;\n  assign out_valid = valid;\n"
      "endmodule\n\n`default_nettype wire\n",
      players.front().second);
  return {std::move(text), 1};
}

model::Model table_network(std::uint32_t tables, std::uint64_t seed) {
  constexpr std::uint32_t kInputs = 784;
  base::Rng rng(seed);
  model::LutLayer luts;
  luts.neurons = tables;
  luts.fan_in = 6;
  for (std::uint32_t i = 0; i < tables * 6; ++i) luts.inputs.push_back(static_cast<std::uint32_t>(rng.below(kInputs)));
  for (std::uint32_t i = 0; i < tables * 8; ++i) luts.tables.push_back(static_cast<std::uint8_t>(rng.next()));
  model::Model model;
  model.name = fmt::format("tables_{}", tables);
  model.input = {{kInputs}, model::FeatureType::bit};
  model.layers.resize(3);
  model.layers[0].operation = std::move(luts);
  model.layers[1].operation = model::GroupSum{10};
  model.layers[2].operation = model::Argmax{};
  return model;
}

model::Model layer_network(std::uint32_t tables, std::uint32_t layers, std::uint64_t seed) {
  constexpr std::uint32_t kInputs = 1024;
  constexpr std::uint32_t kFanIn = 6;
  base::Rng rng(seed);
  model::Model model;
  model.name = fmt::format("layers_{}", tables);
  model.input = {{kInputs}, model::FeatureType::bit};
  std::uint32_t before = kInputs;
  for (std::uint32_t l = 0; l < layers; ++l) {
    model::LutLayer luts;
    luts.neurons = l + 1 < layers ? tables / layers : tables - tables / layers * (layers - 1);
    luts.fan_in = kFanIn;
    luts.inputs.reserve(std::size_t{luts.neurons} * kFanIn);
    luts.tables.reserve(std::size_t{luts.neurons} * 8);
    for (std::uint32_t n = 0; n < luts.neurons; ++n) {
      luts.inputs.push_back(n % before);
      for (std::uint32_t k = 1; k < kFanIn; ++k) luts.inputs.push_back(static_cast<std::uint32_t>(rng.below(before)));
      const std::uint64_t table = rng.next();
      for (int byte = 0; byte < 8; ++byte) luts.tables.push_back(static_cast<std::uint8_t>(table >> (8 * byte)));
    }
    before = luts.neurons;
    model.layers.emplace_back().operation = std::move(luts);
  }
  return model;
}

}  // namespace lutgen::bench

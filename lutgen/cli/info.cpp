// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/cli/cli.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  Common common;
};

/// How many tables really depend on 0, 1, 2, ... of their inputs.
std::vector<std::uint64_t> count_supports(const model::LutLayer& luts) {
  std::vector<std::uint64_t> counts(luts.fan_in + 1, 0);
  for (std::uint32_t n = 0; n < luts.neurons; ++n) {
    const auto table = truth::TruthTable::from_bytes(static_cast<int>(luts.fan_in), luts.table_of(n));
    ++counts[static_cast<std::size_t>(__builtin_popcount(table.support()))];
  }
  return counts;
}

/// The least and the largest weight; 1 and 1 where the model gives none, 0 and 0 without terms.
std::pair<std::int32_t, std::int32_t> weight_range(const model::ThresholdLayer& neurons) {
  if (neurons.inputs.empty()) return {0, 0};
  if (neurons.weights.empty()) return {1, 1};
  const auto [lowest, highest] = std::minmax_element(neurons.weights.begin(), neurons.weights.end());
  return {*lowest, *highest};
}

io::Json describe_layer(const model::Layer& layer) {
  io::Json json;
  json["kind"] = model::kind_name(layer.operation);
  if (!layer.name.empty()) json["name"] = layer.name;
  json["inputs"] = layer.input_count;
  json["outputs"] = layer.output_count;
  if (const auto* encoder = std::get_if<model::Thermometer>(&layer.operation)) {
    json["thresholds_per_feature"] = encoder->levels;
  } else if (const auto* luts = std::get_if<model::LutLayer>(&layer.operation)) {
    json["tables"] = luts->neurons;
    json["table_inputs"] = luts->fan_in;
    json["tables_by_support"] = count_supports(*luts);
  } else if (const auto* neurons = std::get_if<model::ThresholdLayer>(&layer.operation)) {
    const auto [lowest, highest] = weight_range(*neurons);
    json["neurons"] = neurons->neurons;
    json["bits_per_neuron"] = neurons->levels;
    json["terms"] = neurons->inputs.size();
    json["weights"] = {lowest, highest};
  } else if (const auto* sum = std::get_if<model::GroupSum>(&layer.operation)) {
    json["groups"] = sum->groups;
  }
  return json;
}

std::string layer_text(const model::Layer& layer) {
  if (const auto* encoder = std::get_if<model::Thermometer>(&layer.operation)) {
    return fmt::format("{} features x {} threshold{}", encoder->features, encoder->levels, encoder->levels == 1 ? "" : "s");
  }
  if (const auto* luts = std::get_if<model::LutLayer>(&layer.operation)) {
    std::string text = fmt::format("{} tables of {} inputs; by inputs that matter:", luts->neurons, luts->fan_in);
    const auto counts = count_supports(*luts);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      if (counts[k] != 0) text += fmt::format(" {}:{}", k, counts[k]);
    }
    return text;
  }
  if (const auto* neurons = std::get_if<model::ThresholdLayer>(&layer.operation)) {
    const auto [lowest, highest] = weight_range(*neurons);
    return fmt::format("{} neurons of {} bit{}; {} terms, weights {} to {}", neurons->neurons, neurons->levels,
                       neurons->levels == 1 ? "" : "s", neurons->inputs.size(), lowest, highest);
  }
  if (const auto* sum = std::get_if<model::GroupSum>(&layer.operation)) {
    return fmt::format("{} groups of {}", sum->groups, layer.input_count / sum->groups);
  }
  return "lowest index wins a tie";
}

io::Json describe(const model::Model& model, const std::string& hash) {
  io::Json json;
  json["name"] = model.name;
  json["sha256"] = hash;
  json["input"] = {{"shape", model.input.shape},
                   {"type", model::feature_type_name(model.input.type)},
                   {"features", model.input.feature_count()}};
  json["classes"] = model.class_count();
  json["layers"] = io::Json::array();
  for (const auto& layer : model.layers) json["layers"].push_back(describe_layer(layer));
  return json;
}

void print_table(const model::Model& model, const std::string& hash) {
  std::string shape;
  for (const auto side : model.input.shape) shape += fmt::format("{}{}", shape.empty() ? "" : " x ", side);
  fmt::print("network  {}\nsha256   {}\ninput    {} {}, {} features\nclasses  {}\n\n", model.name, hash, shape,
             model::feature_type_name(model.input.type), model.input.feature_count(), model.class_count());
  fmt::print("{:<28} {:>8} {:>8}   {}\n", "layer", "in", "out", "what");
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    fmt::print("{:<28} {:>8} {:>8}   {}\n", model::layer_label(model, l), model.layers[l].input_count,
               model.layers[l].output_count, layer_text(model.layers[l]));
  }
}

Exit run(const Options& options) {
  const auto bytes = base::read_file(options.model);
  if (!bytes) return report(bytes.error());
  const auto model = model::parse_model(*bytes, options.model);
  if (!model) return report(model.error());
  const std::string hash = base::sha256_hex(*bytes);
  if (options.common.json) {
    print(describe(*model, hash));
  } else {
    print_table(*model, hash);
  }
  return Exit::ok;
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("info", "say what a model file holds");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/layer_fault.hpp"

#include <fmt/core.h>

#include "lutgen/eval/reference.hpp"

namespace lutgen::cosim {
namespace {

/// The value that input `input` of a layer reads, from the reference.
std::int64_t source_value(const model::Model& model, const eval::Trace& trace,
                          std::span<const double> features, const model::Layer& layer,
                          std::uint32_t input) {
  for (const std::int32_t source : layer.sources) {
    if (source == model::kNetworkInput) {
      if (input < features.size()) return static_cast<std::int64_t>(features[input]);
      input -= static_cast<std::uint32_t>(features.size());
      continue;
    }
    const auto index = static_cast<std::size_t>(source);
    if (input < model.layers[index].output_count) return trace.values[index][input];
    input -= model.layers[index].output_count;
  }
  return 0;
}

void add_lut_details(const model::Model& model, const eval::Trace& trace,
                     std::span<const double> features, const model::LutLayer& lut,
                     LayerFault& fault) {
  const auto inputs = lut.inputs_of(fault.index);
  fault.inputs.assign(inputs.begin(), inputs.end());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const bool bit =
        source_value(model, trace, features, model.layers[fault.layer], inputs[k]) != 0;
    fault.input_bits.push_back(bit ? 1 : 0);
    if (bit) fault.address |= 1u << k;
  }
}

void add_threshold_details(const model::Model& model, const eval::Trace& trace, std::span<const double> features,
                           const model::ThresholdLayer& layer, LayerFault& fault) {
  const std::uint32_t neuron = fault.index / layer.levels;
  std::int64_t sum = 0;
  for (std::size_t term = layer.offsets[neuron]; term < layer.offsets[neuron + 1]; ++term) {
    sum += layer.weight(term) * source_value(model, trace, features, model.layers[fault.layer], layer.inputs[term]);
  }
  std::size_t node = 0;
  for (std::uint32_t level = 0; level < fault.index % layer.levels; ++level) {
    node = 2 * node + (sum > layer.thresholds_of(neuron)[node] ? 2 : 1);
  }
  fault.comparison = fmt::format("neuron {}, bit {}: sum {} > threshold {} (node {} of its {}; {} terms)", neuron,
                                 fault.index % layer.levels, sum, layer.thresholds_of(neuron)[node], node, layer.nodes(),
                                 layer.offsets[neuron + 1] - layer.offsets[neuron]);
}

/// What a person needs to know of the value beside its number.
void add_details(const model::Model& model, const eval::Trace& trace,
                 std::span<const double> features, LayerFault& fault) {
  const model::Operation& operation = model.layers[fault.layer].operation;
  fault.value_kind = "class";
  if (const auto* lut = std::get_if<model::LutLayer>(&operation)) {
    fault.value_kind = "neuron";
    add_lut_details(model, trace, features, *lut, fault);
  } else if (const auto* encoder = std::get_if<model::Thermometer>(&operation)) {
    fault.value_kind = "threshold bit";
    const std::uint32_t feature = fault.index / encoder->levels;
    fault.comparison = fmt::format("feature {} = {} > threshold {}", feature, features[feature],
                                   encoder->thresholds[fault.index]);
  } else if (const auto* neurons = std::get_if<model::ThresholdLayer>(&operation)) {
    fault.value_kind = "neuron bit";
    add_threshold_details(model, trace, features, *neurons, fault);
  } else if (std::holds_alternative<model::GroupSum>(operation)) {
    fault.value_kind = "group";
  }
}

}  // namespace

std::optional<LayerFault> find_layer_fault(const model::Model& model, std::span<const double> features,
                                           std::span<const verilog::LayerProbes> layers, const ReadProbe& read) {
  const eval::Trace trace = eval::evaluate_reference(model, features);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const verilog::LayerProbes& layer = layers[l];
    std::optional<LayerFault> fault;
    std::uint32_t probed = 0;
    std::uint32_t differing = 0;
    for (std::size_t i = 0; i < layer.probes.size(); ++i) {
      const verilog::Probe& probe = layer.probes[i];
      const std::optional<std::int64_t> found = read(l, i);
      if (!found) continue;
      ++probed;
      const std::int64_t expected = trace.values[layer.layer][probe.index];
      if (*found == expected) continue;
      ++differing;
      if (fault && fault->index < probe.index) continue;
      fault = LayerFault{.layer = layer.layer,
                         .layer_label = model::layer_label(model, layer.layer), .value_kind = {},
                         .index = probe.index, .expected = expected, .found = *found,
                         .nets = probe.nets, .stages = probe.stages, .inputs = {},
                         .input_bits = {}, .comparison = {}};
    }
    if (!fault) continue;
    fault->probed = probed;
    fault->differing = differing;
    add_details(model, trace, features, *fault);
    return fault;
  }
  return std::nullopt;
}

}  // namespace lutgen::cosim

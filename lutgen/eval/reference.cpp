// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/reference.hpp"

#include <algorithm>

#include "lutgen/base/result.hpp"

namespace lutgen::eval {
namespace {

using Values = std::vector<std::int64_t>;

struct Evaluator {
  std::span<const double> features;
  const Values& inputs;

  Values operator()(const model::Thermometer& encoder) const {
    Values bits;
    for (std::size_t f = 0; f < encoder.features; ++f) {
      for (std::size_t t = 0; t < encoder.levels; ++t) {
        bits.push_back(features[f] > encoder.thresholds[f * encoder.levels + t] ? 1 : 0);
      }
    }
    return bits;
  }

  Values operator()(const model::LutLayer& luts) const {
    Values bits;
    for (std::uint32_t n = 0; n < luts.neurons; ++n) {
      std::uint32_t address = 0;
      const auto sources = luts.inputs_of(n);
      for (std::size_t k = 0; k < sources.size(); ++k) {
        address |= static_cast<std::uint32_t>(inputs[sources[k]]) << k;
      }
      bits.push_back(luts.table_bit(n, address) ? 1 : 0);
    }
    return bits;
  }

  Values operator()(const model::ThresholdLayer& layer) const {
    Values bits;
    for (std::uint32_t n = 0; n < layer.neurons; ++n) {
      std::int64_t sum = 0;
      for (std::size_t term = layer.offsets[n]; term < layer.offsets[n + 1]; ++term) {
        sum += layer.weight(term) * inputs[layer.inputs[term]];
      }
      std::size_t node = 0;
      for (std::uint32_t level = 0; level < layer.levels; ++level) {
        const bool above = sum > layer.thresholds_of(n)[node];
        bits.push_back(above ? 1 : 0);
        node = 2 * node + (above ? 2 : 1);
      }
    }
    return bits;
  }

  Values operator()(const model::GroupSum& sum) const {
    Values scores(sum.groups, 0);
    const std::size_t per_group = inputs.size() / sum.groups;
    for (std::size_t i = 0; i < inputs.size(); ++i) scores[i / per_group] += inputs[i];
    return scores;
  }

  Values operator()(const model::Argmax&) const {
    // max_element gives the first of equal elements: the lowest index wins a tie.
    return {std::max_element(inputs.begin(), inputs.end()) - inputs.begin()};
  }
};

}  // namespace

std::vector<std::int64_t> layer_inputs(const model::Layer& layer, const Trace& trace, std::span<const double> features) {
  Values inputs;
  for (const std::int32_t source : layer.sources) {
    if (source == model::kNetworkInput) {
      for (const double feature : features) inputs.push_back(static_cast<std::int64_t>(feature));
    } else {
      const Values& from = trace.values[static_cast<std::size_t>(source)];
      inputs.insert(inputs.end(), from.begin(), from.end());
    }
  }
  return inputs;
}

Trace evaluate_reference(const model::Model& model, std::span<const double> features) {
  LUTGEN_CHECK(features.size() == model.input.feature_count());
  Trace trace;
  for (const model::Layer& layer : model.layers) {
    const Values inputs = layer_inputs(layer, trace, features);
    trace.values.push_back(std::visit(Evaluator{features, inputs}, layer.operation));
  }
  return trace;
}

}  // namespace lutgen::eval

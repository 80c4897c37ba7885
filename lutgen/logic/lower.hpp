// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/base/result.hpp"
#include "lutgen/logic/graph.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::logic {

/// Where the graph's inputs are: the features themselves, or the encoder's output bits.
enum class InputForm : std::uint8_t { features, bits };

/// Options of `lower`.
///
/// place  names the model in diagnostics; empty: its own name
struct LowerOptions {
  InputForm input = InputForm::features;
  std::string place = {};
};

/// A model as bits.
///
/// graph       inputs: bit b of feature f is input f*bits_per_feature + b (LSB first, integers in two's
///             complement); with InputForm::bits, input j is output bit j of the thermometer layer
/// layer_bits  [layer][value]: the bit that holds a thermometer's, lut or threshold layer's value (kNoBit: none does any
///             more, see optimize); empty otherwise
/// layer_sums  [layer][value]: the sum that holds a group_sum's value; empty otherwise
/// layer_levels [layer]: thresholds per feature of a thermometer layer, bits per neuron of a threshold layer; 1 otherwise
/// encoders    [layer]: whether it is a thermometer layer
struct Lowered {
  Graph graph;
  std::vector<std::vector<BitId>> layer_bits;
  std::vector<std::vector<SumId>> layer_sums;
  std::vector<std::uint32_t> layer_levels;
  std::vector<bool> encoders;
};

/// Turns a validated model (checked) into the logic form.
///
/// Errors   lower_float_encoder: f32 features have no encoder in logic (InputForm::bits has none to need);
///          lower_several_encoders: InputForm::bits with more than one thermometer layer
/// Cost     O(size of the model)
[[nodiscard]] Result<Lowered> lower(const model::Model& model, const LowerOptions& options);

}  // namespace lutgen::logic

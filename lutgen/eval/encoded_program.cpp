// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/encoded_program.hpp"

#include <variant>

#include "lutgen/logic/lower.hpp"

namespace lutgen::eval {
namespace {

using logic::BitId;

/// Which bits of the graph are comparisons of a feature with a threshold, or features themselves.
struct Encoding {
  std::vector<bool> is_encoded;
  std::vector<EncodedBit> bits;  // [graph.bit_count()], of meaning where is_encoded, or for an input of bit type
};

Encoding find_encoding(const model::Model& model, const logic::Lowered& lowered) {
  Encoding encoding{std::vector<bool>(lowered.graph.bit_count()), std::vector<EncodedBit>(lowered.graph.bit_count())};
  if (model.input.type == model::FeatureType::bit) {
    for (std::uint32_t id = 2; id < lowered.graph.bit_count(); ++id) {
      if (lowered.graph.kind(BitId{id}) == logic::BitKind::input) encoding.bits[id] = {lowered.graph.input_index(BitId{id}), 0.5};
    }
  }
  for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
    const auto* encoder = std::get_if<model::Thermometer>(&model.layers[layer].operation);
    if (encoder == nullptr) continue;
    for (std::size_t i = 0; i < encoder->thresholds.size(); ++i) {
      const std::uint32_t id = index_of(lowered.layer_bits[layer][i]);
      if (id < 2) continue;
      encoding.is_encoded[id] = true;
      encoding.bits[id] = {static_cast<std::uint32_t>(i / encoder->levels), encoder->thresholds[i]};
    }
  }
  return encoding;
}

}  // namespace

Result<EncodedProgram> build_encoded_program(const model::Model& model, Basis basis) {
  const bool floats = model.input.type == model::FeatureType::f32;
  LUTGEN_TRY(const logic::Lowered lowered,
             logic::lower(model, {.input = floats ? logic::InputForm::bits : logic::InputForm::features}));
  const Encoding encoding = find_encoding(model, lowered);
  EncodedProgram result{build_program(lowered.graph, encoding.is_encoded, basis), {}};
  for (const BitId input : result.graph.inputs) result.bits.push_back(encoding.bits[index_of(input)]);
  return result;
}

}  // namespace lutgen::eval

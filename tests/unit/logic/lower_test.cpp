// SPDX-License-Identifier: Apache-2.0
#include "lutgen/logic/lower.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;

namespace {

model::Model encoder_model(model::FeatureType type, std::vector<double> thresholds, model::FeatureType stored) {
  model::Model model;
  model.name = "encoder";
  model.input = {{1}, type};
  const auto levels = static_cast<std::uint32_t>(thresholds.size());
  model.layers.push_back({});
  model.layers[0].operation = model::Thermometer{1, levels, std::move(thresholds), stored};
  REQUIRE(model::validate_model(model, "encoder"));
  return model;
}

}  // namespace

TEST_CASE("a feature has one input bit for each of its bits", "[logic][lower]") {
  const auto model = encoder_model(model::FeatureType::u16, {1, 2}, model::FeatureType::i32);
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  CHECK(lowered->graph.input_count() == 16);
  CHECK(lowered->layer_bits[0].size() == 2);
  CHECK(lowered->layer_levels[0] == 2);
}

TEST_CASE("without the encoder its bits are the inputs", "[logic][lower]") {
  const auto model = encoder_model(model::FeatureType::f32, {0.5, 1.5, 2.5}, model::FeatureType::f32);
  const auto lowered = logic::lower(model, {.input = logic::InputForm::bits});
  REQUIRE(lowered);
  CHECK(lowered->graph.input_count() == 3);
}

TEST_CASE("a fraction as threshold of an integer is rounded down", "[logic][lower]") {
  const auto model = encoder_model(model::FeatureType::u8, {9.5}, model::FeatureType::f32);
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  CHECK(lowered->graph.compared_constant(lowered->layer_bits[0][0]) == 9);
}

TEST_CASE("a neuron with residual bits becomes one sum, its comparisons and a choice between them", "[logic][lower]") {
  model::Model model;
  model.name = "residual";
  model.input = {{4}, model::FeatureType::bit};
  model::ThresholdLayer layer;
  layer.neurons = 2;
  layer.levels = 2;
  layer.offsets = {0, 4, 4};
  layer.inputs = {0, 1, 2, 3};
  layer.thresholds = {1, 0, 2, -1, 5, 0};
  model.layers.resize(1);
  model.layers[0].operation = layer;
  REQUIRE(model::validate_model(model, "residual"));
  const auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  const auto& graph = lowered->graph;
  const auto& bits = lowered->layer_bits[0];
  REQUIRE(bits.size() == 4);
  CHECK(lowered->layer_levels[0] == 2);
  CHECK_FALSE(lowered->encoders[0]);
  CHECK(graph.kind(bits[0]) == logic::BitKind::compare);
  CHECK(graph.compared_constant(bits[0]) == 1);
  CHECK(graph.kind(bits[1]) == logic::BitKind::lut);
  const auto fanins = graph.fanins(bits[1]);
  REQUIRE(fanins.size() == 3);
  CHECK(graph.compared_sum(fanins[0]) == graph.compared_sum(bits[0]));
  CHECK(graph.compared_constant(fanins[0]) == 0);
  CHECK(graph.compared_constant(fanins[1]) == 2);
  CHECK(graph.origin(fanins[1]).part == 2);
  CHECK(fanins[2] == bits[0]);
  // Neuron 1 has no terms: 0 > -1 always, so node 2 decides: 0 > 0 never.
  CHECK(bits[2] == logic::BitId::one);
  CHECK(graph.fanins(bits[3])[1] == logic::BitId::zero);
}

TEST_CASE("an encoder of floats has no hardware form", "[logic][lower]") {
  const auto model = encoder_model(model::FeatureType::f32, {0.5}, model::FeatureType::f32);
  const auto lowered = logic::lower(model, {});
  REQUIRE_FALSE(lowered);
  CHECK(lowered.error().code == Code::lower_float_encoder);
}

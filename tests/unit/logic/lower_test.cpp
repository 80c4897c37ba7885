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

TEST_CASE("an encoder of floats has no hardware form", "[logic][lower]") {
  const auto model = encoder_model(model::FeatureType::f32, {0.5}, model::FeatureType::f32);
  const auto lowered = logic::lower(model, {});
  REQUIRE_FALSE(lowered);
  CHECK(lowered.error().code == Code::lower_float_encoder);
}

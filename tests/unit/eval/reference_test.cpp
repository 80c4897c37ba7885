// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/reference.hpp"

#include "tests/support/catch.hpp"
#include "lutgen/model/model_file.hpp"

using namespace lutgen;

namespace {

/// Two u8 features with one threshold each, two tables (AND, XOR), two groups of one, argmax.
model::Model tiny_model() {
  model::Model model;
  model.name = "tiny";
  model.input = {{2}, model::FeatureType::u8};
  const auto add = [&](model::Operation operation) {
    model::Layer layer;
    layer.operation = std::move(operation);
    model.layers.push_back(std::move(layer));
  };
  add(model::Thermometer{2, 1, {10, 200}, model::FeatureType::u8});
  add(model::LutLayer{2, 2, {0, 1, 0, 1}, {0b1000, 0b0110}});
  add(model::GroupSum{2});
  add(model::Argmax{});
  REQUIRE(model::validate_model(model, "tiny"));
  return model;
}

}  // namespace

TEST_CASE("a threshold is passed only by larger values", "[eval][reference]") {
  const auto model = tiny_model();
  CHECK(eval::evaluate_reference(model, std::vector<double>{10, 200}).values[0] == std::vector<std::int64_t>{0, 0});
  CHECK(eval::evaluate_reference(model, std::vector<double>{11, 201}).values[0] == std::vector<std::int64_t>{1, 1});
}

TEST_CASE("input 0 of a table is its least significant address bit", "[eval][reference]") {
  auto model = tiny_model();
  // Table 0 is 1 only at address 1: input 0 set, input 1 clear.
  std::get<model::LutLayer>(model.layers[1].operation).tables[0] = 0b0010;
  CHECK(eval::evaluate_reference(model, std::vector<double>{255, 0}).values[1][0] == 1);
  CHECK(eval::evaluate_reference(model, std::vector<double>{0, 255}).values[1][0] == 0);
}

TEST_CASE("a neuron of a threshold layer walks down its search tree", "[eval][reference]") {
  // Four bits with weights 1, 2, -4 and a repeated bit; levels 2: (t, t-m, t+m) = (0, -2, 2), as residual binarisation.
  model::Model model;
  model.name = "residual";
  model.input = {{3}, model::FeatureType::bit};
  model::ThresholdLayer layer;
  layer.neurons = 2;
  layer.levels = 2;
  layer.offsets = {0, 4, 4};
  layer.inputs = {0, 1, 2, 0};
  layer.weights = {1, 2, -4, 0};
  layer.thresholds = {0, -2, 2, -1, 7, 0};
  model.layers.resize(1);
  model.layers[0].operation = layer;
  REQUIRE(model::validate_model(model, "residual"));
  const auto bits = [&](std::vector<double> features) { return eval::evaluate_reference(model, features).values[0]; };
  // sums: 3 > 0, then 3 > 2; 1 > 0, not > 2; 0 is not > 0, but > -2; -4 is neither. Neuron 1 has no terms: 0 > -1, 0 > 0 is not.
  CHECK(bits({1, 1, 0}) == std::vector<std::int64_t>{1, 1, 1, 0});
  CHECK(bits({1, 0, 0}) == std::vector<std::int64_t>{1, 0, 1, 0});
  CHECK(bits({0, 0, 0}) == std::vector<std::int64_t>{0, 1, 1, 0});
  CHECK(bits({0, 0, 1}) == std::vector<std::int64_t>{0, 0, 1, 0});
}

TEST_CASE("the lowest index wins a tie", "[eval][reference]") {
  const auto model = tiny_model();
  CHECK(eval::evaluate_reference(model, std::vector<double>{0, 0}).values[3][0] == 0);      // 0 : 0
  CHECK(eval::evaluate_reference(model, std::vector<double>{255, 0}).values[3][0] == 1);    // 0 : 1
  CHECK(eval::evaluate_reference(model, std::vector<double>{255, 255}).values[3][0] == 0);  // 1 : 0
}

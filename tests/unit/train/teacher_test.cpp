// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/teacher.hpp"

#include <cmath>
#include <numeric>

#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/train/train.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// Two features, two classes: class c counts two tables that are feature c, and feature c and not the other.
model::Model two_classes() {
  model::LutLayer luts;
  luts.neurons = 4;
  luts.fan_in = 2;
  luts.inputs = {0, 1, 0, 1, 1, 0, 1, 0};
  luts.tables = {0b1010, 0b0010, 0b1010, 0b0010};
  model::Thermometer thermometer;
  thermometer.features = 2;
  thermometer.levels = 1;
  thermometer.thresholds = {10, 20};
  model::Model model;
  model.name = "two";
  model.input = {{2}, model::FeatureType::u8};
  model.layers.resize(4);
  model.layers[0].operation = thermometer;
  model.layers[1].operation = luts;
  model.layers[2].operation = model::GroupSum{2};
  model.layers[3].operation = model::Argmax{};
  REQUIRE(model::validate_model(model, model.name));
  return model;
}

const std::vector<float> kValues = {10.5F, 0, 0, 30, 11, 21, 0, 0};  // scores: 2 0; 0 2; 1 1; 0 0

}  // namespace

TEST_CASE("a teacher answers with the softmax of its scores", "[train][teacher]") {
  const model::Model model = two_classes();
  const auto teacher = train::Teacher::make({&model, 1}, 2, 2);
  REQUIRE(teacher);
  const std::vector<float> answers = teacher->answer(kValues, 4, 2);
  REQUIRE(answers.size() == 8);
  const double likely = 1 / (1 + std::exp(-2.0));
  CHECK(std::abs(answers[0] - likely) < 1e-6);
  CHECK(std::abs(answers[1] - (1 - likely)) < 1e-6);
  CHECK(std::abs(answers[3] - likely) < 1e-6);
  CHECK(answers[4] == 0.5F);
  CHECK(answers[7] == 0.5F);
}

TEST_CASE("a teacher's temperature is that of the least cross entropy", "[train][teacher]") {
  const model::Model model = two_classes();
  auto teacher = train::Teacher::make({&model, 1}, 2, 2);
  REQUIRE(teacher);
  // Of samples that it scores 2 to 0, three of four are of that class: p = 3/4, so 2 / t = log 3.
  const std::vector<float> values = {11, 0, 11, 0, 11, 0, 11, 0};
  teacher->calibrate(values, std::vector<std::int64_t>{0, 0, 1, 0}, 1);
  CHECK(std::abs(teacher->temperatures()[0] - 2 / std::log(3.0)) < 1e-4);
  CHECK(std::abs(teacher->answer(values, 4, 1)[0] - 0.75) < 1e-4);
}

TEST_CASE("several teachers answer with the mean of what they say", "[train][teacher]") {
  model::Model other = two_classes();
  std::get<model::Thermometer>(other.layers[0].operation).thresholds = {255, 255};  // says nothing
  const std::vector<model::Model> models = {two_classes(), other};
  const auto teacher = train::Teacher::make(models, 2, 2);
  REQUIRE(teacher);
  CHECK(std::abs(teacher->answer(kValues, 4, 1)[0] - (1 / (1 + std::exp(-2.0)) + 0.5) / 2) < 1e-6);
}

TEST_CASE("a teacher of other data is refused", "[train][teacher]") {
  const model::Model model = two_classes();
  for (const auto& [features, classes] : {std::pair{3U, 2U}, {2U, 3U}}) {
    const auto teacher = train::Teacher::make({&model, 1}, features, classes);
    REQUIRE_FALSE(teacher);
    CHECK(teacher.error().code == Code::train_bad_teacher);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/drawn_samples.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

model::Model encoder_of(model::FeatureType type, std::vector<double> thresholds, std::uint32_t levels) {
  model::Model model;
  const auto features = static_cast<std::uint32_t>(thresholds.size()) / levels;
  model.input = {{features}, type};
  model::Layer layer;
  layer.operation = model::Thermometer{features, levels, std::move(thresholds), type};
  layer.sources = {model::kNetworkInput};
  model.layers.push_back(std::move(layer));
  return model;
}

/// How often each threshold's bit is 1, in order.
std::vector<int> ones(const model::Model& model, const data::Dataset& samples) {
  const auto& encoder = std::get<model::Thermometer>(model.layers[0].operation);
  std::vector<int> counts(encoder.thresholds.size(), 0);
  for (std::size_t s = 0; s < samples.sample_count(); ++s) {
    for (std::size_t t = 0; t < counts.size(); ++t) counts[t] += samples.feature(s, t / encoder.levels) > encoder.thresholds[t];
  }
  return counts;
}

}  // namespace

TEST_CASE("drawn samples make every encoder bit that can change 0 and 1", "[eval][drawn_samples]") {
  using model::FeatureType;
  for (const auto& model : {encoder_of(FeatureType::u8, {0, 254, 10, 200, 127, 128}, 2),
                            encoder_of(FeatureType::i32, {-5, 1000000, 7, -70000}, 1),
                            encoder_of(FeatureType::f32, {0.25, -1e30, 3.5, 0.0}, 2)}) {
    const data::Dataset samples = eval::draw_samples(model, 200, 1);
    CHECK(samples.sample_count() == 200);
    for (const int count : ones(model, samples)) {
      CHECK(count > 20);
      CHECK(count < 180);
    }
  }
}

TEST_CASE("a threshold that no value is above gives 0, the same seed the same samples", "[eval][drawn_samples]") {
  const auto model = encoder_of(model::FeatureType::u8, {255, 3}, 1);
  const data::Dataset samples = eval::draw_samples(model, 50, 7);
  CHECK(ones(model, samples)[0] == 0);
  CHECK(samples.features == eval::draw_samples(model, 50, 7).features);
  CHECK(samples.features != eval::draw_samples(model, 50, 8).features);
}

TEST_CASE("drawn samples have values of their type, whatever the thresholds", "[eval][drawn_samples]") {
  const auto model = encoder_of(model::FeatureType::i8, {-200, -129, 127, 300}, 1);
  const data::Dataset samples = eval::draw_samples(model, 50, 7);
  for (std::size_t s = 0; s < 50; ++s) {
    for (std::size_t f = 0; f < 4; ++f) CHECK(std::abs(samples.feature(s, f) + 0.5) <= 127.5);
  }
  CHECK(ones(model, samples) == std::vector<int>{50, 50, 0, 0});
}

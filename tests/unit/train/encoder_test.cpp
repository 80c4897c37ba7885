// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/encoder.hpp"

#include "lutgen/data/synthetic_digits.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

data::Dataset numbers(data::FloatFeatures values, std::uint32_t features) {
  data::Dataset dataset;
  dataset.shape = {features};
  dataset.labels.assign(values.size() / features, 0);
  dataset.features = std::move(values);
  dataset.class_count = 2;
  return dataset;
}

}  // namespace

TEST_CASE("one level of bytes is the top bit", "[train][encoder]") {
  const data::Dataset digits = data::make_synthetic_digits(1, data::Split::train, 500);
  const train::Encoder encoder = train::make_encoder(digits, {});
  CHECK(encoder.type == model::FeatureType::u8);
  REQUIRE(encoder.thermometer.thresholds.size() == 784);
  for (const double threshold : encoder.thermometer.thresholds) CHECK(threshold == 127);
  CHECK(encoder.live.size() > 200);
  CHECK(encoder.live.size() < 784);  // corners are always background
  const train::Encoder three = train::make_encoder(digits, {.levels = 3});
  CHECK(three.thermometer.thresholds[0] == 63);
  CHECK(three.thermometer.thresholds[1] == 127);
  CHECK(three.thermometer.thresholds[2] == 191);
}

TEST_CASE("values of 0 to 16 have thresholds of few bits", "[train][encoder]") {
  data::Dataset dataset;
  dataset.shape = {1};
  dataset.class_count = 2;
  data::ByteFeatures values;
  for (std::uint8_t s = 0; s < 17; ++s) values.push_back(s);
  dataset.labels.assign(17, 0);
  dataset.features = values;
  const train::Encoder encoder = train::make_encoder(dataset, {.levels = 7});
  CHECK(encoder.thermometer.thresholds == std::vector<double>{1, 3, 5, 7, 9, 11, 13});
  CHECK(encoder.live.size() == 7);
}

TEST_CASE("quantiles divide the values of each feature", "[train][encoder]") {
  data::FloatFeatures values;
  for (int s = 0; s < 100; ++s) values.insert(values.end(), {static_cast<float>(s) / 10, s < 50 ? -1.5F : 2.5F});
  const train::Encoder encoder = train::make_encoder(numbers(values, 2), {.levels = 3, .quantiles = true});
  CHECK(encoder.type == model::FeatureType::f32);
  REQUIRE(encoder.ones.size() == 6);
  CHECK(encoder.ones[0] == Approx(0.75));
  CHECK(encoder.ones[1] == Approx(0.5));
  CHECK(encoder.ones[2] == Approx(0.25));
  // Of the other feature's three bits the first is enough.
  CHECK(encoder.ones[3] == Approx(0.5));
  CHECK(encoder.live == std::vector<std::uint32_t>{0, 1, 2, 3});
}

TEST_CASE("a sample's bits are its comparisons", "[train][encoder]") {
  data::FloatFeatures values;
  for (int s = 0; s < 100; ++s) values.push_back(static_cast<float>(s));
  const train::Encoder encoder = train::make_encoder(numbers(values, 1), {.levels = 4, .quantiles = true});
  REQUIRE(encoder.live.size() == 4);
  for (const float value : {0.0F, 19.0F, 20.0F, 45.0F, 99.0F}) {
    std::vector<std::uint8_t> bits(8, 9);
    train::encode_sample(encoder, std::vector<float>{value}, bits.data(), 2);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(bits[2 * i] == (static_cast<double>(value) > encoder.thermometer.thresholds[i] ? 1 : 0));
      CHECK(bits[2 * i + 1] == 9);
    }
  }
}

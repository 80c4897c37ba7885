// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/synthetic_digits.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

const data::ByteFeatures& bytes_of(const data::Dataset& dataset) {
  return std::get<data::ByteFeatures>(dataset.features);
}

/// Share of `test` whose nearest class mean of `train` is its own.
double nearest_mean_accuracy(const data::Dataset& train, const data::Dataset& test) {
  const std::size_t features = train.feature_count();
  std::vector<std::vector<double>> means(train.class_count, std::vector<double>(features));
  std::vector<double> counts(train.class_count);
  for (std::size_t s = 0; s < train.sample_count(); ++s) {
    ++counts[train.labels[s]];
    for (std::size_t f = 0; f < features; ++f) means[train.labels[s]][f] += train.feature(s, f);
  }
  std::size_t right = 0;
  for (std::size_t s = 0; s < test.sample_count(); ++s) {
    std::vector<double> distance(train.class_count);
    for (std::size_t c = 0; c < distance.size(); ++c) {
      for (std::size_t f = 0; f < features; ++f) {
        const double off = test.feature(s, f) - means[c][f] / counts[c];
        distance[c] += off * off;
      }
    }
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    right += static_cast<std::size_t>(nearest) == test.labels[s];
  }
  return static_cast<double>(right) / static_cast<double>(test.sample_count());
}

}  // namespace

TEST_CASE("drawn digits look like their classes", "[data][synthetic_digits]") {
  const auto train = data::make_synthetic_digits(1, data::Split::train, 2000);
  const auto test = data::make_synthetic_digits(1, data::Split::test, 1000);
  CHECK(train.class_count == 10);
  CHECK(nearest_mean_accuracy(train, test) > 0.7);
}

TEST_CASE("drawn digits are the same bytes everywhere", "[data][synthetic_digits]") {
  const auto digits = data::make_synthetic_digits(1, data::Split::test, 100);
  const auto& bytes = bytes_of(digits);
  CHECK(base::sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}).substr(0, 16) == "226ec9291e7e04cf");
}

TEST_CASE("a drawn digit depends on seed, split and number only", "[data][synthetic_digits][property]") {
  test::property([](std::uint64_t seed) {
    const auto index = *rc::gen::inRange<std::size_t>(0, 20);
    const auto digit = data::draw_digit(seed, data::Split::train, index);
    const auto set = data::make_synthetic_digits(seed, data::Split::train, index + 1);
    RC_ASSERT(set.labels[index] == digit.label);
    RC_ASSERT(std::equal(digit.pixels.begin(), digit.pixels.end(), bytes_of(set).end() - 784));
    RC_ASSERT(data::draw_digit(seed, data::Split::test, index).pixels != digit.pixels);
    RC_ASSERT(data::draw_digit(seed + 1, data::Split::train, index).pixels != digit.pixels);
    RC_ASSERT(data::draw_digit(seed, data::Split::train, index + 1).pixels != digit.pixels);
    const auto ink = std::count_if(digit.pixels.begin(), digit.pixels.end(), [](std::uint8_t pixel) { return pixel > 128; });
    RC_ASSERT(ink > 15 && ink < 300);
  });
}

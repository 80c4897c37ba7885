// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/hold_out.hpp"

#include <numeric>
#include <set>

#include "lutgen/data/synthetic_digits.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// 100 samples of two features; the first is the sample's number.
data::Dataset numbered() {
  data::Dataset dataset;
  dataset.name = "numbered";
  dataset.split = data::Split::train;
  dataset.shape = {2};
  dataset.class_count = 5;
  data::FloatFeatures features;
  for (std::uint32_t s = 0; s < 100; ++s) {
    features.insert(features.end(), {static_cast<float>(s), 0.5F});
    dataset.labels.push_back(s % 5);
  }
  dataset.features = features;
  return dataset;
}

std::set<int> numbers(const data::Dataset& part) {
  std::set<int> found;
  for (std::size_t s = 0; s < part.sample_count(); ++s) {
    const int number = static_cast<int>(part.feature(s, 0));
    CHECK(part.labels[s] == static_cast<std::uint32_t>(number % 5));
    CHECK(part.feature(s, 1) == 0.5);
    if (!found.empty()) CHECK(number > *found.rbegin());
    found.insert(number);
  }
  return found;
}

}  // namespace

TEST_CASE("a held-out part and the rest are the data set, once each", "[data]") {
  const data::Dataset dataset = numbered();
  const data::HeldOut held = data::hold_out(dataset, 0.3, 7);
  CHECK(held.validation.sample_count() == 30);
  CHECK(held.training.class_count == 5);
  std::set<int> all = numbers(held.training);
  all.merge(numbers(held.validation));
  CHECK(all.size() == 100);
  CHECK(held.training.sample_count() + held.validation.sample_count() == 100);
  CHECK(numbers(data::hold_out(dataset, 0.3, 7).validation) == numbers(held.validation));
  CHECK(numbers(data::hold_out(dataset, 0.3, 8).validation) != numbers(held.validation));
  CHECK(data::hold_out(dataset, 0, 1).validation.sample_count() == 0);
}

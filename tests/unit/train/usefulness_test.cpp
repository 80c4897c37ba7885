// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/usefulness.hpp"

#include <cmath>

#include "lutgen/base/rng.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

constexpr std::int64_t kTables = 12;
constexpr std::int64_t kClasses = 3;
constexpr std::int64_t kSamples = 500;
constexpr double kTemperature = 8;  // large: the series is cut off after the second order

/// Mean cross entropy of the counts, where table `at` (if it is one) is its mean.
double loss(const torch::Tensor& outputs, const torch::Tensor& labels, std::int64_t at) {
  torch::Tensor changed = outputs.clone();
  if (at >= 0) changed[at] = changed[at].mean().expand({kSamples});
  const torch::Tensor counts = changed.view({kClasses, kTables / kClasses, kSamples}).sum(1);
  return torch::nn::functional::cross_entropy(counts.t() / kTemperature, labels).item<double>();
}

}  // namespace

TEST_CASE("what a table is worth is what the loss would rise by without it", "[train][usefulness]") {
  base::Rng rng(7);
  torch::Tensor outputs = torch::empty({kTables, kSamples}, torch::kDouble);
  torch::Tensor labels = torch::empty({kSamples}, torch::kInt64);
  for (std::int64_t s = 0; s < kSamples; ++s) {
    labels[s] = static_cast<std::int64_t>(rng.below(kClasses));
    for (std::int64_t t = 0; t < kTables; ++t) {
      // The first tables of a class know most, the last one of each says the opposite of what is right.
      const bool is_own = t / (kTables / kClasses) == labels[s].item<std::int64_t>();
      const double certainty = 0.9 - 0.25 * static_cast<double>(t % (kTables / kClasses));
      outputs[t][s] = (rng.unit() < certainty) == is_own ? 1.0 : 0.0;
    }
  }
  const torch::Tensor counts = outputs.view({kClasses, kTables / kClasses, kSamples}).sum(1);
  const torch::Tensor p = torch::softmax(counts / kTemperature, 0);
  const torch::Tensor target = torch::nn::functional::one_hot(labels, kClasses).t();
  train::Usefulness usefulness(kTables, kClasses);
  // In two parts, as batches.
  for (const auto& [from, to] : {std::pair{0, 200}, {200, 500}}) {
    const auto part = [&, from = from, to = to](const torch::Tensor& all) { return all.slice(1, from, to).contiguous(); };
    usefulness.add(part(outputs), part((p - target) / kTemperature), part(p * (1 - p) / (kTemperature * kTemperature)));
  }
  const std::vector<double> rises = usefulness.rises();
  const std::vector<double> means = usefulness.means();
  const double whole = loss(outputs, labels, -1);
  for (std::int64_t t = 0; t < kTables; ++t) {
    const auto at = static_cast<std::size_t>(t);
    const double rise = loss(outputs, labels, t) - whole;
    CHECK(std::abs(rises[at] - rise) < 0.03 * std::abs(rise) + 1e-5);
    CHECK(std::abs(means[at] - outputs[t].mean().item<double>()) < 1e-12);
  }
  CHECK(rises[0] > rises[1]);
  CHECK(rises[3] < 0);
  usefulness.clear();
  usefulness.add(outputs, torch::zeros_like(p), torch::zeros_like(p));
  CHECK(usefulness.rises()[0] == 0);
}

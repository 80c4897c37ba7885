// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_kernels.hpp"

#include "lutgen/base/rng.hpp"
#include "lutgen/train/lut_reference.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/train/lut_example.hpp"

using namespace lutgen;
using Example = test::LutExample;
using Step = test::LutStep;
using train::LutBatch;

namespace {

Step run_kernels(const Example& example, float soft, std::size_t threads) {
  Step step(example.batch);
  train::forward_luts(example.batch, example.bits.data(), example.inputs.data(), example.tables.data(), step.addresses.data(),
                      step.outputs.data(), threads);
  train::backward_luts(example.batch, step.addresses.data(), example.tables.data(), soft, example.upstream.data(),
                       step.table_gradients.data(), step.slot_gradients.data(), threads);
  return step;
}

}  // namespace

TEST_CASE("the kernels give what the plain loops give, bit for bit, with any number of threads", "[train][property]") {
  test::property([](std::uint64_t seed) {
    const Example example(seed);
    const float soft = *rc::gen::element(0.0F, 0.5F, 1.0F);
    const Step plain = test::run_reference(example, soft);
    RC_ASSERT(run_kernels(example, soft, 1) == plain);
    RC_ASSERT(run_kernels(example, soft, 3) == plain);
  });
}

TEST_CASE("gradients are those of the multilinear extension, checked by differences", "[train][property]") {
  test::property([](std::uint64_t seed) {
    const Example example(seed);
    const LutBatch& batch = example.batch;
    const Step step = run_kernels(example, 1, 1);
    base::Rng rng(seed);
    const std::size_t n = rng.below(batch.neurons);
    std::vector<double> values;  // an entry t counts as (t + 1) / 2
    for (std::size_t a = 0; a < batch.entries(); ++a) values.push_back((static_cast<double>(example.tables[n * batch.entries() + a]) + 1) / 2);
    constexpr double kStep = 1e-3;
    std::vector<double> by_entry(batch.entries(), 0.0);
    for (std::size_t s = 0; s < batch.samples; ++s) {
      const double up = static_cast<double>(example.upstream[n * batch.samples + s]);
      std::vector<double> x;
      for (std::size_t k = 0; k < batch.fan_in; ++k) x.push_back(example.bits[example.inputs[n * batch.fan_in + k] * batch.samples + s]);
      for (std::size_t k = 0; k < batch.fan_in; ++k) {
        std::vector<double> more = x;
        std::vector<double> less = x;
        more[k] += kStep;
        less[k] -= kStep;
        const double slope = (train::multilinear(values, more) - train::multilinear(values, less)) / (2 * kStep);
        RC_ASSERT(std::abs(up * slope - static_cast<double>(step.slot_gradients[(n * batch.fan_in + k) * batch.samples + s])) < 1e-5);
      }
      for (std::size_t a = 0; a < batch.entries(); ++a) {
        std::vector<double> more = values;
        more[a] += kStep / 2;  // t moves by kStep
        by_entry[a] += up * (train::multilinear(more, x) - train::multilinear(values, x)) / kStep;
      }
    }
    for (std::size_t a = 0; a < batch.entries(); ++a) {
      RC_ASSERT(std::abs(by_entry[a] - static_cast<double>(step.table_gradients[n * batch.entries() + a])) < 1e-3);
    }
  });
}

TEST_CASE("a feature's gradient is the sum over its readers", "[train]") {
  const Example example(11);
  const LutBatch& batch = example.batch;
  const Step step = run_kernels(example, 0.5F, 1);
  std::vector<float> sums(example.features * batch.samples, -1.0F);
  train::gather_feature_gradients(batch, example.inputs.data(), step.slot_gradients.data(), example.features, sums.data(), 2);
  for (std::size_t f = 0; f < example.features; ++f) {
    float expected = 0;
    for (std::size_t slot = 0; slot < example.inputs.size(); ++slot) {
      if (example.inputs[slot] == f) expected += step.slot_gradients[slot * batch.samples];
    }
    CHECK(sums[f * batch.samples] == expected);
  }
}

TEST_CASE("the multilinear extension is the table at its corners and linear between", "[train]") {
  const std::vector<double> values = {0, 1, 2, 7};
  CHECK(train::multilinear(values, std::vector<double>{1, 0}) == 1);
  CHECK(train::multilinear(values, std::vector<double>{1, 1}) == 7);
  CHECK(train::multilinear(values, std::vector<double>{0.5, 0}) == 0.5);
  CHECK(train::multilinear(values, std::vector<double>{0.5, 0.5}) == 2.5);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_cuda_body.hpp"

#include <cmath>

#include "lutgen/train/lut_kernels.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/train/emulated_device.hpp"
#include "tests/unit/train/lut_example.hpp"

using namespace lutgen;
using test::EmulatedDevice;
using test::LutExample;
using test::LutStep;
using train::LutBatch;

namespace {

LutStep run_emulated(const LutExample& example, float soft, std::uint64_t order) {
  const EmulatedDevice device(order);
  const LutBatch& batch = example.batch;
  LutStep step(batch);
  const std::vector<float> bits(example.bits.begin(), example.bits.end());
  const std::vector<std::int64_t> inputs(example.inputs.begin(), example.inputs.end());
  CHECK(device.forward({batch.neurons, batch.fan_in, batch.samples, bits.data(), inputs.data(), example.tables.data(), step.addresses.data(),
                        step.outputs.data()}) == 0);
  CHECK(device.backward({batch.neurons, batch.fan_in, batch.samples, soft, step.addresses.data(), example.tables.data(), example.upstream.data(),
                         step.table_gradients.data(), step.slot_gradients.data()}) == 0);
  return step;
}

/// Whether table gradients differ by no more than sums in another order do, and all else not at all.
bool is_as_reference(const LutExample& example, float soft, const LutStep& step) {
  const LutStep expected = test::run_reference(example, soft);
  const double bound = 1e-7 * static_cast<double>(example.batch.samples) * std::sqrt(static_cast<double>(example.batch.samples));
  for (std::size_t i = 0; i < expected.table_gradients.size(); ++i) {
    if (!(std::abs(static_cast<double>(step.table_gradients[i]) - static_cast<double>(expected.table_gradients[i])) <= bound)) return false;
  }
  return step.addresses == expected.addresses && step.outputs == expected.outputs && step.slot_gradients == expected.slot_gradients;
}

}  // namespace

TEST_CASE("the CUDA kernels' code gives the plain loops' bits and gradients, for all fan-ins and any number of samples", "[train][cuda]") {
  for (std::uint32_t fan_in = 1; fan_in <= 6; ++fan_in) {
    for (const std::size_t samples : {1U, 2U, 31U, 32U, 33U, 100U, 255U, 256U, 257U, 513U}) {
      const LutExample example(fan_in * 1000 + samples, LutBatch{5, fan_in, samples});
      CHECK(is_as_reference(example, 0.5F, run_emulated(example, 0.5F, samples)));
    }
  }
}

TEST_CASE("the order in which threads come changes no bit of what the CUDA kernels' code gives", "[train][cuda][property]") {
  test::property([](std::uint64_t seed) {
    const LutExample example(seed);
    const float soft = *rc::gen::element(0.0F, 0.5F, 1.0F);
    const LutStep step = run_emulated(example, soft, seed);
    RC_ASSERT(is_as_reference(example, soft, step));
    RC_ASSERT(run_emulated(example, soft, seed + 1) == step);
  });
}

TEST_CASE("the CUDA kernels' code adds up the readers of a feature as the processor's does", "[train][cuda][property]") {
  test::property([](std::uint64_t seed) {
    const LutExample example(seed);
    const LutStep step = test::run_reference(example, 0.5F);
    std::vector<float> expected(example.features * example.batch.samples);
    train::gather_feature_gradients(example.batch, example.inputs.data(), step.slot_gradients.data(), example.features, expected.data(), 1);
    std::vector<std::int64_t> starts = {0};
    std::vector<std::int64_t> slots;
    for (std::size_t f = 0; f < example.features; ++f) {
      for (std::size_t slot = 0; slot < example.inputs.size(); ++slot) {
        if (example.inputs[slot] == f) slots.push_back(static_cast<std::int64_t>(slot));
      }
      starts.push_back(static_cast<std::int64_t>(slots.size()));
    }
    std::vector<float> sums(expected.size(), -1.0F);
    RC_ASSERT(EmulatedDevice(seed).gather({example.features, example.batch.samples, starts.data(), slots.data(), step.slot_gradients.data(), sums.data()}) == 0);
    RC_ASSERT(sums == expected);
  });
}

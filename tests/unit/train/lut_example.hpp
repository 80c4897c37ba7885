// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/train/lut_batch.hpp"
#include "lutgen/train/lut_reference.hpp"

namespace lutgen::test {

/// A random LUT layer and batch.
struct LutExample {
  train::LutBatch batch;
  std::size_t features = 0;
  std::vector<std::uint8_t> bits;
  std::vector<std::uint32_t> inputs;
  std::vector<float> tables;
  std::vector<float> upstream;

  /// Extents by the seed, too.
  explicit LutExample(std::uint64_t seed) {
    base::Rng rng(seed);
    batch = {static_cast<std::uint32_t>(1 + rng.below(40)), static_cast<std::uint32_t>(1 + rng.below(6)), 1 + rng.below(300)};
    fill(rng);
  }
  LutExample(std::uint64_t seed, const train::LutBatch& extents) : batch(extents) {
    base::Rng rng(seed);
    fill(rng);
  }

 private:
  void fill(base::Rng& rng) {
    features = 6 + rng.below(50);
    const auto number = [&] { return static_cast<float>(2 * rng.unit() - 1); };
    for (std::size_t i = 0; i < features * batch.samples; ++i) bits.push_back(static_cast<std::uint8_t>(rng.below(2)));
    for (std::size_t i = 0; i < std::size_t{batch.neurons} * batch.fan_in; ++i) inputs.push_back(static_cast<std::uint32_t>(rng.below(features)));
    for (std::size_t i = 0; i < batch.neurons * batch.entries(); ++i) tables.push_back(number());
    for (std::size_t i = 0; i < batch.neurons * batch.samples; ++i) upstream.push_back(number());
  }
};

/// Everything that a step of it gives.
struct LutStep {
  std::vector<std::uint8_t> addresses;
  std::vector<float> outputs;
  std::vector<float> table_gradients;
  std::vector<float> slot_gradients;

  explicit LutStep(const train::LutBatch& batch)
      : addresses(batch.neurons * batch.samples),
        outputs(addresses.size()),
        table_gradients(batch.neurons * batch.entries()),
        slot_gradients(addresses.size() * batch.fan_in) {}

  friend bool operator==(const LutStep&, const LutStep&) = default;
};

/// By the plain loops.
inline LutStep run_reference(const LutExample& example, float soft) {
  LutStep step(example.batch);
  train::forward_luts_reference(example.batch, example.bits.data(), example.inputs.data(), example.tables.data(), step.addresses.data(),
                                step.outputs.data());
  train::backward_luts_reference(example.batch, step.addresses.data(), example.tables.data(), soft, example.upstream.data(),
                                 step.table_gradients.data(), step.slot_gradients.data());
  return step;
}

}  // namespace lutgen::test

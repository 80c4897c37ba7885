// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <numeric>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/train/lut_cuda_body.hpp"

namespace lutgen::test {

/// A GPU played by the processor: the CUDA kernels' own code, block after block, and between two barriers thread after thread in an
/// order drawn from the seed. A block's shared memory is no number before it is written. What it cannot show: launches, and
/// barriers that lut_cuda.cu lacks.
class EmulatedDevice final : public train::LutDevice {
 public:
  explicit EmulatedDevice(std::uint64_t seed) : rng_(seed) {}

  int forward(const train::LutForward& step) const override {
    for_samples(step.neurons, step.samples, [&](std::uint64_t n, std::uint64_t s) { train::body::look_up(step, n, s); });
    return 0;
  }

  int backward(const train::LutBackward& step) const override {
    std::vector<float> bins(train::body::kBins);
    for (std::uint64_t n = 0; n < step.neurons; ++n) {
      std::fill(bins.begin(), bins.end(), std::numeric_limits<float>::quiet_NaN());
      for_threads(train::body::kSumThreads, [&](std::uint32_t t) { train::body::add_own_samples(step, n, t, bins.data()); });
      for (std::uint32_t width = train::body::kSumThreads / 2; width > 0; width /= 2) {
        for_threads(train::body::kSumThreads, [&](std::uint32_t t) { train::body::fold_bins(step, width, t, bins.data()); });
      }
      for_threads(train::body::kSumThreads, [&](std::uint32_t t) { train::body::write_table_gradients(step, n, t, bins.data()); });
    }
    for_samples(step.neurons, step.samples, [&](std::uint64_t n, std::uint64_t s) { train::body::write_slot_gradients(step, n, s); });
    return 0;
  }

  int gather(const train::LutGather& step) const override {
    for_samples(step.features, step.samples, [&](std::uint64_t f, std::uint64_t s) { train::body::add_readers(step, f, s); });
    return 0;
  }

 private:
  /// Calls `body(thread)` for every thread of a block.
  template <class Body>
  void for_threads(std::uint32_t threads, Body&& body) const {
    std::vector<std::uint32_t> order(threads);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = threads; i > 1; --i) std::swap(order[i - 1], order[rng_.below(i)]);
    for (const std::uint32_t thread : order) body(thread);
  }

  /// Calls `body(row, sample)` as blocks of kSampleThreads do that have a row and a part of the samples each.
  template <class Body>
  void for_samples(std::uint64_t rows, std::uint64_t samples, Body&& body) const {
    constexpr std::uint64_t threads = train::body::kSampleThreads;
    for (std::uint64_t row = 0; row < rows; ++row) {
      for (std::uint64_t block = 0; block < (samples + threads - 1) / threads; ++block) {
        for_threads(threads, [&](std::uint32_t thread) {
          if (block * threads + thread < samples) body(row, block * threads + thread);
        });
      }
    }
  }

  mutable base::Rng rng_;
};

}  // namespace lutgen::test

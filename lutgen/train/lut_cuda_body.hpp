// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/train/lut_device.hpp"

/// Before functions that run on the processor (in tests) and on a GPU. C++ has no other way to say it to both compilers.
#if defined(__CUDACC__)
#define LUTGEN_ANYWHERE __host__ __device__
#else
#define LUTGEN_ANYWHERE
#endif

/// What each thread of the CUDA kernels computes. `lut_cuda.cu` has only the launches and the barriers; the rest is here, so that it
/// can be tested without a GPU.
namespace lutgen::train::body {

/// Threads of a block that adds up the table gradients of one neuron, a power of two: one warp. With 64 entries their sums take 8 KiB
/// of the 48 KiB of shared memory that a block has everywhere (CUDA C++ Programming Guide, "Technical Specifications per Compute
/// Capability"), and each thread of a batch of 256 samples has eight samples and 64 sums. Thread t's sums are all in bank t.
inline constexpr std::uint32_t kSumThreads = 32;
/// Sums that such a block holds: [64 entries][kSumThreads].
inline constexpr std::uint32_t kBins = 64 * kSumThreads;
/// Threads of a block of all other kernels, one a sample.
inline constexpr std::uint32_t kSampleThreads = 256;

/// One neuron and one sample of the forward step. Cost O(fan_in).
LUTGEN_ANYWHERE inline void look_up(const LutForward& step, std::uint64_t neuron, std::uint64_t sample) {
  std::uint32_t address = 0;
  for (std::uint32_t k = 0; k < step.fan_in; ++k) {
    const auto feature = static_cast<std::uint64_t>(step.inputs[neuron * step.fan_in + k]);
    if (step.bits[feature * step.samples + sample] > 0.5F) address |= 1U << k;
  }
  step.addresses[neuron * step.samples + sample] = static_cast<std::uint8_t>(address);
  step.outputs[neuron * step.samples + sample] = step.tables[(neuron << step.fan_in) + address] > 0 ? 1.0F : 0.0F;
}

/// One neuron and one sample of the gradients by the table's inputs. Cost O(fan_in).
LUTGEN_ANYWHERE inline void write_slot_gradients(const LutBackward& step, std::uint64_t neuron, std::uint64_t sample) {
  const float* table = step.tables + (neuron << step.fan_in);
  const std::uint32_t address = step.addresses[neuron * step.samples + sample];
  const float up = step.upstream[neuron * step.samples + sample];
  for (std::uint32_t k = 0; k < step.fan_in; ++k) {
    const float high = table[address | 1U << k];
    const float low = table[address & ~(1U << k)];
    const float hard = (high > 0 ? 1.0F : 0.0F) - (low > 0 ? 1.0F : 0.0F);
    const float slope = (1 - step.soft) * hard + step.soft * (0.5F * (high - low));
    step.slot_gradients[(neuron * step.fan_in + k) * step.samples + sample] = up * slope;
  }
}

/// Table gradients, first part: every thread adds up its samples, `thread`, `thread` + kSumThreads and so on, in bins of its own.
///
/// bins  [2^fan_in][kSumThreads], written at `thread`
/// Cost  O(2^fan_in + samples / kSumThreads)
LUTGEN_ANYWHERE inline void add_own_samples(const LutBackward& step, std::uint64_t neuron, std::uint32_t thread, float* bins) {
  for (std::uint32_t a = 0; a < 1U << step.fan_in; ++a) bins[a * kSumThreads + thread] = 0;
  const std::uint64_t first = neuron * step.samples;
  for (std::uint64_t s = thread; s < step.samples; s += kSumThreads) bins[step.addresses[first + s] * kSumThreads + thread] += 0.5F * step.upstream[first + s];
}

/// Second part, for `width` = kSumThreads / 2, then half of that, down to 1, with a barrier before each: adds the upper half of the
/// bins that are left of each entry to the lower half. The sum of an entry ends in its bin 0, always by the same tree.
///
/// Cost  O(2^fan_in * width / kSumThreads)
LUTGEN_ANYWHERE inline void fold_bins(const LutBackward& step, std::uint32_t width, std::uint32_t thread, float* bins) {
  for (std::uint32_t i = thread; i < width << step.fan_in; i += kSumThreads) {
    float* bin = bins + i / width * kSumThreads + i % width;
    *bin += bin[width];
  }
}

/// Third part, after another barrier: the sums go to the gradients. Cost O(1).
LUTGEN_ANYWHERE inline void write_table_gradients(const LutBackward& step, std::uint64_t neuron, std::uint32_t thread, const float* bins) {
  for (std::uint32_t a = thread; a < 1U << step.fan_in; a += kSumThreads) step.table_gradients[(neuron << step.fan_in) + a] = bins[a * kSumThreads];
}

/// One feature and one sample of the sums over readers. Cost O(readers).
LUTGEN_ANYWHERE inline void add_readers(const LutGather& step, std::uint64_t feature, std::uint64_t sample) {
  float sum = 0;
  for (std::int64_t i = step.starts[feature]; i < step.starts[feature + 1]; ++i) {
    sum += step.slot_gradients[static_cast<std::uint64_t>(step.slots[i]) * step.samples + sample];
  }
  step.feature_gradients[feature * step.samples + sample] = sum;
}

}  // namespace lutgen::train::body

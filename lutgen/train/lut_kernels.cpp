// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_kernels.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "lutgen/base/parallel.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/train/multiversion.hpp"

namespace lutgen::train {
namespace {

constexpr std::size_t kMaxEntries = std::size_t{1} << kMaxTrainedInputs;
constexpr std::size_t kNeuronsAtOnce = 16;  // a thread's piece of work

LUTGEN_MULTIVERSION
void add_address_bit(const std::uint8_t* bits, int k, std::size_t samples, std::uint8_t* addresses) {
  for (std::size_t s = 0; s < samples; ++s) {
    addresses[s] = static_cast<std::uint8_t>(addresses[s] | static_cast<std::uint8_t>(bits[s] << k));
  }
}

LUTGEN_MULTIVERSION
void look_up(const std::uint8_t* addresses, std::uint64_t table, std::size_t samples, float* outputs) {
  for (std::size_t s = 0; s < samples; ++s) {
    outputs[s] = static_cast<float>(static_cast<std::int32_t>((table >> addresses[s]) & 1));
  }
}

/// out[s] = up[s] * slopes[addresses[s]]
LUTGEN_MULTIVERSION
void scale_by_slope(const std::uint8_t* addresses, const float* slopes, const float* up, std::size_t samples, float* out) {
  for (std::size_t s = 0; s < samples; ++s) out[s] = up[s] * slopes[addresses[s]];
}

LUTGEN_MULTIVERSION
void add_to(const float* from, std::size_t samples, float* to) {
  for (std::size_t s = 0; s < samples; ++s) to[s] += from[s];
}

std::uint64_t pack_table(const float* table, std::size_t entries) {
  std::uint64_t bits = 0;
  for (std::size_t a = 0; a < entries; ++a) bits |= std::uint64_t{table[a] > 0} << a;
  return bits;
}

/// Runs `body(n)` for every neuron.
template <class Body>
void for_neurons(std::size_t neurons, std::size_t threads, Body&& body) {
  base::parallel_for((neurons + kNeuronsAtOnce - 1) / kNeuronsAtOnce, threads, [&](std::size_t piece) {
    const std::size_t end = std::min(neurons, (piece + 1) * kNeuronsAtOnce);
    for (std::size_t n = piece * kNeuronsAtOnce; n < end; ++n) body(n);
  });
}

}  // namespace

void forward_luts(const LutBatch& batch, const std::uint8_t* bits, const std::uint32_t* inputs, const float* tables,
                  std::uint8_t* addresses, float* outputs, std::size_t threads) {
  LUTGEN_CHECK(batch.fan_in >= 1 && batch.fan_in <= kMaxTrainedInputs);
  for_neurons(batch.neurons, threads, [&](std::size_t n) {
    std::uint8_t* address = addresses + n * batch.samples;
    std::fill(address, address + batch.samples, std::uint8_t{0});
    for (std::size_t k = 0; k < batch.fan_in; ++k) {
      add_address_bit(bits + inputs[n * batch.fan_in + k] * batch.samples, static_cast<int>(k), batch.samples, address);
    }
    look_up(address, pack_table(tables + n * batch.entries(), batch.entries()), batch.samples, outputs + n * batch.samples);
  });
}

void backward_luts(const LutBatch& batch, const std::uint8_t* addresses, const float* tables, float soft, const float* upstream,
                   float* table_gradients, float* slot_gradients, std::size_t threads) {
  LUTGEN_CHECK(batch.fan_in >= 1 && batch.fan_in <= kMaxTrainedInputs);
  const std::size_t entries = batch.entries();
  for_neurons(batch.neurons, threads, [&](std::size_t n) {
    const std::uint8_t* address = addresses + n * batch.samples;
    const float* up = upstream + n * batch.samples;
    const float* table = tables + n * entries;
    std::array<float, kMaxEntries> sums{};
    for (std::size_t s = 0; s < batch.samples; ++s) sums[address[s]] += 0.5F * up[s];
    std::copy_n(sums.begin(), entries, table_gradients + n * entries);
    for (std::size_t k = 0; k < batch.fan_in; ++k) {
      std::array<float, kMaxEntries> slopes{};
      for (std::size_t a = 0; a < entries; ++a) {
        const std::size_t high = a | std::size_t{1} << k;
        const std::size_t low = high ^ std::size_t{1} << k;
        const float hard = (table[high] > 0 ? 1.0F : 0.0F) - (table[low] > 0 ? 1.0F : 0.0F);
        slopes[a] = (1 - soft) * hard + soft * (0.5F * (table[high] - table[low]));
      }
      scale_by_slope(address, slopes.data(), up, batch.samples, slot_gradients + (n * batch.fan_in + k) * batch.samples);
    }
  });
}

void gather_feature_gradients(const LutBatch& batch, const std::uint32_t* inputs, const float* slot_gradients,
                              std::size_t features, float* feature_gradients, std::size_t threads) {
  std::vector<std::vector<std::uint32_t>> readers(features);
  for (std::uint32_t slot = 0; slot < batch.neurons * batch.fan_in; ++slot) readers[inputs[slot]].push_back(slot);
  for_neurons(features, threads, [&](std::size_t f) {
    float* sum = feature_gradients + f * batch.samples;
    std::fill(sum, sum + batch.samples, 0.0F);
    for (const std::uint32_t slot : readers[f]) add_to(slot_gradients + slot * batch.samples, batch.samples, sum);
  });
}

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/connections.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace lutgen;
using train::Connections;
using train::LutBatch;

namespace {

constexpr LutBatch kBatch{.neurons = 30, .fan_in = 3, .samples = 64};
constexpr std::uint32_t kFeatures = 40;
constexpr std::uint32_t kWanted = 17;

std::vector<double> weights() {
  std::vector<double> weights(kFeatures, 1.0);
  weights[3] = 0;
  return weights;
}

std::vector<std::uint8_t> random_bits(base::Rng& rng) {
  std::vector<std::uint8_t> bits;
  // Some features are mostly 1, some mostly 0.
  for (std::uint32_t f = 0; f < kFeatures; ++f) {
    for (std::size_t s = 0; s < kBatch.samples; ++s) bits.push_back(rng.below(10) < f % 10 ? 1 : 0);
  }
  return bits;
}

/// Gradients that ask for `kWanted` at each table's first input: the loss falls where it is 1 and rises where it is 0.
std::vector<float> gradients(const std::vector<std::uint8_t>& bits) {
  std::vector<float> gradients(std::size_t{kBatch.neurons} * kBatch.fan_in * kBatch.samples, 0.0F);
  for (std::size_t n = 0; n < kBatch.neurons; ++n) {
    for (std::size_t s = 0; s < kBatch.samples; ++s) {
      gradients[n * kBatch.fan_in * kBatch.samples + s] = bits[kWanted * kBatch.samples + s] != 0 ? -1.0F : 1.0F;
    }
  }
  return gradients;
}

Connections learned(std::size_t threads, std::uint64_t steps) {
  base::Rng rng(5);
  Connections connections(kBatch.neurons, kBatch.fan_in, weights(), rng);
  for (std::uint64_t step = 1; step <= steps; ++step) {
    const auto bits = random_bits(rng);
    connections.learn(kBatch, bits.data(), gradients(bits).data(), {.step = step}, threads);
  }
  return connections;
}

}  // namespace

TEST_CASE("an input finds the feature that lowers the loss", "[train][connections]") {
  const Connections connections = learned(2, 60);
  std::size_t found = 0;
  for (std::size_t n = 0; n < kBatch.neurons; ++n) found += connections.inputs()[n * kBatch.fan_in] == kWanted ? 1 : 0;
  CHECK(found == kBatch.neurons);
  CHECK(connections.switches() >= kBatch.neurons - 5);
}

TEST_CASE("a table never reads a feature twice, nor one of weight 0", "[train][connections]") {
  for (const std::uint64_t steps : {0, 60}) {
    const Connections connections = learned(1, steps);
    for (std::size_t n = 0; n < kBatch.neurons; ++n) {
      const auto inputs = connections.inputs().subspan(n * kBatch.fan_in, kBatch.fan_in);
      CHECK(std::count(inputs.begin(), inputs.end(), 3U) == 0);
      for (const std::uint32_t input : inputs) CHECK(std::count(inputs.begin(), inputs.end(), input) == 1);
    }
  }
}

TEST_CASE("of two features alike the one that costs nothing is read", "[train][connections]") {
  constexpr std::uint32_t kCopy = kWanted + 1;
  const auto readers = [](float price, std::uint32_t feature) {
    base::Rng rng(5);
    Connections connections(kBatch.neurons, kBatch.fan_in, weights(), rng);
    std::vector<double> costs(kFeatures, 0.0);
    costs[kWanted] = 1;
    connections.set_costs(costs);
    for (std::uint64_t step = 1; step <= 60; ++step) {
      auto bits = random_bits(rng);
      std::copy_n(bits.begin() + kWanted * kBatch.samples, kBatch.samples, bits.begin() + kCopy * kBatch.samples);
      connections.learn(kBatch, bits.data(), gradients(bits).data(), {.step = step, .price = price}, 1);
    }
    std::size_t count = 0;
    for (std::size_t n = 0; n < kBatch.neurons; ++n) count += connections.inputs()[n * kBatch.fan_in] == feature ? 1 : 0;
    return count;
  };
  // Without a price the first of them wins wherever neither was read at first.
  CHECK(readers(0, kWanted) >= kBatch.neurons - 5);
  // A price that the readers share until the last of them has gone.
  CHECK(readers(0.5F, kCopy) >= kBatch.neurons - 2);
  CHECK(readers(0.5F, kWanted) <= 2);
}

TEST_CASE("connections are the same with any number of threads, and after being stored", "[train][connections]") {
  const Connections one = learned(1, 20);
  CHECK(one.state() == learned(3, 20).state());
  base::Rng rng(99);
  Connections other(kBatch.neurons, kBatch.fan_in, weights(), rng);
  CHECK(other.state() != one.state());
  other.restore(one.state());
  CHECK(other.state() == one.state());
  CHECK(std::ranges::equal(other.inputs(), one.inputs()));
}

TEST_CASE("a score moves by the loss's first-order change", "[train][connections]") {
  // One table of one input that reads one of two features; feature 1 is right where feature 0 is wrong.
  const LutBatch batch{.neurons = 1, .fan_in = 1, .samples = 4};
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    base::Rng rng(seed);
    Connections connections(1, 1, std::vector<double>{1, 1}, rng);
    const std::vector<std::uint8_t> bits = {1, 1, 0, 0, 0, 0, 1, 1};
    const std::vector<float> gradients = {1, 1, -1, -1};  // wants 0, 0, 1, 1
    for (std::uint64_t step = 1; step <= 20; ++step) connections.learn(batch, bits.data(), gradients.data(), {.step = step}, 1);
    CHECK(connections.inputs()[0] == 1);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/packing.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using eval::Target;

namespace {

template <class Value>
void check(base::Rng& rng, std::span<const eval::EncodedBit> bits, std::size_t features, const std::vector<Value>& samples,
           Target target) {
  const std::size_t count = samples.size() / features;
  const std::size_t lanes = eval::lanes_of(target);
  const std::size_t blocks = (count + 64 * lanes - 1) / (64 * lanes);
  std::vector<std::uint64_t> words(blocks * bits.size() * lanes, rng.next());
  std::vector<std::uint64_t> scratch;
  eval::InputPacker(bits, features, target).pack(samples.data(), count, words.data(), scratch);
  for (std::size_t s = 0; s < count; ++s) {
    const std::size_t group = s / 64;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      const std::uint64_t word = words[(group / lanes * bits.size() + i) * lanes + group % lanes];
      const bool expected = static_cast<double>(samples[s * features + bits[i].feature]) > bits[i].threshold;
      RC_ASSERT(((word >> (s % 64)) & 1) == std::uint64_t{expected});
    }
  }
}

}  // namespace

TEST_CASE("bytes and floats become the bits that are read, for every target", "[eval][packing][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const std::size_t features = 1 + rng.below(200);
    const std::size_t count = 1 + rng.below(700);
    std::vector<eval::EncodedBit> bits(rng.below(300));
    for (auto& bit : bits) {
      bit.feature = static_cast<std::uint32_t>(rng.below(features));
      bit.threshold = static_cast<double>(rng.below(520)) / 2 - 2;  // below and above any byte, and between them
    }
    std::vector<std::uint8_t> bytes(count * features);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
    std::vector<float> floats(count * features);
    for (auto& value : floats) value = static_cast<float>(rng.below(520)) / 2 - 2;
    for (const Target target : eval::kTargets) {
      check(rng, bits, features, bytes, target);
      check(rng, bits, features, floats, target);
    }
  });
}

TEST_CASE("thresholds between and beyond floats compare exactly", "[eval][packing]") {
  base::Rng rng(1);
  const std::vector<double> thresholds{0.1, -0.1, 1e39, -1e39, 1.0, 16777217.0, 3.4028234663852886e38};
  std::vector<eval::EncodedBit> bits;
  std::vector<float> samples;
  for (const double threshold : thresholds) {
    bits.push_back({0, threshold});
    const auto nearest = static_cast<float>(std::clamp(threshold, -3.4e38, 3.4e38));
    for (const float value : {nearest, std::nextafter(nearest, 0.0f), std::nextafter(nearest, 3e38f), -nearest}) samples.push_back(value);
  }
  check(rng, bits, 1, samples, Target::portable);
  check(rng, bits, 1, samples, eval::best_target());
}

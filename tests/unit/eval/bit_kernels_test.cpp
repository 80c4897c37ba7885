// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/bit_kernels.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using eval::kTile;
using eval::Target;

namespace {

template <class Value>
void check_compare(base::Rng& rng, const std::array<std::uint8_t, kTile>& position, eval::CompareTile<Value> compare) {
  const std::size_t width = 1 + rng.below(kTile);
  const std::size_t samples = 1 + rng.below(kTile);
  const std::size_t stride = width + rng.below(10);
  std::vector<Value> rows((samples - 1) * stride + width);
  std::array<Value, kTile> thresholds{};
  for (Value& value : rows) value = static_cast<Value>(rng.below(4) == 0 ? rng.below(256) : 126 + rng.below(4));
  for (Value& value : thresholds) value = static_cast<Value>(rng.below(4) == 0 ? rng.below(256) : 126 + rng.below(4));
  std::array<std::uint64_t, kTile> words{};
  compare(rows.data(), stride, samples, width, thresholds.data(), words.data());
  for (std::size_t f = 0; f < width; ++f) {
    for (std::size_t s = 0; s < kTile; ++s) {
      const bool expected = s < samples && rows[s * stride + f] > thresholds[f];
      RC_ASSERT(((words[position[f]] >> s) & 1) == std::uint64_t{expected});
    }
  }
}

}  // namespace

TEST_CASE("the kernels of every target compare and spread alike", "[eval][bit_kernels][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    for (const Target target : eval::kTargets) {
      const eval::BitKernels& kernels = eval::bit_kernels(target);
      check_compare<std::uint8_t>(rng, kernels.byte_position, kernels.compare_bytes);
      check_compare<float>(rng, kernels.float_position, kernels.compare_floats);
      const std::size_t count = rng.below(9);
      const std::size_t stride = 1 + rng.below(8);
      std::vector<std::uint64_t> planes(8 * stride);
      for (auto& plane : planes) plane = rng.next();
      std::array<std::uint8_t, kTile> values{};
      kernels.spread(planes.data(), stride, count, values.data());
      for (std::size_t s = 0; s < kTile; ++s) {
        unsigned expected = 0;
        for (std::size_t p = 0; p < count; ++p) expected |= static_cast<unsigned>((planes[p * stride] >> s) & 1) << p;
        RC_ASSERT(values[s] == expected);
      }
    }
  });
}

TEST_CASE("64 by 64 bits are transposed", "[eval][bit_kernels]") {
  base::Rng rng(7);
  std::array<std::uint64_t, kTile> words{};
  for (auto& word : words) word = rng.next();
  auto turned = words;
  eval::transpose_bits(turned.data());
  for (std::size_t i = 0; i < kTile; ++i) {
    for (std::size_t j = 0; j < kTile; ++j) REQUIRE(((turned[i] >> j) & 1) == ((words[j] >> i) & 1));
  }
}

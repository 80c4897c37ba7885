// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/stream_encoder.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "tests/support/property.hpp"

using namespace lutgen;
using model::FeatureType;

namespace {

/// The key of a feature, as the comparator's input is made from its bits.
std::uint32_t feature_key(FeatureType type, double x) {
  if (type == FeatureType::f32) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(x));
    return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
  }
  const std::uint32_t width = model::bits_per_feature(type);
  const std::uint32_t mask = width == 32 ? ~0u : (1u << width) - 1;
  const auto bits = static_cast<std::uint32_t>(static_cast<std::int64_t>(x)) & mask;
  const bool is_signed = type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
  return is_signed ? bits ^ (1u << (width - 1)) : bits;
}

bool is_above(FeatureType type, double x, double threshold) {
  const board::ThresholdKey key = board::threshold_key(type, threshold);
  return key.always || feature_key(type, x) > key.key;
}

}  // namespace

TEST_CASE("a key says of every byte what the threshold says", "[board][encoder]") {
  for (const double threshold : {-1e9, -129.0, -128.5, -128.0, -1.0, -0.5, 0.0, 0.5, 126.5, 127.0, 254.0, 254.5, 255.0, 1e9}) {
    for (int x = -128; x < 256; ++x) {
      CAPTURE(threshold, x);
      if (x >= 0) CHECK(is_above(FeatureType::u8, x, threshold) == (x > threshold));
      if (x < 128) CHECK(is_above(FeatureType::i8, x, threshold) == (x > threshold));
    }
  }
}

TEST_CASE("a key says of every i32 and u16 what the threshold says", "[board][encoder][property]") {
  test::property([](std::int32_t x, std::int32_t t, std::uint16_t y) {
    RC_ASSERT(is_above(FeatureType::i32, x, t) == (x > t));
    RC_ASSERT(is_above(FeatureType::i32, x, t + 0.5) == (x > t + 0.5));
    RC_ASSERT(is_above(FeatureType::i32, x, x) == false);
    RC_ASSERT(is_above(FeatureType::i32, x, x - 1.0) == true);
    RC_ASSERT(is_above(FeatureType::u16, y, t) == (y > t));
  });
}

TEST_CASE("a key says of every f32 but NaN what the threshold says", "[board][encoder][property]") {
  test::property([](std::uint32_t a, std::uint32_t b, std::int32_t whole) {
    const auto x = static_cast<double>(std::bit_cast<float>(a));
    const auto t = static_cast<double>(std::bit_cast<float>(b));
    RC_PRE(!std::isnan(x) && std::isfinite(t));
    RC_ASSERT(is_above(FeatureType::f32, x, t) == (x > t));
    RC_ASSERT(is_above(FeatureType::f32, t, t) == false);
    RC_ASSERT(is_above(FeatureType::f32, static_cast<double>(std::nextafter(static_cast<float>(t), INFINITY)), t));
    // Thresholds stored as i32 need not be floats.
    const auto near = static_cast<double>(static_cast<float>(whole));
    RC_ASSERT(is_above(FeatureType::f32, near, whole) == (near > whole));
  });
  for (const double zero : {0.0, -0.0}) {
    CHECK_FALSE(is_above(FeatureType::f32, 0.0, zero));
    CHECK_FALSE(is_above(FeatureType::f32, -0.0, zero));
    CHECK(is_above(FeatureType::f32, 1e-45, zero));
    CHECK(is_above(FeatureType::f32, zero, -1.4e-45));
    CHECK(is_above(FeatureType::f32, INFINITY, zero));
  }
}

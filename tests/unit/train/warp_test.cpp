// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/warp.hpp"

#include <numeric>

#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// A plus sign in the middle of 9 x 9.
std::vector<float> plus() {
  std::vector<float> image(81, 0.0F);
  for (std::size_t i = 2; i < 7; ++i) image[4 * 9 + i] = image[i * 9 + 4] = 100;
  return image;
}

std::vector<float> warp(const train::WarpOptions& options, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<float> warped(81, -1.0F);
  train::warp_image(plus(), 9, 9, options, rng, warped);
  return warped;
}

}  // namespace

TEST_CASE("an image that nothing changes stays", "[train][warp]") {
  CHECK(warp({.share = 0, .step = 0}, 1) == plus());
  const train::WarpOptions still{.share = 1, .rotation_deg = 0, .scale = 0, .shear = 0, .move = 0, .elastic = 0};
  const auto warped = warp(still, 1);
  for (std::size_t i = 0; i < 81; ++i) CHECK(warped[i] == Approx(plus()[i]).margin(1e-3));
}

TEST_CASE("a step moves an image by one pixel to one of four sides", "[train][warp]") {
  std::vector<bool> seen(4, false);
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    const auto moved = warp({.share = 0, .step = 1}, seed);
    CHECK(std::accumulate(moved.begin(), moved.end(), 0.0F) == 900);
    const std::size_t centres[4] = {3 * 9 + 4, 5 * 9 + 4, 4 * 9 + 3, 4 * 9 + 5};
    for (std::size_t side = 0; side < 4; ++side) {
      const std::size_t c = centres[side];
      if (moved[c] > 0 && moved[c - 9] > 0 && moved[c + 9] > 0 && moved[c - 1] > 0 && moved[c + 1] > 0) seen[side] = true;
    }
  }
  CHECK(seen == std::vector<bool>(4, true));
}

TEST_CASE("a warped image keeps about its ink, and the seed decides", "[train][warp]") {
  const train::WarpOptions options{.share = 1};
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const auto warped = warp(options, seed);
    CHECK(warped == warp(options, seed));
    CHECK(warped != warp(options, seed + 100));
    CHECK(std::accumulate(warped.begin(), warped.end(), 0.0F) == Approx(900).epsilon(0.35));
    for (const float value : warped) CHECK((value >= 0 && value <= 100.001F));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/residual_sign.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("residual signs leave less over on every level, in rows channel by channel", "[train][residual_sign]") {
  const torch::Tensor x = torch::tensor({{0.9F, 0.1F, -0.5F}, {0.0F, -2.0F, 3.0F}});
  const torch::Tensor scales = torch::tensor({0.6F, 0.3F});
  const torch::Tensor signs = train::residual_sign(x, scales);
  REQUIRE(signs.sizes() == torch::IntArrayRef({4, 3}));
  // 0.9 - 0.6 > 0; 0.1 - 0.6 < 0; -0.5 + 0.6 > 0. 0 counts as negative: then 0 + 0.6 > 0.
  CHECK(torch::equal(signs, torch::tensor({{1.0F, 1.0F, -1.0F}, {1.0F, -1.0F, 1.0F}, {-1.0F, -1.0F, 1.0F}, {1.0F, -1.0F, 1.0F}})));
}

TEST_CASE("the gradient of a sign goes straight through within -1..1 and stops outside", "[train][residual_sign]") {
  const torch::Tensor x = torch::tensor({-1.5F, -0.5F, 0.25F, 1.5F}).requires_grad_(true);
  train::binarize(x).sum().backward();
  CHECK(torch::equal(x.grad(), torch::tensor({0.0F, 1.0F, 1.0F, 0.0F})));
}

TEST_CASE("scales get the gradient of what they leave over", "[train][residual_sign]") {
  const torch::Tensor x = torch::tensor({{0.5F, -0.25F}});
  const torch::Tensor scales = torch::tensor({0.4F, 0.2F}).requires_grad_(true);
  const torch::Tensor weights = torch::tensor({{0.0F, 0.0F}, {1.0F, 3.0F}});
  (train::residual_sign(x, scales) * weights).sum().backward();
  // Level 1 is the sign of x - s0 * scale 0, with s0 = 1 and -1.
  CHECK(scales.grad()[0].item<float>() == Approx(-1.0F + 3.0F));
  CHECK(scales.grad()[1].item<float>() == 0.0F);
}

TEST_CASE("scales snap to the ratio of small whole numbers", "[train][residual_sign]") {
  double unit = 0;
  CHECK(train::snap_scales(std::array{0.66, 0.34}, 4, unit) == std::vector<std::int32_t>{2, 1});
  CHECK(unit == Approx(0.33));
  CHECK(train::snap_scales(std::array{0.5}, 4, unit) == std::vector<std::int32_t>{1});
  CHECK(unit == 0.5);
  CHECK(train::snap_scales(std::array{0.3, 0.41}, 4, unit) == std::vector<std::int32_t>{3, 4});
  CHECK(train::snap_scales(std::array{0.8, 0.41, 0.19}, 4, unit) == std::vector<std::int32_t>{4, 2, 1});
}

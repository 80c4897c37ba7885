// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/residual_sign.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lutgen/base/result.hpp"

namespace lutgen::train {

torch::Tensor binarize(const torch::Tensor& x) {
  const torch::Tensor clipped = x.clamp(-1, 1);
  const torch::Tensor hard = (x.detach() > 0).to(x.scalar_type()) * 2 - 1;
  // hard + (clipped - clipped) would round: 1 must stay 1 exactly.
  return hard + (clipped - clipped.detach());
}

torch::Tensor residual_sign(const torch::Tensor& x, const torch::Tensor& scales) {
  const std::int64_t levels = scales.size(0);
  std::vector<torch::Tensor> signs;
  torch::Tensor rest = x;
  for (std::int64_t l = 0; l < levels; ++l) {
    signs.push_back(binarize(rest));
    if (l + 1 < levels) rest = rest - signs.back() * scales[l];
  }
  return torch::stack(signs, 1).reshape({x.size(0) * levels, x.size(1)});
}

std::vector<std::int32_t> snap_scales(std::span<const double> scales, std::int32_t limit, double& unit) {
  LUTGEN_CHECK(!scales.empty() && scales.size() <= 3 && limit >= 1);
  const double largest = *std::max_element(scales.begin(), scales.end());
  LUTGEN_CHECK(largest > 0);
  std::vector<std::int32_t> best;
  std::vector<std::int32_t> trial(scales.size(), 1);
  double least = std::numeric_limits<double>::infinity();
  while (true) {
    const double step = largest / *std::max_element(trial.begin(), trial.end());
    double error = 0;
    for (std::size_t l = 0; l < scales.size(); ++l) error = std::max(error, std::abs(trial[l] * step - scales[l]));
    // Of equal errors the first, which has the smallest numbers: 2:1 stands before 4:2.
    if (error < least - 1e-12) {
      least = error;
      best = trial;
      unit = step;
    }
    std::size_t l = 0;
    while (l < trial.size() && trial[l] == limit) trial[l++] = 1;
    if (l == trial.size()) return best;
    ++trial[l];
  }
}

}  // namespace lutgen::train

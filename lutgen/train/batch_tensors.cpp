// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/batch_tensors.hpp"

#include <algorithm>

namespace lutgen::train {

torch::Tensor bits_of(const Batch& batch) {
  const auto samples = static_cast<std::int64_t>(batch.labels.size());
  torch::Tensor bits = torch::empty({static_cast<std::int64_t>(batch.bits.size()) / samples, samples});
  std::copy(batch.bits.begin(), batch.bits.end(), bits.data_ptr<float>());
  return bits;
}

std::uint64_t count_right(const torch::Tensor& scores, std::span<const std::int64_t> labels) {
  const torch::Tensor flat = scores.detach().contiguous();
  const float* values = flat.data_ptr<float>();
  const auto at = [&](std::int64_t c, std::size_t s) { return values[static_cast<std::size_t>(c) * labels.size() + s]; };
  std::uint64_t right = 0;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    std::int64_t best = 0;
    for (std::int64_t c = 1; c < flat.size(0); ++c) {
      if (at(c, s) > at(best, s)) best = c;
    }
    right += best == labels[s] ? 1 : 0;
  }
  return right;
}

}  // namespace lutgen::train

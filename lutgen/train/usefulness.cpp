// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/usefulness.hpp"

namespace lutgen::train {
namespace {

std::vector<double> to_vector(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

}  // namespace

void Usefulness::clear() {
  samples_ = 0;
  ones_ = torch::zeros({classes_, tables_ / classes_}, torch::kDouble);
  gradients_at_ones_ = torch::zeros_like(ones_);
  curvatures_at_ones_ = torch::zeros_like(ones_);
  gradients_ = torch::zeros({classes_, 1}, torch::kDouble);
  curvatures_ = torch::zeros_like(gradients_);
}

void Usefulness::add(const torch::Tensor& outputs, const torch::Tensor& gradients, const torch::Tensor& curvatures) {
  const torch::NoGradGuard no_gradient;
  const auto host = [](const torch::Tensor& tensor) { return tensor.to(torch::kCPU, torch::kDouble); };
  const torch::Tensor bits = outputs.detach().view({classes_, tables_ / classes_, -1});
  const auto at_ones = [&](const torch::Tensor& of_class) { return host(torch::bmm(bits, of_class.unsqueeze(2)).squeeze(2)); };
  samples_ += static_cast<double>(outputs.size(1));
  ones_ += host(bits.sum(2));
  gradients_at_ones_ += at_ones(gradients);
  curvatures_at_ones_ += at_ones(curvatures);
  gradients_ += host(gradients.sum(1, true));
  curvatures_ += host(curvatures.sum(1, true));
}

std::vector<double> Usefulness::means() const { return to_vector(ones_ / samples_); }

std::vector<double> Usefulness::rises() const {
  // The count changes by mean - bit: where the bit is 1 by mean - 1, else by mean.
  const torch::Tensor mean = ones_ / samples_;
  const torch::Tensor slope = mean * gradients_ - gradients_at_ones_;
  const torch::Tensor bend = 0.5 * (mean * mean * curvatures_ + (1 - 2 * mean) * curvatures_at_ones_);
  return to_vector((slope + bend) / samples_);
}

}  // namespace lutgen::train

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/binary_layer.hpp"

#include <algorithm>
#include <cmath>

#include "lutgen/base/result.hpp"
#include "lutgen/train/residual_sign.hpp"

namespace lutgen::train {
namespace {

constexpr double kMomentum = 0.1;  // of batch norm's running figures
constexpr double kEpsilon = 1e-4;
constexpr double kLeastGamma = 1e-6;

/// Uniform within -limit..limit.
torch::Tensor draw(std::int64_t rows, std::int64_t columns, double limit, base::Rng& rng) {
  torch::Tensor tensor = torch::empty({rows, columns});
  float* value = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) value[i] = static_cast<float>((2 * rng.unit() - 1) * limit);
  return tensor;
}

std::vector<std::uint32_t> permute(std::uint32_t count, base::Rng& rng) {
  std::vector<std::uint32_t> order(count);
  for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
  for (std::uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

/// [fan_in][lanes]: which lane stands beside lane i at input k. Input 0 is the lane itself; each further input is a permutation
/// of the lanes, and no two inputs of a lane are the same: steps of different widths along one random circle of all lanes.
std::vector<std::vector<std::uint32_t>> draw_maps(std::uint32_t lanes, std::uint32_t fan_in, base::Rng& rng) {
  const std::vector<std::uint32_t> circle = permute(lanes, rng);
  std::vector<std::uint32_t> steps = permute(lanes - 1, rng);
  std::vector<std::vector<std::uint32_t>> maps(fan_in, std::vector<std::uint32_t>(lanes));
  for (std::uint32_t k = 0; k < fan_in; ++k) {
    const std::uint32_t step = k == 0 ? 0 : steps[k - 1] + 1;
    for (std::uint32_t i = 0; i < lanes; ++i) maps[k][circle[i]] = circle[(i + step) % lanes];
  }
  return maps;
}

}  // namespace

BinaryLayer::BinaryLayer(Shape shape, base::Rng& rng) : shape_(std::move(shape)) {
  const std::int64_t neurons = shape_.neurons;
  const std::int64_t lanes = shape_.lanes;
  weight_ = register_parameter("weight", draw(neurons, lanes, std::sqrt(6.0 / static_cast<double>(lanes + neurons)), rng));
  mask_ = torch::ones({neurons, lanes});
  gamma_ = register_parameter("gamma", torch::ones({}));
  bias_ = register_parameter("bias", torch::zeros({neurons}));
  if (shape_.is_last) {
    log_gain_ = register_parameter("log_gain", torch::full({}, -0.5 * std::log(static_cast<double>(lanes))));
  } else {
    gain_ = register_parameter("gain", torch::ones({neurons}));
    mean_ = torch::zeros({neurons});
    variance_ = torch::ones({neurons});
  }
  if (!shape_.lane_of_row.empty()) {
    rows_ = torch::empty({static_cast<std::int64_t>(shape_.lane_of_row.size())}, torch::kInt64);
    std::copy(shape_.lane_of_row.begin(), shape_.lane_of_row.end(), rows_.data_ptr<std::int64_t>());
  }
}

torch::Tensor BinaryLayer::effective_weights(Weights weights) const {
  const torch::Tensor w = (weights == Weights::real ? weight_.clamp(-1, 1) : binarize(weight_)) * mask_;
  return rows_.defined() ? w.index_select(1, rows_) : w;
}

torch::Tensor BinaryLayer::add_tables(const torch::Tensor& signs, const torch::Tensor& factors) {
  const torch::Tensor bits = luts_->forward((signs + 1) * 0.5, slots_, soft_);
  const torch::Tensor counted = (bits * 2 - 1) * factors.index_select(0, level_of_table_).unsqueeze(1);
  return torch::zeros({shape_.neurons, signs.size(1)}).index_add(0, neuron_of_table_, counted);
}

torch::Tensor BinaryLayer::forward(const Signs& in, Weights weights) {
  torch::Tensor sum;
  if (is_expanded()) {
    sum = add_tables(in.signs, in.scales);
  } else {
    const torch::Tensor levels = in.signs.view({-1, shape_.levels, in.signs.size(1)});
    sum = torch::mm(effective_weights(weights), (levels * in.scales.view({1, -1, 1})).sum(1));
  }
  sum = sum * gamma_.abs().clamp_min(kLeastGamma);
  if (shape_.is_last) return sum * log_gain_.exp() + bias_.unsqueeze(1);
  // One "image" whose places are the samples.
  return torch::batch_norm(sum.unsqueeze(0), gain_, bias_, mean_, variance_, is_training(), kMomentum, kEpsilon, false).squeeze(0);
}

torch::Tensor BinaryLayer::sum_exactly(const torch::Tensor& signs, std::span<const std::int32_t> factors) {
  const torch::NoGradGuard no_gradient;
  torch::Tensor whole = torch::empty({static_cast<std::int64_t>(factors.size())});
  std::copy(factors.begin(), factors.end(), whole.data_ptr<float>());
  if (is_expanded()) return add_tables(signs, whole);
  const torch::Tensor levels = signs.view({-1, shape_.levels, signs.size(1)});
  return torch::mm(effective_weights(Weights::binary), (levels * whole.view({1, -1, 1})).sum(1));
}

std::uint64_t BinaryLayer::prune(double density, double threshold) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor magnitude = weight_.abs();
  if (threshold > 0) {
    mask_ = (magnitude > threshold).to(torch::kFloat);
  } else {
    const auto kept = std::max<std::int64_t>(1, std::llround(density * static_cast<double>(weight_.numel())));
    mask_ = torch::zeros({weight_.numel()});
    mask_.index_fill_(0, std::get<1>(magnitude.flatten().topk(kept)), 1);
    mask_ = mask_.view(weight_.sizes());
  }
  const auto left = static_cast<std::uint64_t>(mask_.sum().item<double>());
  // Fewer terms, smaller sums: the scores keep their size.
  if (shape_.is_last && left > 0) log_gain_ -= 0.5 * std::log(static_cast<double>(left) / static_cast<double>(weight_.numel()));
  return left;
}

void BinaryLayer::expand(std::uint32_t fan_in, float soft, std::size_t threads, base::Rng& rng) {
  LUTGEN_CHECK(fan_in >= 1 && fan_in <= shape_.lanes && !rows_.defined());
  const torch::NoGradGuard no_gradient;
  const auto maps = draw_maps(shape_.lanes, fan_in, rng);
  const std::vector<Operator> kept = operators();
  const std::vector<std::uint32_t> starts = offsets();
  const std::int64_t count = static_cast<std::int64_t>(kept.size()) * shape_.levels;
  const torch::Tensor weights = weight_.clamp(-1, 1);
  torch::Tensor tables = torch::empty({count, std::int64_t{1} << fan_in});
  neuron_of_table_ = torch::empty({count}, torch::kInt64);
  level_of_table_ = torch::empty({count}, torch::kInt64);
  float* entry = tables.data_ptr<float>();
  std::int64_t table = 0;
  for (std::uint32_t n = 0; n < shape_.neurons; ++n) {
    const float* weight = weights.data_ptr<float>() + std::size_t{n} * shape_.lanes;
    const float* mask = mask_.data_ptr<float>() + std::size_t{n} * shape_.lanes;
    for (std::uint32_t o = starts[n]; o < starts[n + 1]; ++o) {
      // A table for each level, with values of its own: what the levels learn is different.
      for (std::uint32_t level = 0; level < shape_.levels; ++level, ++table) {
        neuron_of_table_.data_ptr<std::int64_t>()[table] = n;
        level_of_table_.data_ptr<std::int64_t>()[table] = level;
        for (std::uint32_t k = 0; k < fan_in; ++k) slots_.push_back(maps[k][kept[o].lane] * shape_.levels + level);
        for (std::uint32_t a = 0; a < 1U << fan_in; ++a) {
          float value = 0;
          for (std::uint32_t k = 0; k < fan_in; ++k) {
            const std::uint32_t lane = maps[k][kept[o].lane];
            const bool counts = k == 0 || mask[lane] == 0;
            if (counts) value += ((a >> k & 1) != 0 ? 1.0F : -1.0F) * weight[lane];
          }
          *entry++ = std::clamp(value, -1.0F, 1.0F);
        }
      }
    }
  }
  soft_ = soft;
  luts_ = register_module("luts", std::make_shared<LutLayer>(tables, fan_in, threads));
}

std::vector<torch::Tensor> BinaryLayer::trained() const {
  std::vector<torch::Tensor> tensors = {is_expanded() ? luts_->tables() : weight_, bias_, shape_.is_last ? log_gain_ : gain_};
  if (!is_expanded()) tensors.push_back(gamma_);
  return tensors;
}

void BinaryLayer::clamp() {
  const torch::NoGradGuard no_gradient;
  if (is_expanded()) luts_->tables().clamp_(-1, 1);
}

std::vector<std::uint32_t> BinaryLayer::offsets() const {
  std::vector<std::uint32_t> starts = {0};
  const float* mask = mask_.data_ptr<float>();
  for (std::uint32_t n = 0; n < shape_.neurons; ++n) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < shape_.lanes; ++i) count += *mask++ != 0 ? 1 : 0;
    starts.push_back(starts.back() + count);
  }
  return starts;
}

std::vector<Operator> BinaryLayer::operators() const {
  std::vector<Operator> kept;
  const float* mask = mask_.data_ptr<float>();
  const float* weight = weight_.data_ptr<float>();
  for (std::uint32_t n = 0; n < shape_.neurons; ++n) {
    for (std::uint32_t i = 0; i < shape_.lanes; ++i) {
      const std::size_t at = std::size_t{n} * shape_.lanes + i;
      if (mask[at] != 0) kept.push_back({i, weight[at] > 0});
    }
  }
  return kept;
}

Norm BinaryLayer::norm_of(std::uint32_t neuron) const {
  LUTGEN_CHECK(!shape_.is_last);
  const auto value = [&](const torch::Tensor& tensor) { return static_cast<double>(tensor.data_ptr<float>()[neuron]); };
  const double scale = std::max(gamma(), kLeastGamma);
  return {.gain = value(gain_), .mean = value(mean_) / scale, .deviation = std::sqrt(value(variance_) + kEpsilon) / scale, .bias = value(bias_)};
}

double BinaryLayer::score_bias(std::uint32_t neuron) const {
  LUTGEN_CHECK(shape_.is_last);
  return static_cast<double>(bias_.data_ptr<float>()[neuron]) / (std::exp(log_gain_.item<double>()) * std::max(gamma(), kLeastGamma));
}

}  // namespace lutgen::train

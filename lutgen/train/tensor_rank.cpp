// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/train/device_luts.hpp"
#include "lutgen/train/lut_cuda.hpp"
#include "lutgen/train/rank.hpp"

namespace lutgen::train {
namespace {

constexpr double kSquareMemory = 0.999;  // as in connections.cpp

/// Scores of all features for all slots stand in one matrix: [slots, features].
class TensorRank final : public Rank {
 public:
  TensorRank(const Start& start, base::Rng& rng, torch::Device device, std::unique_ptr<LutDevice> kernels)
      : tables_(start.tables.to(device).requires_grad_(true)), fan_in_(start.fan_in) {
    if (kernels != nullptr) luts_.emplace(std::move(kernels));
    // The same draws as the kernels'.
    const Connections first(static_cast<std::uint32_t>(start.tables.size(0)), start.fan_in, start.weights, rng);
    const auto features = static_cast<std::int64_t>(start.weights.size());
    const std::vector<std::int64_t> drawn(first.inputs().begin(), first.inputs().end());
    inputs_ = torch::tensor(drawn).to(device);
    squares_ = torch::zeros({inputs_.size(0)}, device);
    momenta_ = torch::zeros({inputs_.size(0), features}, device);
    // A feature of weight 0 is never the best.
    dead_ = torch::tensor(start.weights, torch::kDouble).le(0).to(device);
    scores_ = torch::zeros_like(momenta_).scatter_(1, inputs_.unsqueeze(1), Connections::kFirstScore).masked_fill_(dead_, -std::numeric_limits<float>::infinity());
    if (!start.costs.empty()) costs_ = torch::tensor(start.costs, torch::kDouble).to(torch::kFloat).to(device);
  }

  torch::Tensor forward(const torch::Tensor& bits, float soft) override {
    bits_ = bits.detach();
    if (luts_) return luts_->apply(bits, inputs_, tables_, soft);
    const torch::Tensor read = bits.index_select(0, inputs_);
    read_ = read.requires_grad() ? read : read.detach().requires_grad_(torch::GradMode::is_enabled());
    if (read_.requires_grad()) read_.retain_grad();
    const torch::Tensor x = read_.view({tables_.size(0), std::int64_t{fan_in_}, bits.size(1)});
    return apply_luts_to(x, tables_, soft);
  }

  void learn(const ConnectionStep& step) override {
    const torch::NoGradGuard no_gradient;
    torch::Tensor sums = torch::mm(luts_ ? luts_->slot_gradients() : read_.grad(), bits_.t());
    if (costs_.defined() && step.price > 0) sums += step.price * shares();
    const torch::Tensor present = inputs_.unsqueeze(1);
    const torch::Tensor gradients = ((sums - sums.gather(1, present)) / static_cast<double>(bits_.size(1))).masked_fill_(dead_, 0);
    const double live = static_cast<double>(dead_.numel() - dead_.sum().item<std::int64_t>());
    squares_.mul_(kSquareMemory).add_(gradients.square().sum(1), (1 - kSquareMemory) / live);
    const auto number = static_cast<double>(step.step);
    const double momentum = step.momentum;
    momenta_.mul_(momentum).add_(gradients, 1 - momentum);
    const torch::Tensor widths =
        step.rate / ((squares_ / (1 - std::pow(kSquareMemory, number))).sqrt() + 1e-12) / (1 - std::pow(momentum, number));
    scores_ -= widths.unsqueeze(1) * momenta_;
    choose_inputs();
  }

  void retire(std::span<const std::uint8_t> retired) override {
    const std::vector<float> flags(retired.begin(), retired.end());
    counted_ = (1 - torch::tensor(flags)).repeat_interleave(fan_in_).to(inputs_.device());
  }

  torch::Tensor& tables() override { return tables_; }

  std::vector<std::uint32_t> inputs() const override {
    const torch::Tensor host = inputs_.to(torch::kCPU).contiguous();
    const std::int64_t* from = host.data_ptr<std::int64_t>();
    std::vector<std::uint32_t> inputs;
    for (std::int64_t i = 0; i < host.numel(); ++i) inputs.push_back(static_cast<std::uint32_t>(from[i]));
    return inputs;
  }

  std::uint64_t switches() const override { return switches_; }

  void save(torch::serialize::OutputArchive& archive, const std::string& name) const override {
    archive.write(name + "inputs", inputs_);
    archive.write(name + "scores", scores_);
    archive.write(name + "momenta", momenta_);
    archive.write(name + "squares", squares_);
  }

  void restore(torch::serialize::InputArchive& archive, const std::string& name) override {
    archive.read(name + "inputs", inputs_);
    archive.read(name + "scores", scores_);
    archive.read(name + "momenta", momenta_);
    archive.read(name + "squares", squares_);
  }

 private:
  /// What each slot would pay for each feature, or pays for it now: its readers share the cost.
  [[nodiscard]] torch::Tensor shares() const {
    const torch::Tensor counted = counted_.defined() ? counted_ : torch::ones_like(inputs_, costs_.options());
    const torch::Tensor readers = torch::zeros_like(costs_).index_add_(0, inputs_, counted);
    torch::Tensor shares = (costs_ / (readers + 1)).expand({inputs_.size(0), costs_.size(0)}).clone();
    return shares.scatter_(1, inputs_.unsqueeze(1), (costs_ / readers.clamp_min(1)).index_select(0, inputs_).unsqueeze(1)) * counted.unsqueeze(1);
  }

  /// The best of each slot, but none that an earlier slot of the same table reads.
  void choose_inputs() {
    const std::int64_t neurons = tables_.size(0);
    torch::Tensor scores = scores_.view({neurons, std::int64_t{fan_in_}, scores_.size(1)}).clone();
    std::vector<torch::Tensor> chosen;
    for (std::int64_t k = 0; k < std::int64_t{fan_in_}; ++k) {
      torch::Tensor of_slot = scores.select(1, k);
      for (const torch::Tensor& taken : chosen) of_slot.scatter_(1, taken.unsqueeze(1), -std::numeric_limits<float>::infinity());
      chosen.push_back(of_slot.argmax(1));
    }
    const torch::Tensor now = torch::stack(chosen, 1).flatten();
    switches_ += static_cast<std::uint64_t>((now != inputs_).sum().item<std::int64_t>());
    inputs_ = now;
  }

  torch::Tensor tables_;
  std::uint32_t fan_in_;
  std::optional<DeviceLuts> luts_;  // empty: by tensor operations
  torch::Tensor inputs_;    // [slots] int64
  torch::Tensor scores_, momenta_;
  torch::Tensor squares_;   // [slots]
  torch::Tensor dead_;      // [features]
  torch::Tensor costs_;     // [features]; undefined: all are free
  torch::Tensor counted_;   // [slots]: 0 where the table is retired; undefined: none is
  torch::Tensor bits_, read_;  // of the last step
  std::uint64_t switches_ = 0;
};

}  // namespace

std::unique_ptr<Rank> make_tensor_rank(const Rank::Start& start, base::Rng& rng, torch::Device device) {
  std::unique_ptr<LutDevice> kernels;
#if defined(LUTGEN_HAS_CUDA)
  if (device.is_cuda()) kernels = make_cuda_device();
#endif
  return make_device_rank(start, rng, device, std::move(kernels));
}

std::unique_ptr<Rank> make_device_rank(const Rank::Start& start, base::Rng& rng, torch::Device device, std::unique_ptr<LutDevice> kernels) {
  return std::make_unique<TensorRank>(start, rng, device, std::move(kernels));
}

}  // namespace lutgen::train

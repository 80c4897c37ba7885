// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/native_network.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"
#include "lutgen/model/validate.hpp"

namespace lutgen::train {
namespace {

constexpr double kDear = 0.05;  // weight of a bit that costs something among the first connections

torch::Tensor column(const std::vector<float>& values, torch::Device device) { return torch::tensor(values).unsqueeze(1).to(device); }

}  // namespace

NativeNetwork::NativeNetwork(const Encoder& encoder, const TrainOptions& options, const std::vector<std::uint32_t>& neurons, std::uint32_t classes, bool has_price)
    : encoder_(encoder),
      fan_in_(options.fan_in),
      classes_(classes),
      soft_(static_cast<float>(options.soft)),
      device_(options.device == Device::cuda ? torch::kCUDA : torch::kCPU),
      usefulness_(neurons.back(), classes),
      removed_(neurons.back(), 0),
      given_(classes, 0) {
  base::Rng rng(options.seed);
  // Bits that are 0 as often as 1 are the likeliest first connections.
  std::vector<double> weights;
  for (std::size_t i = 0; i < encoder.live.size(); ++i) {
    const double ones = encoder.ones[encoder.live[i]];
    const bool is_dear = has_price && encoder.costs[i] > 0;
    weights.push_back(std::sqrt(ones * (1 - ones)) * (is_dear ? kDear : 1));
  }
  for (const std::uint32_t count : neurons) {
    torch::Tensor tables = torch::empty({count, std::int64_t{1} << fan_in_});
    float* entry = tables.data_ptr<float>();
    for (std::int64_t i = 0; i < tables.numel(); ++i) entry[i] = static_cast<float>(2 * rng.unit() - 1);
    const Rank::Start start{tables, fan_in_, weights, ranks_.empty() ? encoder.costs : std::vector<double>()};
    ranks_.push_back(options.device == Device::cpu ? make_kernel_rank(start, rng, options.threads) : make_tensor_rank(start, rng, device_));
    weights.assign(count, 1.0);
  }
}

torch::Tensor NativeNetwork::count(const torch::Tensor& bits) {
  torch::Tensor outputs = bits;
  for (const auto& rank : ranks_) outputs = rank->forward(outputs, soft_);
  outputs_ = outputs.detach();
  if (left_.defined()) outputs = outputs * left_;
  const torch::Tensor counts = outputs.view({classes_, outputs.size(0) / classes_, outputs.size(1)}).sum(1);
  return added_.defined() ? counts + added_ : counts;
}

std::uint64_t NativeNetwork::table_count() const {
  return static_cast<std::uint64_t>(std::count(removed_.begin(), removed_.end(), std::uint8_t{0}));
}

void NativeNetwork::remove_tables(std::uint64_t left) {
  const std::vector<double> rises = usefulness_.rises();
  const std::vector<double> means = usefulness_.means();
  usefulness_.clear();
  std::vector<std::size_t> order(removed_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rises[a] < rises[b]; });
  const std::size_t each = removed_.size() / classes_;
  std::vector<std::uint64_t> of_class(classes_, 0);
  for (std::size_t t = 0; t < removed_.size(); ++t) of_class[t / each] += removed_[t] == 0 ? 1 : 0;
  const auto remove = [&](std::size_t t) {
    removed_[t] = 1;
    given_[t / each] += means[t];
    --of_class[t / each];
  };
  for (const std::size_t t : order) {
    if (removed_[t] == 0 && of_class[t / each] > most_counted(left)) remove(t);
  }
  std::uint64_t now = table_count();
  for (const std::size_t t : order) {
    if (now <= left) break;
    if (removed_[t] != 0 || of_class[t / each] == 1) continue;
    remove(t);
    --now;
  }
  apply_removed();
}

std::uint64_t NativeNetwork::most_counted(std::uint64_t tables) const {
  return (std::uint64_t{1} << std::bit_width((tables + classes_ - 1) / classes_)) - 1;
}

void NativeNetwork::apply_removed() {
  const std::uint64_t tables = table_count();
  if (tables == removed_.size()) return;
  ranks_.back()->retire(removed_);
  std::vector<float> left;
  for (const std::uint8_t removed : removed_) left.push_back(removed != 0 ? 0.0F : 1.0F);
  std::vector<float> added;
  for (const double given : given_) added.push_back(static_cast<float>(std::round(given)));
  // Only differences count.
  const float least = *std::min_element(added.begin(), added.end());
  const std::size_t each = removed_.size() / classes_;
  for (std::size_t c = 0; c < classes_; ++c) {
    const auto of_class = removed_.begin() + static_cast<std::ptrdiff_t>(c * each);
    const auto left_of_class = static_cast<std::uint64_t>(std::count(of_class, of_class + static_cast<std::ptrdiff_t>(each), std::uint8_t{0}));
    added[c] = std::min(added[c] - least, static_cast<float>(most_counted(tables) - std::min(most_counted(tables), left_of_class)));
  }
  left_ = column(left, device_);
  added_ = column(added, device_);
}

void NativeNetwork::average() {
  const torch::NoGradGuard no_gradient;
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    if (averaged_ == 0) sums_.push_back(torch::zeros_like(ranks_[r]->tables(), torch::kDouble));
    sums_[r] += ranks_[r]->tables();
  }
  ++averaged_;
}

void NativeNetwork::put_average() {
  if (averaged_ == 0) return;
  const torch::NoGradGuard no_gradient;
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    last_.push_back(ranks_[r]->tables().detach().clone());
    ranks_[r]->tables().copy_(sums_[r] / static_cast<double>(averaged_));
  }
}

void NativeNetwork::take_average() {
  const torch::NoGradGuard no_gradient;
  for (std::size_t r = 0; r < last_.size(); ++r) ranks_[r]->tables().copy_(last_[r]);
  last_.clear();
}

std::vector<torch::Tensor> NativeNetwork::trained() {
  std::vector<torch::Tensor> tensors;
  for (const auto& rank : ranks_) tensors.push_back(rank->tables());
  return tensors;
}

std::uint64_t NativeNetwork::switches() const {
  std::uint64_t sum = 0;
  for (const auto& rank : ranks_) sum += rank->switches();
  return sum;
}

model::LutLayer NativeNetwork::rank_as_layer(std::size_t rank) const {
  model::LutLayer luts;
  const torch::Tensor tables = ranks_[rank]->tables().detach().to(torch::kCPU).contiguous();
  luts.neurons = static_cast<std::uint32_t>(tables.size(0));
  luts.fan_in = fan_in_;
  for (const std::uint32_t input : ranks_[rank]->inputs()) luts.inputs.push_back(rank == 0 ? encoder_.live[input] : input);
  luts.tables.resize(std::size_t{luts.neurons} * luts.table_bytes());
  const float* entry = tables.data_ptr<float>();
  for (std::size_t n = 0; n < luts.neurons; ++n) {
    for (std::size_t a = 0; a < std::size_t{1} << luts.fan_in; ++a) {
      if (*entry++ > 0) luts.tables[n * luts.table_bytes() + a / 8] |= static_cast<std::uint8_t>(1U << (a % 8));
    }
  }
  return luts;
}

/// Leaves the last rank's tables that are left, class by class, with constants behind them so that all classes have as many.
void NativeNetwork::share_out(model::LutLayer& last) const {
  if (!added_.defined()) return;
  const torch::Tensor added = added_.to(torch::kCPU).contiguous();
  const std::size_t each = removed_.size() / classes_;
  std::vector<std::size_t> ones(classes_);
  std::size_t most = 0;
  for (std::size_t c = 0; c < classes_; ++c) {
    ones[c] = static_cast<std::size_t>(added.data_ptr<float>()[c]);
    most = std::max(most, ones[c] + static_cast<std::size_t>(std::count(removed_.begin() + static_cast<std::ptrdiff_t>(c * each),
                                                                        removed_.begin() + static_cast<std::ptrdiff_t>((c + 1) * each), std::uint8_t{0})));
  }
  model::LutLayer shared;
  shared.fan_in = last.fan_in;
  const auto used = static_cast<std::uint8_t>(last.fan_in < 3 ? (1U << (1U << last.fan_in)) - 1 : 0xff);
  for (std::size_t c = 0; c < classes_; ++c) {
    for (std::size_t t = c * each; t < (c + 1) * each; ++t) {
      if (removed_[t] != 0) continue;
      const auto neuron = static_cast<std::uint32_t>(t);
      shared.inputs.insert(shared.inputs.end(), last.inputs_of(neuron).begin(), last.inputs_of(neuron).end());
      shared.tables.insert(shared.tables.end(), last.table_of(neuron).begin(), last.table_of(neuron).end());
      ++shared.neurons;
    }
    for (std::size_t i = 0; shared.neurons < (c + 1) * most; ++i, ++shared.neurons) {
      shared.inputs.insert(shared.inputs.end(), last.fan_in, 0);
      shared.tables.insert(shared.tables.end(), last.table_bytes(), i < ones[c] ? used : std::uint8_t{0});
    }
  }
  last = std::move(shared);
}

Result<model::Model> NativeNetwork::make_model(const std::string& name, const std::vector<std::uint32_t>& shape) const {
  model::Model model;
  model.name = name;
  model.input = {shape, encoder_.type};
  model.layers.resize(ranks_.size() + 3);
  model.layers[0].operation = encoder_.thermometer;
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    model::LutLayer luts = rank_as_layer(r);
    if (r + 1 == ranks_.size()) share_out(luts);
    model.layers[r + 1].operation = std::move(luts);
  }
  model.layers[ranks_.size() + 1].operation = model::GroupSum{classes_};
  model.layers[ranks_.size() + 2].operation = model::Argmax{};
  LUTGEN_TRY_VOID(model::validate_model(model, name));
  return model;
}

void NativeNetwork::save(torch::serialize::OutputArchive& archive) const {
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    archive.write(fmt::format("tables{}", r), ranks_[r]->tables().detach());
    ranks_[r]->save(archive, fmt::format("rank{}.", r));
    if (averaged_ > 0) archive.write(fmt::format("sums{}", r), sums_[r]);
  }
  archive.write("averaged", c10::IValue(static_cast<std::int64_t>(averaged_)));
  archive.write("removed", torch::tensor(std::vector<std::int64_t>(removed_.begin(), removed_.end())));
  archive.write("given", torch::tensor(given_, torch::kDouble));
}

void NativeNetwork::restore(torch::serialize::InputArchive& archive) {
  const torch::NoGradGuard no_gradient;
  c10::IValue averaged;
  archive.read("averaged", averaged);
  averaged_ = static_cast<std::uint64_t>(averaged.toInt());
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    torch::Tensor tensor;
    archive.read(fmt::format("tables{}", r), tensor);
    ranks_[r]->tables().copy_(tensor);
    ranks_[r]->restore(archive, fmt::format("rank{}.", r));
    if (averaged_ == 0) continue;
    sums_.emplace_back();
    archive.read(fmt::format("sums{}", r), sums_.back());
  }
  torch::Tensor removed;
  archive.read("removed", removed);
  for (std::size_t t = 0; t < removed_.size(); ++t) removed_[t] = static_cast<std::uint8_t>(removed.data_ptr<std::int64_t>()[t]);
  torch::Tensor given;
  archive.read("given", given);
  std::copy_n(given.data_ptr<double>(), given_.size(), given_.begin());
  apply_removed();
}

}  // namespace lutgen::train

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

/// The same for one neuron by its pruned weights: [operators][fan_in] places, those of the largest weights at input 1 of each
/// operator, the next at input 2, and so on. Empty if there are not enough.
std::vector<std::vector<std::uint32_t>> choose_largest(std::span<const std::uint32_t> own, std::span<const float> weight, std::span<const float> mask,
                                                       std::uint32_t fan_in) {
  std::vector<std::uint32_t> pruned;
  for (std::uint32_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0) pruned.push_back(i);
  }
  if (pruned.size() < own.size() * (fan_in - 1)) return {};
  std::stable_sort(pruned.begin(), pruned.end(), [&](std::uint32_t a, std::uint32_t b) { return std::abs(weight[a]) > std::abs(weight[b]); });
  std::vector<std::vector<std::uint32_t>> chosen;
  for (std::size_t o = 0; o < own.size(); ++o) {
    chosen.push_back({own[o]});
    for (std::uint32_t k = 1; k < fan_in; ++k) chosen.back().push_back(pruned[(k - 1) * own.size() + o]);
  }
  return chosen;
}

/// The entry at address `a` of a new table, whose inputs are these places: the weight of the first, and those of others that
/// were pruned, each times its input.
float first_entry(std::span<const std::uint32_t> places, std::span<const float> weight, std::span<const float> mask, std::uint32_t a) {
  float value = 0;
  for (std::size_t k = 0; k < places.size(); ++k) {
    if (k == 0 || mask[places[k]] == 0) value += ((a >> k & 1) != 0 ? 1.0F : -1.0F) * weight[places[k]];
  }
  return std::clamp(value, -1.0F, 1.0F);
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

torch::Tensor BinaryLayer::forward(const Signs& in, Weights weights) {
  torch::Tensor sum;
  if (is_expanded()) {
    sum = tables_->add_up(in.signs, in.scales, weights == Weights::real_tables ? LutOutput::entries : LutOutput::bits);
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
  if (is_expanded()) return tables_->add_up(signs, whole);
  const torch::Tensor levels = signs.view({-1, shape_.levels, signs.size(1)});
  return torch::mm(effective_weights(Weights::binary), (levels * whole.view({1, -1, 1})).sum(1));
}

torch::Tensor BinaryLayer::in_tiles(const torch::Tensor& tensor) const {
  const std::int64_t outputs = shape_.tiling.outputs;
  const std::int64_t inputs = shape_.tiling.inputs;
  return tensor.view({outputs, shape_.neurons / outputs, inputs, shape_.lanes / inputs});
}

torch::Tensor BinaryLayer::half_squares() const {
  return 0.5 * in_tiles(weight_ * mask_).mean(at::IntArrayRef{0, 2}).square().sum();
}

std::uint64_t BinaryLayer::prune(double density, double threshold) {
  const torch::NoGradGuard no_gradient;
  const bool is_tiled = shape_.tiling.inputs * shape_.tiling.outputs > 1;
  torch::Tensor magnitude = is_tiled ? in_tiles(weight_).square().mean(at::IntArrayRef{0, 2}, true).sqrt() : in_tiles(weight_.abs());
  std::int64_t most = magnitude.numel();
  if (rows_.defined()) {
    // A feature whose bits are always the same has no row: its weights are nothing.
    const torch::Tensor has_row = torch::zeros({weight_.size(1)}, torch::kBool).index_fill_(0, rows_, true);
    magnitude = torch::where(has_row, magnitude, torch::full({}, -1.0F));
    most = weight_.size(0) * has_row.sum().item<std::int64_t>();
  }
  if (threshold > 0) {
    mask_ = (magnitude > threshold).to(torch::kFloat);
  } else {
    const auto kept = std::clamp<std::int64_t>(std::llround(density * static_cast<double>(magnitude.numel())), 1, most);
    mask_ = torch::zeros({magnitude.numel()});
    mask_.index_fill_(0, std::get<1>(magnitude.flatten().topk(kept)), 1);
    mask_ = mask_.view(magnitude.sizes());
  }
  mask_ = mask_.expand_as(in_tiles(weight_)).reshape(weight_.sizes()).contiguous();
  const auto left = static_cast<std::uint64_t>(mask_.sum().item<double>());
  // Fewer terms, smaller sums: the scores keep their size.
  if (shape_.is_last && left > 0) log_gain_ -= 0.5 * std::log(static_cast<double>(left) / static_cast<double>(weight_.numel()));
  return left;
}

void BinaryLayer::expand(const Expansion& how, base::Rng& rng) {
  const torch::NoGradGuard no_gradient;
  // Places are lanes that have rows: all of a hidden layer's, in their order.
  std::vector<std::uint32_t> lane_of = shape_.lane_of_row;
  for (std::uint32_t i = 0; !rows_.defined() && i < shape_.lanes; ++i) lane_of.push_back(i);
  std::vector<std::uint32_t> place_of(shape_.lanes, 0);
  for (std::uint32_t p = 0; p < lane_of.size(); ++p) place_of[lane_of[p]] = p;
  const auto places = static_cast<std::uint32_t>(lane_of.size());
  LUTGEN_CHECK(how.fan_in >= 1 && how.fan_in <= places);
  const auto maps = draw_maps(places, how.fan_in, rng);
  const std::vector<Operator> kept = operators();
  const std::vector<std::uint32_t> starts = offsets();
  OperatorTables::Parts parts{.neurons = shape_.neurons, .levels = shape_.levels, .fan_in = how.fan_in, .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {},
                              .position_of = {}, .stored = {}};
  parts.entries = torch::empty({static_cast<std::int64_t>(kept.size() * shape_.levels), std::int64_t{1} << how.fan_in});
  float* entry = parts.entries.data_ptr<float>();
  const torch::Tensor index = torch::tensor(std::vector<std::int64_t>(lane_of.begin(), lane_of.end()));
  const torch::Tensor weights = weight_.clamp(-1, 1).index_select(1, index).contiguous();
  const torch::Tensor masks = mask_.index_select(1, index).contiguous();
  for (std::uint32_t n = 0; n < shape_.neurons; ++n) {
    const std::span<const float> weight(weights.data_ptr<float>() + std::size_t{n} * places, places);
    const std::span<const float> mask(masks.data_ptr<float>() + std::size_t{n} * places, places);
    std::vector<std::uint32_t> own;
    for (std::uint32_t o = starts[n]; o < starts[n + 1]; ++o) own.push_back(place_of[kept[o].lane]);
    std::vector<std::vector<std::uint32_t>> chosen;
    if (how.is_learned) chosen = choose_largest(own, weight, mask, how.fan_in);
    for (std::size_t i = 0; i < own.size(); ++i) {
      std::vector<std::uint32_t> beside;
      for (std::uint32_t k = 0; k < how.fan_in; ++k) beside.push_back(chosen.empty() ? maps[k][own[i]] : chosen[i][k]);
      parts.neuron_of.push_back(n);
      // A table for each level, with values of its own: what the levels learn is different.
      for (std::uint32_t level = 0; level < shape_.levels; ++level) {
        for (const std::uint32_t place : beside) parts.inputs.push_back(place * shape_.levels + level);
        for (std::uint32_t a = 0; a < 1U << how.fan_in; ++a) *entry++ = first_entry(beside, weight, mask, a);
      }
    }
  }
  tables_ = std::make_unique<OperatorTables>(std::move(parts), how.soft, how.threads);
  if (how.is_learned) tables_->start_learning(places * shape_.levels);
}

void BinaryLayer::expand_tiled(const Expansion& how, base::Rng& rng) {
  const torch::NoGradGuard no_gradient;
  const std::uint32_t lanes = shape_.lanes / shape_.tiling.inputs;
  const std::uint32_t neurons = shape_.neurons / shape_.tiling.outputs;
  LUTGEN_CHECK(how.stored >= 1 && how.stored < how.fan_in && !rows_.defined());
  const std::uint32_t fan_in = how.fan_in - how.stored;
  const std::uint32_t beside = std::max(fan_in, how.stored);
  LUTGEN_CHECK(beside <= lanes);
  const auto maps = draw_maps(lanes, beside, rng);
  const std::vector<Operator> kept = operators();
  const std::vector<std::uint32_t> starts = offsets();
  OperatorTables::Parts parts{.neurons = shape_.neurons, .levels = shape_.levels, .fan_in = fan_in, .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {},
                              .position_of = {}, .stored = torch::empty({static_cast<std::int64_t>(kept.size()), how.stored})};
  // Places of a tile in the order in which they are met.
  std::vector<std::int64_t> position(std::size_t{lanes} * neurons, -1);
  std::int64_t positions = 0;
  for (std::uint32_t n = 0; n < shape_.neurons; ++n) {
    for (std::uint32_t o = starts[n]; o < starts[n + 1]; ++o) {
      const std::uint32_t lane = kept[o].lane % lanes;
      std::int64_t& at = position[std::size_t{n % neurons} * lanes + lane];
      if (at < 0) at = positions++;
      parts.position_of.push_back(at);
      parts.neuron_of.push_back(n);
      const std::uint32_t first = kept[o].lane - lane;  // of the tile
      for (std::uint32_t j = 0; j < how.stored; ++j) {
        const float weight = weight_.data_ptr<float>()[std::size_t{n} * shape_.lanes + first + maps[j][lane]];
        parts.stored.data_ptr<float>()[std::size_t{o} * how.stored + j] = std::clamp(weight, -1.0F, 1.0F);
      }
      for (std::uint32_t level = 0; level < shape_.levels; ++level) {
        for (std::uint32_t k = 0; k < fan_in; ++k) parts.inputs.push_back((first + maps[k][lane]) * shape_.levels + level);
      }
    }
  }
  parts.entries = torch::empty({positions, std::int64_t{1} << how.fan_in});
  for (std::int64_t i = 0; i < parts.entries.numel(); ++i) {
    const bool stored = (i >> fan_in) % 2 != 0;  // the first stored bit
    parts.entries.data_ptr<float>()[i] = (i % 2 != 0) == stored ? 1.0F : -1.0F;
  }
  tables_ = std::make_unique<OperatorTables>(std::move(parts), how.soft, how.threads);
}

std::vector<torch::Tensor> BinaryLayer::trained() const {
  std::vector<torch::Tensor> tensors = is_expanded() ? tables_->trained() : std::vector<torch::Tensor>{weight_, gamma_};
  tensors.insert(tensors.end(), {bias_, shape_.is_last ? log_gain_ : gain_});
  return tensors;
}

void BinaryLayer::tie_gradients() {
  if (is_expanded()) tables_->tie_gradients();
}

void BinaryLayer::clamp() {
  if (is_expanded()) tables_->clamp();
}

void BinaryLayer::drop_constants(std::span<const double> scales) {
  LUTGEN_CHECK(is_expanded());
  const torch::NoGradGuard no_gradient;
  const std::vector<Operator> before = operators();
  const std::vector<std::uint32_t> starts = offsets();
  for (const OperatorTables::Constant& constant : tables_->drop_constants()) {
    double sum = 0;
    for (std::size_t l = 0; l < constant.signs.size(); ++l) sum += constant.signs[l] * scales[l];
    sum *= std::max(gamma(), kLeastGamma);
    const auto neuron = static_cast<std::int64_t>(std::upper_bound(starts.begin(), starts.end(), constant.at) - starts.begin() - 1);
    mask_[neuron][before[constant.at].lane] = 0;
    if (shape_.is_last) {
      bias_[neuron] += sum * std::exp(log_gain_.item<double>());
    } else {
      mean_[neuron] -= sum;
    }
  }
}

std::vector<std::pair<const char*, torch::Tensor>> BinaryLayer::state() const {
  std::vector<std::pair<const char*, torch::Tensor>> tensors = {{"weight", weight_}, {"mask", mask_}, {"gamma", gamma_}, {"bias", bias_}};
  if (shape_.is_last) {
    tensors.emplace_back("log_gain", log_gain_);
  } else {
    for (const auto& pair : {std::pair{"gain", gain_}, {"mean", mean_}, {"variance", variance_}}) tensors.push_back(pair);
  }
  return tensors;
}

void BinaryLayer::save(torch::serialize::OutputArchive& archive) const {
  for (const auto& [name, tensor] : state()) archive.write(name, tensor.detach());
  archive.write("is_expanded", c10::IValue(is_expanded()));
  if (!is_expanded()) return;
  torch::serialize::OutputArchive tables;
  tables_->save(tables);
  archive.write("tables", tables);
}

void BinaryLayer::load(torch::serialize::InputArchive& archive, float soft, std::size_t threads) {
  const torch::NoGradGuard no_gradient;
  for (auto& [name, tensor] : state()) {
    torch::Tensor saved;
    archive.read(name, saved);
    tensor.copy_(saved);
  }
  c10::IValue is_expanded;
  archive.read("is_expanded", is_expanded);
  if (!is_expanded.toBool()) return;
  torch::serialize::InputArchive tables;
  archive.read("tables", tables);
  tables_ = OperatorTables::load(tables, soft, threads);
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

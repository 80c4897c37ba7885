// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/binary_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <span>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"
#include "lutgen/train/fold.hpp"
#include "lutgen/train/residual_sign.hpp"

namespace lutgen::train {
namespace {

/// Tables of one fan-in, gathered one by one.
class TableRank {
 public:
  explicit TableRank(std::uint32_t fan_in) { luts_.fan_in = fan_in; }

  /// `entries` [2^fan_in], above 0 is a 1; `invert` swaps ones and zeros.
  void add(std::span<const std::uint32_t> inputs, std::span<const float> entries, bool invert) {
    luts_.inputs.insert(luts_.inputs.end(), inputs.begin(), inputs.end());
    const std::size_t first = luts_.tables.size();
    luts_.tables.resize(first + luts_.table_bytes());
    for (std::size_t a = 0; a < entries.size(); ++a) {
      if ((entries[a] > 0) != invert) luts_.tables[first + a / 8] |= static_cast<std::uint8_t>(1U << (a % 8));
    }
    ++luts_.neurons;
  }
  void add_constant(bool value) {
    add(std::vector<std::uint32_t>(luts_.fan_in, 0), std::vector<float>(std::size_t{1} << luts_.fan_in, value ? 1.0F : 0.0F), false);
  }
  [[nodiscard]] model::LutLayer take() { return std::move(luts_); }

 private:
  model::LutLayer luts_;
};

std::span<const float> entries_of(const torch::Tensor& tables, std::size_t table) {
  const auto entries = static_cast<std::size_t>(tables.size(1));
  return {tables.data_ptr<float>() + table * entries, entries};
}

/// Of `number`, up to `most`.
std::uint32_t largest_divisor(std::uint32_t number, std::uint32_t most) {
  while (number % most != 0) --most;
  return most;
}

void append(model::Model& model, model::Operation operation) {
  model.layers.emplace_back();
  model.layers.back().operation = std::move(operation);
}

}  // namespace

BinaryNetwork::BinaryNetwork(const Encoder& encoder, const std::vector<std::uint32_t>& hidden, std::uint32_t classes, std::uint32_t levels,
                             base::Rng& rng, Tiling tiling)
    : encoder_(encoder), levels_(levels) {
  BinaryLayer::Shape shape{.lanes = encoder.thermometer.features, .levels = 1, .neurons = 0, .lane_of_row = {}, .is_last = false, .tiling = {}};
  for (const std::uint32_t bit : encoder.live) shape.lane_of_row.push_back(bit / encoder.thermometer.levels);
  frozen_.push_back({{1}, 1.0 / encoder.thermometer.levels});
  for (std::size_t r = 0; r <= hidden.size(); ++r) {
    shape.is_last = r == hidden.size();
    shape.neurons = shape.is_last ? classes : hidden[r];
    if (r > 0) shape.tiling = {largest_divisor(shape.lanes, tiling.inputs), largest_divisor(shape.neurons, tiling.outputs)};
    layers_.push_back(std::make_shared<BinaryLayer>(shape, rng));
    if (shape.is_last) break;
    // As ReBNet's: 2/3, 1/3 for two levels.
    torch::Tensor scales = torch::arange(static_cast<float>(levels), 0.0F, -1.0F);
    scales_.push_back((scales / scales.sum()).requires_grad_(true));
    shape = {.lanes = hidden[r], .levels = levels, .neurons = 0, .lane_of_row = {}, .is_last = false, .tiling = {}};
  }
}

torch::Tensor BinaryNetwork::forward(const torch::Tensor& bits, Weights weights) {
  Signs signs{bits * 2 - 1, torch::full({1}, frozen_[0].unit, torch::kFloat)};
  for (std::size_t r = 0; r + 1 < layers_.size(); ++r) {
    const torch::Tensor scales = scales_[r].abs();
    signs = {residual_sign(layers_[r]->forward(signs, weights), scales), scales};
  }
  return layers_.back()->forward(signs, weights);
}

void BinaryNetwork::freeze_scales(std::int32_t limit) {
  frozen_.resize(1);
  for (torch::Tensor& tensor : scales_) {
    std::vector<double> scales;
    for (std::uint32_t l = 0; l < levels_; ++l) scales.push_back(std::max(1e-3, std::abs(static_cast<double>(tensor.data_ptr<float>()[l]))));
    Frozen frozen;
    frozen.factors = snap_scales(scales, limit, frozen.unit);
    tensor = torch::empty({static_cast<std::int64_t>(levels_)});
    for (std::uint32_t l = 0; l < levels_; ++l) tensor.data_ptr<float>()[l] = static_cast<float>(frozen.factors[l] * frozen.unit);
    frozen_.push_back(frozen);
  }
}

void BinaryNetwork::shrink(double part) {
  struct Input {
    double saliency;
    std::size_t layer;
    std::size_t at;
  };
  std::vector<Input> inputs;
  std::uint64_t at_first = 0;
  std::uint64_t left = 0;
  std::vector<std::uint64_t> left_in(layers_.size(), 0);
  for (std::size_t r = 0; r < layers_.size(); ++r) {
    const OperatorTables* tables = layers_[r]->operator_tables();
    if (tables == nullptr) continue;
    at_first += tables->first_input_count();
    left_in[r] = tables->input_count();
    left += left_in[r];
    const std::vector<double> saliencies = tables->saliencies();
    for (std::size_t i = 0; i < saliencies.size(); ++i) {
      if (saliencies[i] >= 0) inputs.push_back({saliencies[i], r, i});
    }
  }
  std::stable_sort(inputs.begin(), inputs.end(), [](const Input& a, const Input& b) { return a.saliency < b.saliency; });
  const std::uint64_t removed_before = at_first - left;
  const auto target = static_cast<std::uint64_t>(part * static_cast<double>(at_first));
  std::uint64_t due = target > removed_before ? target - removed_before : 0;
  std::vector<std::vector<std::size_t>> removed(layers_.size());
  for (const Input& input : inputs) {
    if (due == 0) break;
    if (left_in[input.layer] == 1) continue;
    removed[input.layer].push_back(input.at);
    --left_in[input.layer];
    --due;
  }
  for (std::size_t r = 0; r < layers_.size(); ++r) {
    if (layers_[r]->operator_tables() == nullptr) continue;
    layers_[r]->operator_tables()->remove_inputs(removed[r]);
    layers_[r]->drop_constants(r == 0 ? std::vector<double>{frozen_[0].unit} : scales_of(r - 1));
  }
}

void BinaryNetwork::save(torch::serialize::OutputArchive& archive) const {
  for (std::size_t r = 0; r < layers_.size(); ++r) {
    torch::serialize::OutputArchive layer;
    layers_[r]->save(layer);
    archive.write(fmt::format("layer{}", r), layer);
  }
  for (std::size_t r = 0; r < scales_.size(); ++r) archive.write(fmt::format("scales{}", r), scales_[r].detach());
  std::vector<double> frozen;
  for (std::size_t r = 1; r < frozen_.size(); ++r) {
    frozen.insert(frozen.end(), frozen_[r].factors.begin(), frozen_[r].factors.end());
    frozen.push_back(frozen_[r].unit);
  }
  archive.write("frozen", torch::tensor(frozen, torch::kDouble));
}

void BinaryNetwork::load(torch::serialize::InputArchive& archive, float soft, std::size_t threads) {
  for (std::size_t r = 0; r < layers_.size(); ++r) {
    torch::serialize::InputArchive layer;
    archive.read(fmt::format("layer{}", r), layer);
    layers_[r]->load(layer, soft, threads);
  }
  torch::Tensor frozen;
  archive.read("frozen", frozen);
  frozen_.resize(1);
  for (std::int64_t i = 0; i < frozen.numel(); i += levels_ + 1) {
    const double* number = frozen.data_ptr<double>() + i;
    frozen_.push_back({std::vector<std::int32_t>(number, number + levels_), number[levels_]});
  }
  const torch::NoGradGuard no_gradient;
  for (std::size_t r = 0; r < scales_.size(); ++r) {
    torch::Tensor saved;
    archive.read(fmt::format("scales{}", r), saved);
    if (frozen_.size() > 1) {
      scales_[r] = saved;
    } else {
      scales_[r].copy_(saved);
    }
  }
}

std::vector<double> BinaryNetwork::scales_of(std::size_t layer) const {
  const Frozen& frozen = frozen_[layer + 1];
  std::vector<double> scales;
  for (const std::int32_t factor : frozen.factors) scales.push_back(factor * frozen.unit);
  return scales;
}

torch::Tensor BinaryNetwork::score_exactly(const torch::Tensor& bits) {
  LUTGEN_CHECK(frozen_.size() == layers_.size());
  const torch::NoGradGuard no_gradient;
  torch::Tensor signs = bits * 2 - 1;
  for (std::size_t r = 0; r + 1 < layers_.size(); ++r) {
    torch::Tensor sums = layers_[r]->sum_exactly(signs, frozen_[r].factors).to(torch::kDouble);
    double* value = sums.data_ptr<double>();
    for (std::uint32_t n = 0; n < layers_[r]->shape().neurons; ++n) {
      const Norm norm = layers_[r]->norm_of(n);
      for (std::int64_t s = 0; s < sums.size(1); ++s, ++value) {
        *value = norm.gain * (frozen_[r].unit * *value - norm.mean) / norm.deviation + norm.bias;
      }
    }
    signs = residual_sign(sums, torch::tensor(scales_of(r), torch::kDouble)).to(torch::kFloat);
  }
  // In units of the ones that are counted: sum = 2 * ones - all.
  const torch::Tensor sums = layers_.back()->sum_exactly(signs, frozen_.back().factors);
  const ScoreOffsets offsets = score_offsets();
  torch::Tensor scores = torch::empty_like(sums);
  for (std::int64_t c = 0; c < sums.size(0); ++c) {
    const auto at = static_cast<std::size_t>(c);
    scores[c] = (sums[c] + offsets.terms[at]) / 2 + offsets.added[at];
  }
  return scores;
}

model::ThresholdLayer BinaryNetwork::terms_of(std::size_t layer) const {
  const BinaryLayer& from = *layers_[layer];
  const std::vector<std::int32_t>& factors = frozen_[layer].factors;
  const auto levels = static_cast<std::uint32_t>(factors.size());
  const std::vector<std::uint32_t> starts = from.offsets();
  const std::vector<Operator> operators = from.operators();
  model::ThresholdLayer terms;
  terms.neurons = from.shape().neurons;
  terms.levels = levels_;
  terms.offsets = {0};
  // The bits of a feature stand together, in the order of the features.
  const bool reads_bits = layer == 0 && !from.is_expanded();
  std::vector<std::vector<std::uint32_t>> bits_of(reads_bits ? from.shape().lanes : 0);
  for (std::size_t i = 0; reads_bits && i < encoder_.live.size(); ++i) bits_of[from.shape().lane_of_row[i]].push_back(encoder_.live[i]);
  for (std::uint32_t n = 0; n < terms.neurons; ++n) {
    for (std::uint32_t o = starts[n]; o < starts[n + 1]; ++o) {
      const Operator& kept = operators[o];
      const std::int32_t sign = kept.positive || from.is_expanded() ? 1 : -1;
      if (reads_bits) {
        terms.inputs.insert(terms.inputs.end(), bits_of[kept.lane].begin(), bits_of[kept.lane].end());
        terms.weights.insert(terms.weights.end(), bits_of[kept.lane].size(), sign);
        continue;
      }
      for (std::uint32_t l = 0; l < levels; ++l) {
        terms.inputs.push_back((from.is_expanded() ? o : kept.lane) * levels + l);
        terms.weights.push_back(sign * factors[l]);
      }
    }
    terms.offsets.push_back(static_cast<std::uint32_t>(terms.inputs.size()));
  }
  return terms;
}

BinaryNetwork::ScoreOffsets BinaryNetwork::score_offsets() const {
  ScoreOffsets offsets;
  const model::ThresholdLayer terms = terms_of(layers_.size() - 1);
  for (std::uint32_t c = 0; c < terms.neurons; ++c) {
    std::int32_t all = 0;
    for (std::uint32_t t = terms.offsets[c]; t < terms.offsets[c + 1]; ++t) all += std::abs(terms.weights[t]);
    offsets.terms.push_back(all);
    offsets.added.push_back(static_cast<std::int32_t>(std::lround((layers_.back()->score_bias(c) / frozen_.back().unit - all) / 2)));
  }
  const std::int32_t least = *std::min_element(offsets.added.begin(), offsets.added.end());
  for (std::int32_t& added : offsets.added) added -= least;
  return offsets;
}

void BinaryNetwork::add_hidden(model::Model& model, std::size_t layer) const {
  const BinaryLayer& from = *layers_[layer];
  model::ThresholdLayer sums = terms_of(layer);
  const std::vector<double> scales = scales_of(layer);
  TableRank rank(from.is_expanded() ? from.fan_in() : 1);
  for (std::uint32_t n = 0; n < sums.neurons; ++n) {
    const std::span<std::int32_t> weights = std::span(sums.weights).subspan(sums.offsets[n], sums.offsets[n + 1] - sums.offsets[n]);
    FoldedNeuron folded = fold_neuron(weights, frozen_[layer].unit, from.norm_of(n), scales);
    if (from.is_expanded()) {
      // Inverted tables instead of negative weights: a one more for every one less.
      for (std::int32_t& threshold : folded.thresholds) threshold += folded.flipped ? std::accumulate(weights.begin(), weights.end(), 0) : 0;
      for (std::uint32_t t = sums.offsets[n]; t < sums.offsets[n + 1]; ++t) {
        const auto rows = from.table_inputs().subspan(std::size_t{t} * from.fan_in(), from.fan_in());
        std::vector<std::uint32_t> inputs(rows.begin(), rows.end());
        for (std::uint32_t& input : inputs) input = layer == 0 ? encoder_.live[input] : input;
        rank.add(inputs, entries_of(from.tables(), t), folded.flipped);
      }
    } else if (folded.flipped) {
      for (std::int32_t& weight : weights) weight = -weight;
    }
    sums.thresholds.insert(sums.thresholds.end(), folded.thresholds.begin(), folded.thresholds.end());
  }
  if (from.is_expanded()) append(model, rank.take());
  append(model, std::move(sums));
}

void BinaryNetwork::add_scores(model::Model& model) const {
  const BinaryLayer& last = *layers_.back();
  const model::ThresholdLayer terms = terms_of(layers_.size() - 1);
  const ScoreOffsets offsets = score_offsets();
  std::int32_t largest = 1;
  for (std::uint32_t c = 0; c < terms.neurons; ++c) largest = std::max(largest, offsets.terms[c] + offsets.added[c]);
  TableRank rank(last.is_expanded() ? last.fan_in() : 1);
  const std::array<float, 2> wire = {0, 1};
  for (std::uint32_t c = 0; c < terms.neurons; ++c) {
    for (std::uint32_t t = terms.offsets[c]; t < terms.offsets[c + 1]; ++t) {
      for (std::int32_t copy = 0; copy < std::abs(terms.weights[t]); ++copy) {
        if (last.is_expanded()) {
          rank.add(last.table_inputs().subspan(std::size_t{t} * last.fan_in(), last.fan_in()), entries_of(last.tables(), t), false);
        } else {
          rank.add(std::span(terms.inputs).subspan(t, 1), wire, terms.weights[t] < 0);
        }
      }
    }
    for (std::int32_t i = offsets.terms[c]; i < largest; ++i) rank.add_constant(i - offsets.terms[c] < offsets.added[c]);
  }
  append(model, rank.take());
  append(model, model::GroupSum{terms.neurons});
  append(model, model::Argmax{});
}

model::Model BinaryNetwork::make_model(const std::string& name, const std::vector<std::uint32_t>& shape) const {
  LUTGEN_CHECK(frozen_.size() == layers_.size());
  model::Model model;
  model.name = name;
  model.input = {shape, encoder_.type};
  append(model, encoder_.thermometer);
  for (std::size_t r = 0; r + 1 < layers_.size(); ++r) add_hidden(model, r);
  add_scores(model);
  return model;
}

std::vector<torch::Tensor> BinaryNetwork::trained() const {
  std::vector<torch::Tensor> tensors;
  for (const auto& layer : layers_) {
    const std::vector<torch::Tensor> more = layer->trained();
    tensors.insert(tensors.end(), more.begin(), more.end());
  }
  for (const torch::Tensor& scales : scales_) {
    if (scales.requires_grad()) tensors.push_back(scales);
  }
  return tensors;
}

void BinaryNetwork::train(bool on) {
  for (const auto& layer : layers_) layer->train(on);
}

}  // namespace lutgen::train

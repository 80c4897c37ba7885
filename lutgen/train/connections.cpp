// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/connections.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lutgen/base/parallel.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/train/multiversion.hpp"

namespace lutgen::train {
namespace {

constexpr std::size_t kLanes = 64;         // slots of a block
constexpr float kSquareMemory = 0.999F;

/// [slots of a block][samples] to [samples][kLanes]; lanes beyond the last slot are 0.
LUTGEN_MULTIVERSION
void transpose(const float* rows, std::size_t count, std::size_t samples, float* columns) {
  for (std::size_t s = 0; s < samples; ++s) {
    for (std::size_t lane = 0; lane < count; ++lane) columns[s * kLanes + lane] = rows[lane * samples + s];
    for (std::size_t lane = count; lane < kLanes; ++lane) columns[s * kLanes + lane] = 0;
  }
}

/// sum[lane] = sum over the listed samples of columns[sample][lane], in the order of the list.
LUTGEN_MULTIVERSION
void add_columns(const float* columns, const std::uint32_t* list, std::size_t count, float* sum) {
  Floats a{};
  Floats b{};
  Floats c{};
  Floats d{};
  for (std::size_t i = 0; i < count; ++i) {
    const float* column = columns + std::size_t{list[i]} * kLanes;
    a += *reinterpret_cast<const Floats*>(column);
    b += *reinterpret_cast<const Floats*>(column + 16);
    c += *reinterpret_cast<const Floats*>(column + 32);
    d += *reinterpret_cast<const Floats*>(column + 48);
  }
  *reinterpret_cast<Floats*>(sum) = a;
  *reinterpret_cast<Floats*>(sum + 16) = b;
  *reinterpret_cast<Floats*>(sum + 32) = c;
  *reinterpret_cast<Floats*>(sum + 48) = d;
}

/// gradient[lane] = (sum[lane] - base[lane]) * scale, and its square is added to squares[lane].
LUTGEN_MULTIVERSION
void finish_gradients(const float* base, float scale, float* gradient, float* squares) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const float value = (gradient[lane] - base[lane]) * scale;
    gradient[lane] = value;
    squares[lane] += value * value;
  }
}

/// One candidate's scores: momentum, step, and whether it is the best so far.
LUTGEN_MULTIVERSION
void move_scores(const float* gradient, const float* widths, float momentum, float index, float* scores, float* momenta,
                 float* best_score, float* best_index) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const float moved = momentum * momenta[lane] + (1 - momentum) * gradient[lane];
    momenta[lane] = moved;
    const float score = scores[lane] - widths[lane] * moved;
    scores[lane] = score;
    const bool is_better = score > best_score[lane];
    best_score[lane] = is_better ? score : best_score[lane];
    best_index[lane] = is_better ? index : best_index[lane];
  }
}

std::size_t block_count(std::size_t slots) { return (slots + kLanes - 1) / kLanes; }

}  // namespace

/// The samples in which each candidate is 1; where that is most of them, those in which it is 0.
struct Connections::BitLists {
  std::vector<std::uint32_t> samples;
  std::vector<std::size_t> offsets;  // [candidates + 1]
  std::vector<bool> holds_zeros;
};

Connections::Connections(std::uint32_t neurons, std::uint32_t fan_in, std::span<const double> weights, base::Rng& rng)
    : neurons_(neurons), fan_in_(fan_in), features_(static_cast<std::uint32_t>(weights.size())) {
  std::vector<double> total;  // running sums over the candidates
  for (std::uint32_t f = 0; f < features_; ++f) {
    if (weights[f] <= 0) continue;
    candidates_.push_back(f);
    total.push_back((total.empty() ? 0 : total.back()) + weights[f]);
  }
  LUTGEN_CHECK(candidates_.size() >= fan_in && candidates_.size() < (std::size_t{1} << 24));
  size_scores();
  const std::size_t slots = inputs_.size();
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const std::size_t first = slot / fan_in * fan_in;
    std::size_t candidate = 0;
    const auto is_taken = [&] {
      return std::find(inputs_.begin() + static_cast<std::ptrdiff_t>(first), inputs_.begin() + static_cast<std::ptrdiff_t>(slot),
                       candidates_[candidate]) != inputs_.begin() + static_cast<std::ptrdiff_t>(slot);
    };
    do {
      const auto found = std::upper_bound(total.begin(), total.end(), rng.unit() * total.back());
      candidate = std::min<std::size_t>(static_cast<std::size_t>(found - total.begin()), candidates_.size() - 1);
    } while (is_taken());
    connect(slot, candidate);
  }
}

void Connections::set_costs(std::span<const double> costs) {
  LUTGEN_CHECK(costs.size() == features_);
  costs_.assign(costs.begin(), costs.end());
}

void Connections::retire(std::span<const std::uint8_t> retired) {
  LUTGEN_CHECK(retired.size() == neurons_);
  retired_.assign(retired.begin(), retired.end());
}

/// What slots `first` to `first + count - 1` would pay for a candidate, or pay for it now, each added to `sums`.
void Connections::add_prices(float* sums, std::size_t candidate, std::size_t first, std::size_t count, float price) const {
  const std::uint32_t feature = candidates_[candidate];
  const float cost = price * costs_[feature];
  if (cost == 0) return;
  const auto readers = static_cast<float>(readers_[feature]);
  for (std::size_t lane = 0; lane < count; ++lane) {
    if (!retired_.empty() && retired_[(first + lane) / fan_in_] != 0) continue;
    sums[lane] += cost / (inputs_[first + lane] == feature ? readers : readers + 1);
  }
}

Connections::Connections(std::uint32_t neurons, std::uint32_t fan_in, std::uint32_t features, std::span<const std::uint32_t> first)
    : neurons_(neurons), fan_in_(fan_in), features_(features) {
  LUTGEN_CHECK(features >= fan_in && features < (std::uint32_t{1} << 24) && first.size() == std::size_t{neurons} * fan_in);
  for (std::uint32_t f = 0; f < features; ++f) candidates_.push_back(f);
  size_scores();
  for (std::size_t slot = 0; slot < first.size(); ++slot) {
    LUTGEN_CHECK(first[slot] < features);
    connect(slot, first[slot]);
  }
}

void Connections::size_scores() {
  const std::size_t slots = std::size_t{neurons_} * fan_in_;
  scores_.assign(block_count(slots) * candidates_.size() * kLanes, 0.0F);
  momenta_.assign(scores_.size(), 0.0F);
  squares_.assign(slots, 0.0F);
  best_.assign(slots, 0);
  inputs_.assign(slots, 0);
}

void Connections::connect(std::size_t slot, std::size_t candidate) {
  inputs_[slot] = candidates_[candidate];
  scores_[((slot / kLanes) * candidates_.size() + candidate) * kLanes + slot % kLanes] = kFirstScore;
}

Connections::BitLists Connections::list_bits(const LutBatch& batch, const std::uint8_t* bits) const {
  BitLists lists;
  lists.offsets.push_back(0);
  for (const std::uint32_t f : candidates_) {
    const std::uint8_t* row = bits + std::size_t{f} * batch.samples;
    const auto ones = static_cast<std::size_t>(std::count(row, row + batch.samples, std::uint8_t{1}));
    const bool zeros = 2 * ones > batch.samples;
    for (std::uint32_t s = 0; s < batch.samples; ++s) {
      if ((row[s] == 0) == zeros) lists.samples.push_back(s);
    }
    lists.holds_zeros.push_back(zeros);
    lists.offsets.push_back(lists.samples.size());
  }
  return lists;
}

void Connections::learn_block(std::size_t block, const LutBatch& batch, const BitLists& lists, const float* slot_gradients,
                              const ConnectionStep& step) {
  const std::size_t first = block * kLanes;
  const std::size_t count = std::min(kLanes, squares_.size() - first);
  const std::size_t candidates = candidates_.size();
  std::vector<float> columns(batch.samples * kLanes);
  transpose(slot_gradients + first * batch.samples, count, batch.samples, columns.data());
  std::vector<std::uint32_t> every(batch.samples);
  for (std::uint32_t s = 0; s < batch.samples; ++s) every[s] = s;
  std::vector<float> all(kLanes);
  add_columns(columns.data(), every.data(), every.size(), all.data());
  std::vector<float> sums(candidates * kLanes);
  for (std::size_t c = 0; c < candidates; ++c) {
    float* sum = &sums[c * kLanes];
    add_columns(columns.data(), lists.samples.data() + lists.offsets[c], lists.offsets[c + 1] - lists.offsets[c], sum);
    for (std::size_t lane = 0; lists.holds_zeros[c] && lane < kLanes; ++lane) sum[lane] = all[lane] - sum[lane];
    if (!costs_.empty() && step.price > 0) add_prices(sum, c, first, count, step.price);
  }
  std::vector<float> base(kLanes, 0.0F);
  for (std::size_t lane = 0; lane < count; ++lane) {
    const auto at = std::lower_bound(candidates_.begin(), candidates_.end(), inputs_[first + lane]) - candidates_.begin();
    base[lane] = sums[static_cast<std::size_t>(at) * kLanes + lane];
  }
  std::vector<float> squares(kLanes, 0.0F);
  for (std::size_t c = 0; c < candidates; ++c) {
    finish_gradients(base.data(), 1.0F / static_cast<float>(batch.samples), &sums[c * kLanes], squares.data());
  }
  // As in Adam (arXiv 1412.6980), with one square for all scores of a slot.
  const auto number = static_cast<double>(step.step);
  const auto square_bias = static_cast<float>(1 - std::pow(static_cast<double>(kSquareMemory), number));
  const auto momentum_bias = static_cast<float>(1 - std::pow(static_cast<double>(step.momentum), number));
  std::vector<float> widths(kLanes, 0.0F);
  for (std::size_t lane = 0; lane < count; ++lane) {
    float& square = squares_[first + lane];
    square = kSquareMemory * square + (1 - kSquareMemory) * squares[lane] / static_cast<float>(candidates);
    widths[lane] = step.rate / (std::sqrt(square / square_bias) + 1e-12F) / momentum_bias;
  }
  std::vector<float> best_score(kLanes, -std::numeric_limits<float>::infinity());
  std::vector<float> best_index(kLanes, 0.0F);  // whole numbers below 2^24
  for (std::size_t c = 0; c < candidates; ++c) {
    const std::size_t at = (block * candidates + c) * kLanes;
    move_scores(&sums[c * kLanes], widths.data(), step.momentum, static_cast<float>(c), &scores_[at], &momenta_[at],
                best_score.data(), best_index.data());
  }
  for (std::size_t lane = 0; lane < count; ++lane) best_[first + lane] = static_cast<std::uint32_t>(best_index[lane]);
}

void Connections::choose_inputs(std::size_t neuron) {
  const std::size_t first = neuron * fan_in_;
  for (std::size_t slot = first; slot < first + fan_in_; ++slot) {
    const auto is_taken = [&](std::uint32_t feature) {
      for (std::size_t other = first; other < slot; ++other) {
        if (inputs_[other] == feature) return true;
      }
      return false;
    };
    std::uint32_t feature = candidates_[best_[slot]];
    if (is_taken(feature)) {
      float best = -std::numeric_limits<float>::infinity();
      for (std::size_t c = 0; c < candidates_.size(); ++c) {
        const float score = scores_[((slot / kLanes) * candidates_.size() + c) * kLanes + slot % kLanes];
        if (score <= best || is_taken(candidates_[c])) continue;
        best = score;
        feature = candidates_[c];
      }
    }
    switches_ += inputs_[slot] != feature ? 1 : 0;
    inputs_[slot] = feature;
  }
}

void Connections::learn(const LutBatch& batch, const std::uint8_t* bits, const float* slot_gradients, const ConnectionStep& step,
                        std::size_t threads) {
  LUTGEN_CHECK(batch.neurons == neurons_ && batch.fan_in == fan_in_ && step.step >= 1);
  const BitLists lists = list_bits(batch, bits);
  readers_.assign(features_, 0);
  for (std::size_t slot = 0; slot < inputs_.size(); ++slot) {
    if (retired_.empty() || retired_[slot / fan_in_] == 0) ++readers_[inputs_[slot]];
  }
  base::parallel_for(block_count(squares_.size()), threads,
                     [&](std::size_t block) { learn_block(block, batch, lists, slot_gradients, step); });
  for (std::size_t n = 0; n < neurons_; ++n) choose_inputs(n);
}

std::vector<float> Connections::state() const {
  std::vector<float> state(inputs_.begin(), inputs_.end());  // whole numbers below 2^24
  for (const auto* part : {&scores_, &momenta_, &squares_}) state.insert(state.end(), part->begin(), part->end());
  return state;
}

void Connections::restore(std::span<const float> state) {
  LUTGEN_CHECK(state.size() == inputs_.size() + scores_.size() + momenta_.size() + squares_.size());
  std::transform(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(inputs_.size()), inputs_.begin(),
                 [](float value) { return static_cast<std::uint32_t>(value); });
  auto from = state.begin() + static_cast<std::ptrdiff_t>(inputs_.size());
  for (auto* part : {&scores_, &momenta_, &squares_}) {
    std::copy_n(from, part->size(), part->begin());
    from += static_cast<std::ptrdiff_t>(part->size());
  }
}

}  // namespace lutgen::train

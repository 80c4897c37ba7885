// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/counterexample.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/netlist/simulate.hpp"

namespace lutgen::prove {
namespace {

using model::FeatureType;
using netlist::NetId;

/// One bit a run, for each bit of the features port.
using Words = std::vector<std::uint64_t>;

/// A wrong output: which, in which runs.
struct WrongOutput {
  std::string output;
  std::uint64_t runs = 0;
  std::array<std::int64_t, 64> expected{};
  std::array<std::int64_t, 64> found{};
};

class Stream {
 public:
  explicit Stream(const SearchJob& job)
      : job_(job), codec_(job.model, job.form), simulator_(job.netlist), rng_(job.seed), valid_(job.latency + 1, 0) {}

  std::optional<CounterExample> run(std::size_t samples, const InputPattern& pattern, std::uint64_t& tried) {
    const std::size_t cycles = (samples + 63) / 64 + job_.latency;
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
      if (job_.progress != nullptr && cycle % 64 == 0) job_.progress->update("prove: simulated samples", cycle * 64, cycles * 64);
      send(draw(cycle, pattern));
      tried += 64;
      if (auto found = compare()) return found;
      step();
    }
    return std::nullopt;
  }

 private:
  /// 64 samples: drawn ones, or in every fourth word (and wherever the features are bits) random bits.
  Words draw(std::size_t cycle, const InputPattern& pattern) {
    Words words(job_.graph.input_count(), 0);
    if (cycle % 4 == 3) {
      for (std::uint64_t& word : words) word = rng_.next();
    } else {
      const data::Dataset drawn = eval::draw_samples(job_.model, 64, rng_.next());
      for (std::size_t s = 0; s < 64; ++s) {
        const std::vector<std::uint8_t> bits = codec_.bits_of(eval::sample_features(drawn, s));
        for (std::size_t i = 0; i < words.size(); ++i) words[i] |= std::uint64_t{bits[i]} << s;
      }
    }
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] >= 0) words[i] = pattern[i] != 0 ? ~std::uint64_t{0} : 0;
    }
    return words;
  }

  void send(Words words) {
    for (std::size_t i = 0; i < words.size(); ++i) simulator_.set_feature_bit(i, words[i]);
    sent_.push_back(std::move(words));
    if (sent_.size() > 2 * std::size_t{job_.latency} + 2) sent_.pop_front();
    in_valid_ = rng_.next() | rng_.next();
    reset_ = job_.latency == 0 ? 0 : rng_.next() & rng_.next() & rng_.next() & rng_.next() & rng_.next();
    simulator_.set_in_valid(in_valid_);
    simulator_.set_reset(reset_);
    simulator_.settle();
    valid_[0] = in_valid_;
    ++cycle_;
  }

  void step() {
    if (job_.latency == 0) return;
    simulator_.clock_edge();
    for (std::size_t s = valid_.size(); s-- > 1;) valid_[s] = valid_[s - 1] & ~reset_;
  }

  [[nodiscard]] std::int64_t number(std::span<const NetId> nets, unsigned run) const {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < nets.size(); ++i) {
      value |= static_cast<std::int64_t>(simulator_.value(nets[i]) >> run & 1) << i;
    }
    return value;
  }

  /// The first port with a wrong value in this cycle.
  [[nodiscard]] std::optional<WrongOutput> find_wrong() const {
    const netlist::Netlist& net = job_.netlist;
    WrongOutput wrong;
    const auto compare_number = [&](std::string output, std::span<const NetId> nets, const auto& expected) {
      wrong.output = std::move(output);
      for (unsigned s = 0; s < 64; ++s) {
        wrong.expected[s] = static_cast<std::int64_t>(expected(s));
        wrong.found[s] = number(nets, s);
        wrong.runs |= std::uint64_t{wrong.expected[s] != wrong.found[s]} << s;
      }
      return wrong.runs != 0;
    };
    const std::uint64_t due = valid_[job_.latency];
    if (compare_number("out_valid", std::array{net.out_valid}, [&](unsigned s) { return due >> s & 1; })) return wrong;
    if (cycle_ <= job_.latency) return std::nullopt;
    const Words& inputs = sent_[sent_.size() - 1 - job_.latency];
    const eval::SliceOutputs expected = eval::evaluate_bitsliced(job_.graph, inputs);
    if (!net.class_index.empty() &&
        compare_number("class_index", net.class_index, [&](unsigned s) { return expected.class_index[s]; })) {
      return wrong;
    }
    const std::size_t classes = job_.graph.outputs.scores.size();
    for (std::size_t c = 0; c < classes && !net.scores.empty(); ++c) {
      const std::size_t width = net.scores.size() / classes;
      const auto nets = std::span(net.scores).subspan(c * width, width);
      if (compare_number(fmt::format("scores[{}]", c), nets, [&](unsigned s) { return expected.scores[c][s]; })) return wrong;
    }
    for (std::size_t i = 0; i < net.bits.size(); ++i) {
      const auto bit = [&](unsigned s) { return expected.bits[i] >> s & 1; };
      if (compare_number(fmt::format("bits[{}]", i), std::span(net.bits).subspan(i, 1), bit)) return wrong;
    }
    return std::nullopt;
  }

  std::optional<CounterExample> compare() {
    const auto wrong = find_wrong();
    if (!wrong) return std::nullopt;
    const auto run = static_cast<unsigned>(std::countr_zero(wrong->runs));
    CounterExample example;
    example.output = wrong->output;
    example.expected = wrong->expected[run];
    example.found = wrong->found[run];
    // In the first cycles there may be no sample yet that is due.
    const std::size_t last = sent_.size() - 1;
    const std::size_t due = last < job_.latency ? 0 : last - job_.latency;
    example.bits = sample(due, run);
    const std::size_t first = job_.streams ? 0 : due;
    const std::size_t end = job_.streams ? last : due;
    example.after = end - due;
    for (std::size_t i = first; i <= end; ++i) {
      const auto features = codec_.features_of(sample(i, run));
      if (!features && i == due) return with_no_features(std::move(example));
      // A neighbour that no features give is left to chance.
      example.features.push_back(features.value_or(std::vector<double>(job_.model.input.feature_count(), 0.0)));
    }
    return example;
  }

  static CounterExample with_no_features(CounterExample example) {
    example.features.clear();
    example.after = 0;
    return example;
  }

  [[nodiscard]] std::vector<std::uint8_t> sample(std::size_t position, unsigned run) const {
    std::vector<std::uint8_t> bits;
    for (const std::uint64_t word : sent_[position]) bits.push_back(static_cast<std::uint8_t>(word >> run & 1));
    return bits;
  }

  const SearchJob& job_;
  InputCodec codec_;
  netlist::Simulator simulator_;
  base::Rng rng_;
  std::deque<Words> sent_;
  std::vector<std::uint64_t> valid_;  // [stage]: out_valid as it has to be
  std::uint64_t in_valid_ = 0;
  std::uint64_t reset_ = 0;
  std::size_t cycle_ = 0;
};

/// The smallest value of the type above `threshold`.
double value_above(double threshold, FeatureType type) {
  if (type == FeatureType::f32) return std::nextafter(static_cast<float>(threshold), std::numeric_limits<float>::infinity());
  return std::floor(threshold) + 1;
}

/// The least value of the type.
double lowest(FeatureType type) {
  switch (type) {
    case FeatureType::i8: return -128;
    case FeatureType::i16: return -32768;
    case FeatureType::i32: return -2147483648.0;
    case FeatureType::f32: return std::numeric_limits<float>::lowest();
    default: return 0;
  }
}

}  // namespace

InputCodec::InputCodec(const model::Model& model, logic::InputForm form) : model_(model) {
  if (form == logic::InputForm::features) return;
  for (const model::Layer& layer : model.layers) {
    if (const auto* encoder = std::get_if<model::Thermometer>(&layer.operation)) encoder_ = encoder;
  }
}

std::vector<std::uint8_t> InputCodec::bits_of(std::span<const double> features) const {
  std::vector<std::uint8_t> bits;
  if (encoder_ != nullptr) {
    for (std::size_t i = 0; i < encoder_->thresholds.size(); ++i) {
      bits.push_back(features[i / encoder_->levels] > encoder_->thresholds[i] ? 1 : 0);
    }
    return bits;
  }
  const std::uint32_t width = model::bits_per_feature(model_.input.type);
  for (const double feature : features) {
    const auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(feature));
    for (std::uint32_t b = 0; b < width; ++b) bits.push_back(static_cast<std::uint8_t>(value >> b & 1));
  }
  return bits;
}

double InputCodec::feature_between(std::span<const double> thresholds, std::span<const std::uint8_t> bits) const {
  double value = lowest(model_.input.type);
  for (std::size_t t = 0; t < thresholds.size(); ++t) {
    if (bits[t] != 0) value = std::max(value, value_above(thresholds[t], model_.input.type));
  }
  return value;
}

std::optional<std::vector<double>> InputCodec::features_of(std::span<const std::uint8_t> bits) const {
  std::vector<double> features;
  if (encoder_ != nullptr) {
    const std::size_t levels = encoder_->levels;
    for (std::size_t f = 0; f < encoder_->features; ++f) {
      features.push_back(feature_between(std::span(encoder_->thresholds).subspan(f * levels, levels), bits.subspan(f * levels, levels)));
    }
    const auto again = bits_of(features);
    if (!std::equal(again.begin(), again.end(), bits.begin(), bits.end())) return std::nullopt;
    return features;
  }
  const std::uint32_t width = model::bits_per_feature(model_.input.type);
  const FeatureType type = model_.input.type;
  const bool is_signed = type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
  for (std::size_t f = 0; f * width < bits.size(); ++f) {
    std::int64_t value = 0;
    for (std::uint32_t b = 0; b < width; ++b) value |= std::int64_t{bits[f * width + b]} << b;
    if (is_signed && bits[f * width + width - 1] != 0) value -= std::int64_t{1} << width;
    features.push_back(static_cast<double>(value));
  }
  return features;
}

std::optional<CounterExample> simulate_samples(const SearchJob& job, std::size_t samples, const InputPattern& pattern,
                                               std::uint64_t& tried) {
  return Stream(job).run(samples, pattern, tried);
}

}  // namespace lutgen::prove

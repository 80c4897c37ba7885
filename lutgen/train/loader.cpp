// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/loader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "lutgen/base/parallel.hpp"

namespace lutgen::train {
namespace {

/// A generator for one purpose: different arguments, different numbers.
base::Rng make_rng(std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample) {
  base::Rng outer(seed);
  base::Rng middle(outer.next() ^ epoch);
  return base::Rng(middle.next() ^ sample);
}

constexpr std::uint64_t kOrder = ~std::uint64_t{0};  // no sample

}  // namespace

Loader::Loader(const data::Dataset& dataset, const Encoder& encoder, const WarpOptions& warp, std::uint64_t seed, std::size_t threads)
    : dataset_(dataset), encoder_(encoder), warp_(warp), seed_(seed), threads_(threads) {}

std::vector<std::uint32_t> Loader::order_of(std::uint32_t epoch) const {
  std::vector<std::uint32_t> order(dataset_.sample_count());
  std::iota(order.begin(), order.end(), 0U);
  base::Rng rng = make_rng(seed_, epoch, kOrder);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

std::vector<float> Loader::values_of(std::uint32_t sample, std::uint32_t epoch) const {
  const std::size_t features = dataset_.feature_count();
  std::vector<float> values(features);
  std::visit(
      [&](const auto& all) {
        std::transform(all.begin() + static_cast<std::ptrdiff_t>(sample * features),
                       all.begin() + static_cast<std::ptrdiff_t>((sample + 1) * features), values.begin(),
                       [](auto value) { return static_cast<float>(value); });
      },
      dataset_.features);
  if (epoch > 0 && dataset_.shape.size() == 2 && (warp_.share > 0 || warp_.step > 0)) {
    base::Rng rng = make_rng(seed_, epoch, sample);
    std::vector<float> warped(features);
    warp_image(values, dataset_.shape[0], dataset_.shape[1], warp_, rng, warped);
    values = std::move(warped);
  }
  return values;
}

Batch Loader::load(std::span<const std::uint32_t> samples, std::uint32_t epoch) const {
  constexpr std::size_t kAtOnce = 32;
  Batch batch;
  batch.bits.resize(encoder_.live.size() * samples.size());
  batch.labels.resize(samples.size());
  if (keeps_values_) batch.values.resize(samples.size() * dataset_.feature_count());
  base::parallel_for((samples.size() + kAtOnce - 1) / kAtOnce, threads_, [&](std::size_t piece) {
    for (std::size_t i = piece * kAtOnce; i < std::min(samples.size(), (piece + 1) * kAtOnce); ++i) {
      const std::vector<float> values = values_of(samples[i], epoch);
      encode_sample(encoder_, values, &batch.bits[i], samples.size());
      if (keeps_values_) std::copy(values.begin(), values.end(), batch.values.begin() + static_cast<std::ptrdiff_t>(i * values.size()));
      batch.labels[i] = dataset_.labels[samples[i]];
    }
  });
  return batch;
}

}  // namespace lutgen::train

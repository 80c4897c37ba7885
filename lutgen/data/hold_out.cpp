// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/hold_out.hpp"

#include <cmath>
#include <numeric>
#include <type_traits>
#include <vector>

#include "lutgen/base/rng.hpp"

namespace lutgen::data {
namespace {

/// The samples for which `keep` is `wanted`.
Dataset pick(const Dataset& dataset, const std::vector<bool>& keep, bool wanted) {
  Dataset part;
  part.name = dataset.name;
  part.split = dataset.split;
  part.shape = dataset.shape;
  part.class_count = dataset.class_count;
  const std::size_t width = dataset.feature_count();
  std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> picked;
        for (std::size_t s = 0; s < dataset.sample_count(); ++s) {
          if (keep[s] != wanted) continue;
          const auto begin = values.begin() + static_cast<std::ptrdiff_t>(s * width);
          picked.insert(picked.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
          part.labels.push_back(dataset.labels[s]);
        }
        part.features = std::move(picked);
      },
      dataset.features);
  return part;
}

}  // namespace

HeldOut hold_out(const Dataset& dataset, double fraction, std::uint64_t seed) {
  LUTGEN_CHECK(fraction >= 0 && fraction < 1);
  const auto count = static_cast<std::size_t>(std::floor(fraction * static_cast<double>(dataset.sample_count())));
  std::vector<std::size_t> order(dataset.sample_count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<bool> is_held(dataset.sample_count(), false);
  base::Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(order[i], order[i + rng.below(order.size() - i)]);
    is_held[order[i]] = true;
  }
  return {pick(dataset, is_held, false), pick(dataset, is_held, true)};
}

}  // namespace lutgen::data

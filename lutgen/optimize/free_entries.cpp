// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/free_entries.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::optimize {
namespace {

/// Above it not all sets of inputs are tried.
constexpr int kMostInputs = 8;

/// The bits of `address` that stand in `mask`, packed.
std::uint32_t pack(std::uint32_t address, std::uint32_t mask) {
  std::uint32_t packed = 0;
  for (std::uint32_t rest = mask, k = 0; rest != 0; rest &= rest - 1, ++k) {
    packed |= ((address >> std::countr_zero(rest)) & 1) << k;
  }
  return packed;
}

/// The function of the inputs in `mask` alone, if there is one.
std::optional<truth::TruthTable> try_reduce(const PartialTable& partial, std::uint32_t mask) {
  truth::TruthTable table(std::popcount(mask));
  truth::TruthTable known(std::popcount(mask));
  for (std::uint32_t a = 0; a < partial.table.entries(); ++a) {
    if (!partial.care.bit(a)) continue;
    const std::uint32_t packed = pack(a, mask);
    const bool value = partial.table.bit(a);
    if (known.bit(packed) && table.bit(packed) != value) return std::nullopt;
    known.set_bit(packed, true);
    table.set_bit(packed, value);
  }
  return table;
}

Reduced drop_one_by_one(const PartialTable& partial, std::span<const std::uint32_t> costs) {
  Reduced result{(1u << partial.table.inputs()) - 1, partial.table};
  std::vector<std::uint32_t> order(costs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return costs[a] > costs[b]; });
  for (const std::uint32_t k : order) {
    const std::uint32_t mask = result.kept & ~(1u << k);
    if (auto table = try_reduce(partial, mask)) result = {mask, std::move(*table)};
  }
  return result;
}

}  // namespace

Reduced find_reduced(const PartialTable& partial, std::span<const std::uint32_t> costs) {
  const int inputs = partial.table.inputs();
  LUTGEN_CHECK(partial.care.inputs() == inputs && costs.size() == static_cast<std::size_t>(inputs));
  if (inputs > kMostInputs) return drop_one_by_one(partial, costs);
  Reduced best{(1u << inputs) - 1, partial.table};
  std::uint64_t least = std::accumulate(costs.begin(), costs.end(), std::uint64_t{0});
  for (std::uint32_t mask = 0; mask + 1 < 1u << inputs; ++mask) {
    std::uint64_t cost = 0;
    for (int k = 0; k < inputs; ++k) cost += ((mask >> k) & 1) != 0 ? costs[static_cast<std::size_t>(k)] : 0;
    if (cost >= least) continue;
    if (auto table = try_reduce(partial, mask)) {
      best = {mask, std::move(*table)};
      least = cost;
    }
  }
  return best;
}

}  // namespace lutgen::optimize

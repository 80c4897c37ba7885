// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/packing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lutgen::eval {
namespace {

/// A byte x is above `threshold` when it is above this one; thresholds below 0 are told apart before.
std::uint8_t byte_threshold(double threshold) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(threshold), 0.0, 255.0));
}

/// A finite float x is above `threshold` when it is above the largest float that is not above it.
float float_threshold(double threshold) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  if (threshold >= kLargest) return kLargest;
  if (threshold < -kLargest) return -std::numeric_limits<float>::infinity();
  const auto nearest = static_cast<float>(threshold);
  return nearest > threshold ? std::nextafter(nearest, -std::numeric_limits<float>::infinity()) : nearest;
}

}  // namespace

InputPacker::InputPacker(std::span<const EncodedBit> bits, std::size_t features, Target target)
    : kernels_(&bit_kernels(target)), lanes_(lanes_of(target)), inputs_(bits.size()), features_(features) {
  std::vector<std::uint32_t> order(bits.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) { return bits[x].feature < bits[y].feature; });
  for (std::size_t i = 0; i < order.size();) {
    // A tile does not go beyond the sample, so that a whole row of it can be read.
    const std::size_t last_start = features > kTile ? features - kTile : 0;
    const std::size_t first = std::min<std::size_t>(bits[order[i]].feature, last_start);
    std::size_t end = i;
    while (end < order.size() && bits[order[end]].feature < first + kTile) ++end;
    add_passes(first, std::span(order).subspan(i, end - i), bits);
    i = end;
  }
}

void InputPacker::add_passes(std::size_t first, std::span<const std::uint32_t> order, std::span<const EncodedBit> bits) {
  const std::size_t before = passes_.size();
  for (std::size_t i = 0, nth = 0; i < order.size(); ++i) {
    const EncodedBit& bit = bits[order[i]];
    nth = i > 0 && bits[order[i - 1]].feature == bit.feature ? nth + 1 : 0;
    if (before + nth == passes_.size()) {
      passes_.emplace_back();
      passes_.back().first_feature = first;
      passes_.back().width = std::min(kTile, features_ - first);
      passes_.back().bytes.resize(kTile);
      passes_.back().floats.resize(kTile);
    }
    Pass& pass = passes_[before + nth];
    const std::size_t column = bit.feature - first;
    pass.bytes[column] = byte_threshold(bit.threshold);
    pass.floats[column] = float_threshold(bit.threshold);
    pass.inputs.push_back(order[i]);
    pass.positions.push_back(kernels_->position[column]);
    if (bit.threshold < 0) always_for_bytes_.push_back(order[i]);
  }
}

template <class Value>
void InputPacker::pack_values(const Value* samples, std::size_t count, std::size_t ahead, CompareTile<Value> compare,
                              std::vector<Value> Pass::* thresholds, std::uint64_t* words) const {
  for (std::size_t group = 0; group * kTile < count; ++group) {
    const Value* rows = samples + group * kTile * features_;
    const std::size_t here = std::min(kTile, count - group * kTile);
    // The rows of the next group come while those of this one are compared.
    const std::size_t next = std::min(kTile, count + ahead - group * kTile - here);
    std::uint64_t* block = words + group / lanes_ * inputs_ * lanes_ + group % lanes_;
    std::size_t fetched = 0;
    for (const Pass& pass : passes_) {
      if (pass.first_feature >= fetched) {
        for (std::size_t s = 0; s < next; ++s) __builtin_prefetch(rows + (kTile + s) * features_ + pass.first_feature, 0, 2);
        fetched = pass.first_feature + 1;
      }
      alignas(64) std::uint64_t tile[kTile];
      compare(rows + pass.first_feature, features_, here, pass.width, (pass.*thresholds).data(), tile);
      for (std::size_t i = 0; i < pass.inputs.size(); ++i) block[pass.inputs[i] * lanes_] = tile[pass.positions[i]];
    }
  }
}

void InputPacker::pack(const std::uint8_t* samples, std::size_t count, std::size_t ahead, std::uint64_t* words) const {
  pack_values(samples, count, ahead, kernels_->compare_bytes, &Pass::bytes, words);
  for (std::size_t group = 0; group * kTile < count; ++group) {
    std::uint64_t* block = words + group / lanes_ * inputs_ * lanes_ + group % lanes_;
    for (const std::uint32_t input : always_for_bytes_) block[input * lanes_] = ~std::uint64_t{0};
  }
}

void InputPacker::pack(const float* samples, std::size_t count, std::size_t ahead, std::uint64_t* words) const {
  pack_values(samples, count, ahead, kernels_->compare_floats, &Pass::floats, words);
}

}  // namespace lutgen::eval

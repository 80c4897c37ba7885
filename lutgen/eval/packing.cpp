// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/packing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "lutgen/base/result.hpp"

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

/// The words of one tile, of all lanes, to where the program reads them. The number of lanes is known to the compiler, so that
/// there is no loop over them.
template <std::size_t... lane>
void collect(std::index_sequence<lane...>, const std::uint64_t* tiles, const std::uint8_t* at, std::span<const std::uint32_t> inputs,
             std::uint64_t* block) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::uint64_t* to = block + inputs[i] * sizeof...(lane);
    const std::uint64_t* from = tiles + at[i];
    ((to[lane] = from[lane * kTile]), ...);
  }
}

}  // namespace

InputPacker::InputPacker(std::span<const EncodedBit> bits, std::size_t features, Target target)
    : kernels_(&bit_kernels(target)), lanes_(lanes_of(target)), inputs_(bits.size()), features_(features) {
  LUTGEN_CHECK(lanes_ == 1 || lanes_ == 2 || lanes_ == 4 || lanes_ == 8);
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
    pass.byte_positions.push_back(kernels_->byte_position[column]);
    pass.float_positions.push_back(kernels_->float_position[column]);
    if (bit.threshold < 0) always_for_bytes_.push_back(order[i]);
  }
}

template <class Value>
void InputPacker::compare_group(const Value* rows, std::size_t samples, CompareTile<Value> compare,
                                std::vector<Value> Pass::* thresholds, std::uint64_t* tiles) const {
  for (const Pass& pass : passes_) {
    compare(rows + pass.first_feature, features_, samples, pass.width, (pass.*thresholds).data(), tiles);
    tiles += lanes_ * kTile;
  }
}

template <class Value>
void InputPacker::pack_values(const Value* samples, std::size_t count, CompareTile<Value> compare,
                              std::vector<Value> Pass::* thresholds, std::vector<std::uint8_t> Pass::* positions,
                              std::uint64_t* words, std::vector<std::uint64_t>& scratch) const {
  scratch.resize(passes_.size() * lanes_ * kTile);
  const std::size_t groups = (count + kTile - 1) / kTile;
  for (std::size_t first = 0; first < groups; first += lanes_) {
    // All tiles of a group while its rows are in the first-level cache; then, input by input, the words of all groups.
    const std::size_t lanes = std::min(lanes_, groups - first);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t done = (first + lane) * kTile;
      const std::size_t here = std::min(kTile, count - done);
      compare_group(samples + done * features_, here, compare, thresholds, scratch.data() + lane * kTile);
    }
    std::uint64_t* block = words + first * inputs_;
    for (std::size_t p = 0; p < passes_.size(); ++p) {
      const std::uint64_t* tiles = scratch.data() + p * lanes_ * kTile;
      const std::uint8_t* at = (passes_[p].*positions).data();
      const std::vector<std::uint32_t>& inputs = passes_[p].inputs;
      switch (lanes_) {
        case 1: collect(std::make_index_sequence<1>{}, tiles, at, inputs, block); break;
        case 2: collect(std::make_index_sequence<2>{}, tiles, at, inputs, block); break;
        case 4: collect(std::make_index_sequence<4>{}, tiles, at, inputs, block); break;
        default: collect(std::make_index_sequence<8>{}, tiles, at, inputs, block);
      }
    }
  }
}

void InputPacker::pack(const std::uint8_t* samples, std::size_t count, std::uint64_t* words,
                       std::vector<std::uint64_t>& scratch) const {
  pack_values(samples, count, kernels_->compare_bytes, &Pass::bytes, &Pass::byte_positions, words, scratch);
  for (std::size_t group = 0; group * kTile < count; ++group) {
    std::uint64_t* block = words + group / lanes_ * inputs_ * lanes_ + group % lanes_;
    for (const std::uint32_t input : always_for_bytes_) block[input * lanes_] = ~std::uint64_t{0};
  }
}

void InputPacker::pack(const float* samples, std::size_t count, std::uint64_t* words,
                       std::vector<std::uint64_t>& scratch) const {
  pack_values(samples, count, kernels_->compare_floats, &Pass::floats, &Pass::float_positions, words, scratch);
}

}  // namespace lutgen::eval

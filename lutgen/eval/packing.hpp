// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/eval/bit_kernels.hpp"

namespace lutgen::eval {

/// An input of a word program: the bit `feature > threshold`.
struct EncodedBit {
  std::uint32_t feature = 0;
  double threshold = 0;
};

/// Turns samples as they lie in memory into the inputs of a word program: only the bits that the program reads, 64 features
/// and 64 samples at a time.
class InputPacker {
 public:
  /// bits      input i of the program is bits[i]
  /// features  values of a sample
  /// target    whose kernels and whose word are used
  InputPacker(std::span<const EncodedBit> bits, std::size_t features, Target target);

  /// Packs `count` samples, of bytes or of floats (finite), one after the other.
  ///
  /// samples  [count][features]
  /// words    [blocks][inputs][lanes]: bit s of lane l of block b is sample 64 * (b * lanes + l) + s; bits of samples that are
  ///          not there are 0 or 1. As many blocks as samples need
  /// scratch  resized; kept between calls it is allocated once
  /// Cost     O(count * features / 64), for each threshold that the busiest feature of 64 has
  void pack(const std::uint8_t* samples, std::size_t count, std::uint64_t* words,
            std::vector<std::uint64_t>& scratch) const;
  void pack(const float* samples, std::size_t count, std::uint64_t* words,
            std::vector<std::uint64_t>& scratch) const;

 private:
  /// A tile of features, at one threshold each; which of its bits are wanted, and where.
  struct Pass {
    std::size_t first_feature = 0;
    std::size_t width = 0;
    std::vector<std::uint8_t> bytes;
    std::vector<float> floats;
    std::vector<std::uint32_t> inputs;
    std::vector<std::uint8_t> byte_positions;
    std::vector<std::uint8_t> float_positions;
  };
  void add_passes(std::size_t first, std::span<const std::uint32_t> order, std::span<const EncodedBit> bits);
  template <class Value>
  void compare_group(const Value* rows, std::size_t samples, CompareTile<Value> compare,
                     std::vector<Value> Pass::* thresholds, std::uint64_t* tiles) const;
  template <class Value>
  void pack_values(const Value* samples, std::size_t count, CompareTile<Value> compare,
                   std::vector<Value> Pass::* thresholds, std::vector<std::uint8_t> Pass::* positions, std::uint64_t* words,
                   std::vector<std::uint64_t>& scratch) const;

  const BitKernels* kernels_;
  std::size_t lanes_;
  std::size_t inputs_;
  std::size_t features_;
  std::vector<Pass> passes_;
  std::vector<std::uint32_t> always_for_bytes_;  // inputs that are 1 whatever the byte is
};

}  // namespace lutgen::eval

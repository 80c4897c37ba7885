// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/large_vector.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::logic {

/// A bit-valued node; ids grow in evaluation order. 0 and 1 are the constants.
enum class BitId : std::uint32_t { zero = 0, one = 1 };
/// An integer-valued sum.
enum class SumId : std::uint32_t {};
/// Says that no bit, or no sum, of a graph holds a value.
inline constexpr BitId kNoBit{0xFFFFFFFF};
inline constexpr SumId kNoSum{0xFFFFFFFF};

/// Position of a bit or sum in its graph. O(1).
[[nodiscard]] constexpr std::uint32_t index_of(BitId id) { return static_cast<std::uint32_t>(id); }
[[nodiscard]] constexpr std::uint32_t index_of(SumId id) { return static_cast<std::uint32_t>(id); }

/// How a bit comes about.
enum class BitKind : std::uint8_t { constant, input, lut, compare };

/// Which value of which model layer a node stands for.
///
/// layer  index in the model's list
/// index  threshold bit, neuron (of a threshold layer: neuron * its bits + bit) or group in that layer; of a
///        sum that is compared: feature or neuron
/// part   0: that value itself; node of the search tree that gives a neuron's later bits otherwise
struct Origin {
  std::uint32_t layer = 0;
  std::uint32_t index = 0;
  std::uint32_t part = 0;
};

/// One bit times a weight, as part of a sum.
struct Term {
  BitId bit = BitId::zero;
  std::int64_t weight = 1;
};

/// An integer: constant + sum of weight * bit. `minimum` and `maximum` bound its value.
struct Sum {
  std::uint32_t first_term = 0;
  std::uint32_t term_count = 0;
  std::int64_t constant = 0;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  Origin origin;
};

/// What the network gives to the outside.
///
/// bits    [..] when the model ends in bits, else empty
/// scores  [classes] when it has scores, else empty
/// score_bits  least width of a score where it goes out, so that ports do not depend on how well it is bounded
/// argmax  whether the class index (of the largest score; the lowest index wins a tie) is an output;
///         argmax_layer is then its layer in the model
struct Outputs {
  std::vector<BitId> bits;
  std::vector<SumId> scores;
  std::uint32_t score_bits = 0;
  bool argmax = false;
  std::uint32_t argmax_layer = 0;
};

/// The second of the four forms: one graph of bits and sums, with no device and no clock.
///
/// Bits are inputs (numbered as on the port), tables of any fan-in, or comparisons of a sum with a
/// constant. Every node reads only nodes with lower ids, so one pass in id order evaluates it.
class Graph {
 public:
  Graph();

  /// Makes room for so many bits and fan-ins of all tables.
  void reserve(std::size_t bits, std::size_t fanins);

  /// A new input bit; inputs are numbered 0, 1, ... in the order of these calls.
  BitId add_input();
  /// A table over earlier bits; `fanins[k]` is input k (bit k of the address).
  BitId add_lut(const truth::TruthTable& table, std::span<const BitId> fanins, Origin origin);
  /// The bit `sum > constant`.
  BitId add_compare(SumId sum, std::int64_t constant, Origin origin);
  /// A sum over earlier bits.
  SumId add_sum(std::span<const Term> terms, std::int64_t constant, Origin origin);

  [[nodiscard]] std::uint32_t bit_count() const { return static_cast<std::uint32_t>(nodes_.size()); }
  [[nodiscard]] std::uint32_t input_count() const { return input_count_; }
  [[nodiscard]] std::uint32_t lut_count() const { return lut_count_; }
  /// Fan-ins of all tables.
  [[nodiscard]] std::size_t fanin_count() const { return fanins_.size(); }
  [[nodiscard]] std::uint32_t sum_count() const { return static_cast<std::uint32_t>(sums_.size()); }

  [[nodiscard]] BitKind kind(BitId id) const { return node(id).kind; }
  [[nodiscard]] Origin origin(BitId id) const { return node(id).origin; }
  /// Port position of an input bit.
  [[nodiscard]] std::uint32_t input_index(BitId id) const;
  /// Table of a lut node; a copy.
  [[nodiscard]] truth::TruthTable table(BitId id) const;
  /// Words of a lut node's table (see truth::TruthTable::words). O(1).
  [[nodiscard]] std::span<const std::uint64_t> table_words(BitId id) const;
  [[nodiscard]] std::span<const BitId> fanins(BitId id) const {
    const Node& lut = node(id);
    if (lut.kind != BitKind::lut) return {};
    return {fanins_.data() + lut.first, lut.fanin_count};
  }
  /// Fetch what `kind` and `fanins` will read, so that it is there when it is needed: bits of large graphs lie anywhere in memory. The
  /// second needs what the first fetches.
  void fetch(BitId id) const { __builtin_prefetch(&node(id)); }
  void fetch_fanins(BitId id) const {
    if (node(id).kind == BitKind::lut) __builtin_prefetch(fanins_.data() + node(id).first);
  }

  /// The sum that a compare node looks at, and the constant it must exceed.
  [[nodiscard]] SumId compared_sum(BitId id) const;
  [[nodiscard]] std::int64_t compared_constant(BitId id) const;

  [[nodiscard]] const Sum& sum(SumId id) const { return sums_[index_of(id)]; }
  [[nodiscard]] std::span<const Term> terms(SumId id) const;

  Outputs outputs;

  /// For every bit: whether an output depends on it through any path. O(nodes + fan-ins).
  [[nodiscard]] std::vector<bool> compute_live_bits() const;

 private:
  struct Node {
    BitKind kind = BitKind::constant;
    std::uint8_t fanin_count = 0;
    Origin origin;
    std::uint32_t first = 0;   // fan-ins of a lut; number of an input; sum of a compare
    std::uint64_t table = 0;   // word of a small table; offset of a wide one; constant of a compare
  };
  [[nodiscard]] const Node& node(BitId id) const { return nodes_[index_of(id)]; }
  BitId add_node(const Node& node);

  base::LargeVector<Node> nodes_;
  base::LargeVector<BitId> fanins_;
  std::vector<std::uint64_t> wide_tables_;
  std::vector<Sum> sums_;
  std::vector<Term> terms_;
  std::uint32_t input_count_ = 0;
  std::uint32_t lut_count_ = 0;
};

}  // namespace lutgen::logic

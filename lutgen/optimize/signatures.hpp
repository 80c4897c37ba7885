// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/base/large_vector.hpp"
#include "lutgen/logic/graph.hpp"

namespace lutgen::optimize {

/// The values of a bit at 256 samples.
using Signature = std::array<std::uint64_t, 4>;

/// Simulates the bits of a graph as it grows, at 256 samples drawn with a fixed seed: bits that differ there are not equal.
class Signatures {
 public:
  explicit Signatures(const logic::Graph& graph) : graph_(graph) {}

  /// Makes room for that many bits.
  void reserve(std::size_t bits) { signatures_.reserve(bits); }
  /// Simulates the bits that were added since the last call. O(entries of their tables, terms of their sums).
  void update();
  /// Of a bit that `update` has seen (checked). O(1).
  [[nodiscard]] const Signature& at(logic::BitId bit) const { return signatures_.at(logic::index_of(bit)); }
  /// Of a table of bits that `update` has seen. O(entries).
  [[nodiscard]] Signature evaluate(const truth::TruthTable& table, std::span<const logic::BitId> fanins) const;

 private:
  using Sums = std::array<std::int64_t, 256>;
  const Sums& values(logic::SumId sum);
  Signature draw(std::uint32_t input) const;

  const logic::Graph& graph_;
  base::LargeVector<Signature> signatures_;  // [bits]
  logic::SumId latest_ = logic::kNoSum;  // of the last comparison: comparisons of one sum mostly follow each other
  Sums sums_{};
};

}  // namespace lutgen::optimize

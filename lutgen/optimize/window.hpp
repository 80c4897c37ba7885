// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::optimize {

/// No comparison of more terms is looked through.
inline constexpr std::size_t kMostOpenTerms = 8;

/// Some bits of a graph as functions of other bits of it, the leaves, which are taken as free.
///
/// leaves      sorted
/// inner       sorted: tables and small comparisons that stand between the bits asked for and the leaves
/// is_related  whether some values of the bits asked for may not occur: two of them depend on a common bit, or two leaves
///             are comparisons of one sum
struct Window {
  std::vector<logic::BitId> leaves;
  std::vector<logic::BitId> inner;
  bool is_related = false;
};

/// Finds windows in a graph, which may grow between the calls.
class WindowFinder {
 public:
  explicit WindowFinder(const logic::Graph& graph);

  /// A window for `tops`, 64 bits at most (checked), each once and none constant, of at most `most_leaves` leaves, or the
  /// tops themselves. Only what leads to a bit that two tops depend on is opened, what adds fewest leaves first. Cost:
  /// independent of the size of the graph, some 48 bits are looked at.
  [[nodiscard]] Window find(std::span<const logic::BitId> tops, std::size_t most_leaves);

 private:
  struct Visit {
    std::uint64_t tops = 0;      // which of the tops depend on the bit
    std::uint32_t readers = 0;   // bits of the visit that read it, and one if it is a top
    std::uint32_t number = 0;    // of the call that wrote this
    logic::BitId bit = logic::BitId::zero;
    bool leads = false;          // to a bit that is read twice
  };
  /// What is known of a bit in this call, found by hashing: a call meets few bits, which may lie anywhere in a large graph.
  Visit& visit(logic::BitId bit);
  /// Visits what the tops depend on; whether a bit is read twice there, by different tops.
  bool look_down(std::span<const logic::BitId> tops);

  const logic::Graph& graph_;
  std::vector<Visit> visits_;           // by hash; more than a call can meet
  std::vector<logic::BitId> visited_;   // by falling id
  std::vector<logic::BitId> queue_;     // a heap: of the last call
  std::uint32_t number_ = 0;
};

/// All values of the bits of a window: one for each combination of its leaves, leaf k being bit k of the combination.
class WindowValues {
 public:
  /// Simulates. Cost O(2^leaves * entries of the inner tables / 64).
  WindowValues(const logic::Graph& graph, const Window& window);

  /// Number of 64-bit words of a value: combination c is bit c%64 of word c/64; beyond 2^leaves they mean nothing.
  [[nodiscard]] std::size_t words() const { return possible_.size(); }
  /// The values of a leaf or an inner bit (checked).
  [[nodiscard]] std::span<const std::uint64_t> at(logic::BitId bit) const;
  /// Which combinations may occur: not those in which a comparison of a sum holds and one with a lower constant does not.
  [[nodiscard]] std::span<const std::uint64_t> possible() const { return possible_; }
  /// The values of a table of bits that are in the window.
  [[nodiscard]] std::vector<std::uint64_t> evaluate(const truth::TruthTable& table, std::span<const logic::BitId> fanins) const;

 private:
  void rule_out(const logic::Graph& graph, const Window& window);
  void add_compare(const logic::Graph& graph, logic::BitId bit);

  std::vector<logic::BitId> bits_;       // sorted
  std::vector<std::size_t> offsets_;     // of bits_, in values_
  std::vector<std::uint64_t> values_;
  std::vector<std::uint64_t> possible_;
};

/// The bits that a table or a small comparison reads; none for other bits.
[[nodiscard]] std::vector<logic::BitId> open_fanins(const logic::Graph& graph, logic::BitId bit);

}  // namespace lutgen::optimize

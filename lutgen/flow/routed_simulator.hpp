// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/flow/routed_netlist.hpp"

namespace lutgen::flow {

/// Simulates a routed netlist cycle by cycle, many independent runs at once: bit s of word w of a net is run
/// 64 * w + s.
///
/// Only tables and flops whose inputs changed are looked at, and a net that is the same in all runs is one bit:
/// a cycle in which nothing but a counter moves costs as much as for a single run. Every flop starts at its
/// `initial`.
class RoutedSimulator {
 public:
  /// netlist  must outlive the simulator
  /// words    runs / 64, at least 1
  RoutedSimulator(const RoutedNetlist& netlist, std::size_t words);

  /// Words of a net.
  [[nodiscard]] std::size_t words() const { return words_; }

  /// Sets an input port's net, or the state of the flop that drives the net; `values` has `words()` words.
  /// A flop keeps that state until the next clock edge.
  void set(RoutedNet net, std::span<const std::uint64_t> values);
  /// The same value in all runs.
  void set(RoutedNet net, bool value);

  /// Lets everything settle.
  void settle();
  /// One rising clock edge: every flop takes its input, then everything settles.
  void clock_edge();

  /// The values of a net; `words()` words, valid until the next call that is not const.
  [[nodiscard]] std::span<const std::uint64_t> values(RoutedNet net) const;
  /// The value of a net in one run.
  [[nodiscard]] bool value(RoutedNet net, std::size_t run) const {
    return ((values(net)[run / 64] >> (run % 64)) & 1) != 0;
  }

  /// Tables and flops evaluated so far, and clock edges.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] std::uint64_t edges() const { return edges_; }

 private:
  /// A net is the same in all runs, or differs.
  enum class State : std::uint8_t { zero, one, mixed };

  /// A table without the inputs that it does not depend on.
  struct Gate {
    std::uint64_t init = 0;
    std::uint32_t output = 0;
    std::uint32_t input_count = 0;
    std::array<std::uint32_t, 6> inputs{};
  };

  void build_fanout();
  void evaluate(const Gate& gate);
  const std::uint64_t* reduce(std::uint64_t init, std::size_t count, const std::uint64_t* const* inputs,
                              std::size_t slot);
  void compute_next(const RoutedFlop& flop, std::uint64_t* next);
  State next_uniform(const RoutedFlop& flop) const;
  void store(std::uint32_t net, State state, const std::uint64_t* words);
  void store_words(std::uint32_t net, const std::uint64_t* words);
  void mark_gate(std::uint32_t gate);
  void mark_flop(std::uint32_t flop);
  [[nodiscard]] const std::uint64_t* words_of(std::uint32_t net) const;

  const RoutedNetlist& netlist_;
  std::size_t words_;
  std::vector<Gate> gates_;
  std::vector<State> states_;                // [nets]
  std::vector<std::uint64_t> values_;        // [nets][words], where the state is mixed
  std::vector<std::uint64_t> constants_;     // [2][words]
  std::vector<std::uint64_t> scratch_;       // [slots][words]
  std::vector<std::uint32_t> gate_first_;    // [nets + 1] into gate_readers_
  std::vector<std::uint32_t> gate_readers_;  // indices into gates_
  std::vector<std::uint32_t> flop_first_;    // [nets + 1] into flop_readers_
  std::vector<std::uint32_t> flop_readers_;  // indices into netlist_.flops
  std::vector<std::uint64_t> dirty_;         // a bit a gate
  std::vector<std::uint64_t> dirty_words_;   // a bit a word of dirty_
  std::vector<std::uint32_t> pending_;       // flops to look at on the next edge
  std::vector<std::uint8_t> is_pending_;     // [flops]
  std::vector<std::uint32_t> taken_;         // those of the edge in progress
  std::vector<State> next_states_;
  std::vector<std::uint64_t> next_values_;
  std::uint64_t evaluations_ = 0;
  std::uint64_t edges_ = 0;
};

}  // namespace lutgen::flow

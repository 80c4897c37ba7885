// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_simulator.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/truth/truth_table.hpp"

namespace lutgen::flow {
namespace {

/// Entries of a table of `count` inputs, count <= 6.
constexpr std::uint64_t all_entries(std::size_t count) {
  return count == 6 ? ~std::uint64_t{0} : (std::uint64_t{1} << (std::size_t{1} << count)) - 1;
}

/// The nets of 0 and 1.
constexpr std::array<std::uint32_t, 2> kConstants = {0, 1};

constexpr std::size_t kSlots = 8;  // scratch buffers of `reduce`, one for each depth and one for inputs

}  // namespace

RoutedSimulator::RoutedSimulator(const RoutedNetlist& netlist, std::size_t words)
    : netlist_(netlist),
      words_(words),
      states_(netlist.net_count(), State::zero),
      values_(netlist.net_count() * words, 0),
      constants_(2 * words, 0),
      scratch_(kSlots * words, 0),
      is_pending_(netlist.flops.size(), 0) {
  LUTGEN_CHECK(words > 0);
  std::fill(constants_.begin() + static_cast<std::ptrdiff_t>(words), constants_.end(), ~std::uint64_t{0});
  for (const RoutedTable& table : netlist.tables) {
    std::array<std::uint32_t, 6> signals{};
    for (std::size_t i = 0; i < table.input_count; ++i) signals[i] = index_of(table.inputs[i]);
    const auto [function, inputs] = truth::simplify(truth::TruthTable::from_word(table.input_count, table.init),
                                                    std::span(signals).first(table.input_count), kConstants);
    Gate gate{function.word(), index_of(table.output), static_cast<std::uint32_t>(inputs.size()), {}};
    std::copy(inputs.begin(), inputs.end(), gate.inputs.begin());
    gates_.push_back(gate);
  }
  build_fanout();
  states_[index_of(RoutedNet::one)] = State::one;
  dirty_.assign(gates_.size() / 64 + 1, 0);
  dirty_words_.assign(dirty_.size() / 64 + 1, 0);
  for (std::uint32_t i = 0; i < gates_.size(); ++i) mark_gate(i);
  for (std::uint32_t i = 0; i < netlist.flops.size(); ++i) {
    states_[index_of(netlist.flops[i].output)] = netlist.flops[i].initial ? State::one : State::zero;
    mark_flop(i);
  }
}

void RoutedSimulator::build_fanout() {
  const std::size_t nets = netlist_.net_count();
  gate_first_.assign(nets + 1, 0);
  flop_first_.assign(nets + 1, 0);
  const auto each_flop_input = [](const RoutedFlop& flop, auto&& use) {
    for (const RoutedNet net : {flop.data, flop.enable, flop.reset}) use(index_of(net));
  };
  for (const Gate& gate : gates_) {
    for (std::size_t i = 0; i < gate.input_count; ++i) ++gate_first_[gate.inputs[i] + 1];
  }
  for (const RoutedFlop& flop : netlist_.flops) each_flop_input(flop, [&](std::uint32_t net) { ++flop_first_[net + 1]; });
  for (std::size_t net = 0; net < nets; ++net) {
    gate_first_[net + 1] += gate_first_[net];
    flop_first_[net + 1] += flop_first_[net];
  }
  gate_readers_.resize(gate_first_.back());
  flop_readers_.resize(flop_first_.back());
  std::vector<std::uint32_t> next_gate = gate_first_;
  std::vector<std::uint32_t> next_flop = flop_first_;
  for (std::uint32_t i = 0; i < gates_.size(); ++i) {
    for (std::size_t pin = 0; pin < gates_[i].input_count; ++pin) gate_readers_[next_gate[gates_[i].inputs[pin]]++] = i;
  }
  for (std::uint32_t i = 0; i < netlist_.flops.size(); ++i) {
    each_flop_input(netlist_.flops[i], [&](std::uint32_t net) { flop_readers_[next_flop[net]++] = i; });
  }
}

void RoutedSimulator::mark_gate(std::uint32_t gate) {
  dirty_[gate / 64] |= std::uint64_t{1} << (gate % 64);
  dirty_words_[gate / 4096] |= std::uint64_t{1} << (gate / 64 % 64);
}

void RoutedSimulator::mark_flop(std::uint32_t flop) {
  if (is_pending_[flop] != 0) return;
  is_pending_[flop] = 1;
  pending_.push_back(flop);
}

const std::uint64_t* RoutedSimulator::words_of(std::uint32_t net) const {
  if (states_[net] == State::mixed) return values_.data() + net * words_;
  return constants_.data() + (states_[net] == State::one ? words_ : 0);
}

std::span<const std::uint64_t> RoutedSimulator::values(RoutedNet net) const { return {words_of(index_of(net)), words_}; }

void RoutedSimulator::store(std::uint32_t net, State state, const std::uint64_t* words) {
  if (state != State::mixed) {
    if (states_[net] == state) return;
  } else {
    std::uint64_t* known = values_.data() + net * words_;
    if (states_[net] == State::mixed && std::equal(words, words + words_, known)) return;
    std::copy_n(words, words_, known);
  }
  states_[net] = state;
  for (std::uint32_t i = gate_first_[net]; i < gate_first_[net + 1]; ++i) mark_gate(gate_readers_[i]);
  for (std::uint32_t i = flop_first_[net]; i < flop_first_[net + 1]; ++i) mark_flop(flop_readers_[i]);
}

void RoutedSimulator::store_words(std::uint32_t net, const std::uint64_t* words) {
  const bool same = std::all_of(words, words + words_, [&](std::uint64_t word) { return word == words[0]; });
  State state = State::mixed;
  if (same && words[0] == 0) state = State::zero;
  if (same && words[0] == ~std::uint64_t{0}) state = State::one;
  store(net, state, words);
}

void RoutedSimulator::set(RoutedNet net, std::span<const std::uint64_t> values) {
  LUTGEN_CHECK(values.size() == words_);
  const std::uint32_t flop = netlist_.flop_of_net[index_of(net)];
  if (flop != RoutedNetlist::kNoFlop) mark_flop(flop);
  store_words(index_of(net), values.data());
}

void RoutedSimulator::set(RoutedNet net, bool value) {
  const std::uint32_t flop = netlist_.flop_of_net[index_of(net)];
  if (flop != RoutedNetlist::kNoFlop) mark_flop(flop);
  store(index_of(net), value ? State::one : State::zero, nullptr);
}

/// Shannon's expansion from the highest input down; halves that are equal, opposite or constant cost nothing.
/// The result stands in a scratch buffer from `slot` up, or is an input or a constant itself.
const std::uint64_t* RoutedSimulator::reduce(std::uint64_t init, std::size_t count, const std::uint64_t* const* inputs,
                                             std::size_t slot) {
  const std::uint64_t all = all_entries(count);
  if (init == 0) return constants_.data();
  if (init == all) return constants_.data() + words_;
  const std::size_t half_entries = std::size_t{1} << (count - 1);
  const std::uint64_t half = all_entries(count - 1);
  const std::uint64_t low = init & half;
  const std::uint64_t high = init >> half_entries;
  const std::uint64_t* select = inputs[count - 1];
  if (select == constants_.data()) return reduce(low, count - 1, inputs, slot);
  if (select == constants_.data() + words_) return reduce(high, count - 1, inputs, slot);
  if (low == high) return reduce(low, count - 1, inputs, slot);
  if (low == 0 && high == half) return select;
  std::uint64_t* result = scratch_.data() + slot * words_;
  if (low == (~high & half)) {
    const std::uint64_t* base = reduce(low, count - 1, inputs, slot);
    for (std::size_t w = 0; w < words_; ++w) result[w] = base[w] ^ select[w];
    return result;
  }
  const std::uint64_t* zero = reduce(low, count - 1, inputs, slot);
  const std::uint64_t* one = reduce(high, count - 1, inputs, slot + 1);
  for (std::size_t w = 0; w < words_; ++w) result[w] = zero[w] ^ (select[w] & (zero[w] ^ one[w]));
  return result;
}

void RoutedSimulator::evaluate(const Gate& gate) {
  ++evaluations_;
  std::array<const std::uint64_t*, 6> inputs{};
  std::size_t mixed = 0;
  std::size_t address = 0;
  for (std::size_t i = 0; i < gate.input_count; ++i) {
    const State state = states_[gate.inputs[i]];
    if (state == State::mixed) ++mixed;
    address |= std::size_t{state == State::one} << i;
  }
  if (mixed == 0) {
    store(gate.output, ((gate.init >> address) & 1) != 0 ? State::one : State::zero, nullptr);
    return;
  }
  for (std::size_t i = 0; i < gate.input_count; ++i) inputs[i] = words_of(gate.inputs[i]);
  store_words(gate.output, reduce(gate.init, gate.input_count, inputs.data(), 0));
}

void RoutedSimulator::settle() {
  for (std::size_t group = 0; group < dirty_words_.size(); ++group) {
    while (dirty_words_[group] != 0) {
      const std::size_t word = group * 64 + static_cast<std::size_t>(std::countr_zero(dirty_words_[group]));
      while (dirty_[word] != 0) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(dirty_[word]));
        dirty_[word] &= dirty_[word] - 1;
        evaluate(gates_[word * 64 + bit]);
      }
      dirty_words_[group] &= ~(std::uint64_t{1} << (word % 64));
    }
  }
}

/// The next state when every input that decides is the same in all runs, else State::mixed.
RoutedSimulator::State RoutedSimulator::next_uniform(const RoutedFlop& flop) const {
  const State reset = states_[index_of(flop.reset)];
  const State enable = states_[index_of(flop.enable)];
  if (reset == State::mixed || enable == State::mixed) return State::mixed;
  const bool resets = reset == State::one && (!flop.reset_needs_enable || enable == State::one);
  if (resets) return flop.reset_value ? State::one : State::zero;
  return states_[index_of(enable == State::one ? flop.data : flop.output)];
}

void RoutedSimulator::compute_next(const RoutedFlop& flop, std::uint64_t* next) {
  const std::uint64_t* data = words_of(index_of(flop.data));
  const std::uint64_t* enable = words_of(index_of(flop.enable));
  const std::uint64_t* reset = words_of(index_of(flop.reset));
  const std::uint64_t* old = words_of(index_of(flop.output));
  const std::uint64_t value = flop.reset_value ? ~std::uint64_t{0} : 0;
  for (std::size_t w = 0; w < words_; ++w) {
    const std::uint64_t resets = flop.reset_needs_enable ? reset[w] & enable[w] : reset[w];
    const std::uint64_t held = old[w] ^ (enable[w] & (old[w] ^ data[w]));
    next[w] = held ^ (resets & (held ^ value));
  }
}

void RoutedSimulator::clock_edge() {
  settle();
  ++edges_;
  taken_.swap(pending_);
  pending_.clear();
  if (next_states_.size() < taken_.size()) {
    next_states_.resize(taken_.size());
    next_values_.resize(taken_.size() * words_);
  }
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    is_pending_[taken_[i]] = 0;
    const RoutedFlop& flop = netlist_.flops[taken_[i]];
    next_states_[i] = next_uniform(flop);
    if (next_states_[i] == State::mixed) compute_next(flop, next_values_.data() + i * words_);
  }
  evaluations_ += taken_.size();
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    const std::uint32_t net = index_of(netlist_.flops[taken_[i]].output);
    if (next_states_[i] == State::mixed) {
      store_words(net, next_values_.data() + i * words_);
    } else {
      store(net, next_states_[i], nullptr);
    }
  }
  settle();
}

}  // namespace lutgen::flow

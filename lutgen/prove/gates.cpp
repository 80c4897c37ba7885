// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/gates.hpp"

#include <algorithm>

#include "lutgen/base/result.hpp"

namespace lutgen::prove {
namespace {

using tech::Cell;

/// Samples of an exhaustive run over n <= 6 inputs: bit s of word k is bit k of s.
constexpr std::array<std::uint64_t, kGateInputs> kPatterns = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                                              0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};

constexpr std::uint64_t mask_of(std::size_t inputs) {
  return inputs == kGateInputs ? ~std::uint64_t{0} : (std::uint64_t{1} << (std::size_t{1} << inputs)) - 1;
}

/// Table of output `output` of a cell over its input pins `pins` (all others 0).
std::uint64_t pin_table(Cell type, std::uint64_t init, std::size_t output, std::span<const std::size_t> pins) {
  const tech::CellType& kind = tech::cell_type(type);
  std::vector<std::uint64_t> in(kind.input_bits, 0);
  std::vector<std::uint64_t> out(kind.output_bits, 0);
  for (std::size_t k = 0; k < pins.size(); ++k) in[pins[k]] = kPatterns[k];
  tech::evaluate_cell(type, init, in, out);
  return out[output] & mask_of(pins.size());
}

}  // namespace

std::uint64_t evaluate_gate(std::uint64_t table, std::span<const std::uint64_t> fanins) {
  std::array<std::uint64_t, 64> level;
  std::size_t count = std::size_t{1} << fanins.size();
  for (std::size_t a = 0; a < count; ++a) level[a] = ~((table >> a & 1) - 1);
  for (const std::uint64_t select : fanins) {
    count /= 2;
    for (std::size_t a = 0; a < count; ++a) level[a] = (select & level[2 * a + 1]) | (~select & level[2 * a]);
  }
  return level[0];
}

std::size_t Gates::Hash::operator()(const Gate& gate) const {
  std::uint64_t hash = gate.table * 0x9E3779B97F4A7C15 + gate.fanin_count;
  for (const NodeId id : gate.fanins) hash = (hash ^ (hash >> 29) ^ index_of(id)) * 0xBF58476D1CE4E5B9;
  return hash ^ (hash >> 32);
}

NodeId Gates::add_input() {
  gates_.emplace_back();
  return NodeId{node_count() - 1};
}

NodeId Gates::add_gate(std::uint64_t table, std::span<const NodeId> fanins) {
  LUTGEN_CHECK(fanins.size() <= kGateInputs);
  Gate gate;
  // Distinct fan-ins that are no constants, lowest first; the table over them, entry by entry.
  for (const NodeId id : fanins) {
    const auto end = gate.fanins.begin() + gate.fanin_count;
    if (!is_constant(id) && std::find(gate.fanins.begin(), end, id) == end) gate.fanins[gate.fanin_count++] = id;
  }
  std::sort(gate.fanins.begin(), gate.fanins.begin() + gate.fanin_count);
  std::array<std::uint64_t, kGateInputs> words{};
  for (std::size_t k = 0; k < fanins.size(); ++k) {
    const auto at = std::find(gate.fanins.begin(), gate.fanins.begin() + gate.fanin_count, fanins[k]);
    words[k] = is_constant(fanins[k]) ? (fanins[k] == NodeId::one ? ~std::uint64_t{0} : 0)
                                      : kPatterns[static_cast<std::size_t>(at - gate.fanins.begin())];
  }
  gate.table = evaluate_gate(table, std::span(words).first(fanins.size())) & mask_of(gate.fanin_count);
  for (std::size_t k = gate.fanin_count; k-- > 0;) {
    // Where input k is 0, against where it is 1.
    const std::uint64_t low = gate.table & ~kPatterns[k] & mask_of(gate.fanin_count);
    const std::uint64_t high = (gate.table & kPatterns[k]) >> (std::size_t{1} << k);
    if (low != high) continue;
    std::array<std::uint64_t, kGateInputs> rest{};
    for (std::size_t i = 0; i < gate.fanin_count; ++i) rest[i] = i < k ? kPatterns[i] : i == k ? 0 : kPatterns[i - 1];
    gate.table = evaluate_gate(gate.table, std::span(rest).first(gate.fanin_count)) & mask_of(gate.fanin_count - 1u);
    std::copy(gate.fanins.begin() + static_cast<std::ptrdiff_t>(k) + 1, gate.fanins.end(),
              gate.fanins.begin() + static_cast<std::ptrdiff_t>(k));
    gate.fanins.back() = NodeId::zero;
    --gate.fanin_count;
  }
  if (gate.fanin_count == 0) return (gate.table & 1) != 0 ? NodeId::one : NodeId::zero;
  if (gate.fanin_count == 1 && gate.table == 0b10) return gate.fanins[0];
  const auto [found, is_new] = known_.try_emplace(gate, NodeId{node_count()});
  if (is_new) gates_.push_back(gate);
  return found->second;
}

void Gates::add_cell(Cell type, std::uint64_t init, std::span<const NodeId> inputs, std::span<NodeId> outputs) {
  const auto gate = [&](std::size_t output, std::uint64_t with, std::initializer_list<std::size_t> pins,
                        std::initializer_list<NodeId> fanins) {
    return add_gate(pin_table(type, with, output, std::vector(pins)), std::vector(fanins));
  };
  if (type == Cell::carry4) {
    // Position 0 stands for all: pins CI, DI[0], S[0] give CO[0] and O[0]. CI and CYINIT are or-ed.
    NodeId carry = add_gate(0b1110, inputs.first(2));
    for (std::size_t i = 0; i < 4; ++i) {
      const std::initializer_list<NodeId> fanins = {carry, inputs[2 + i], inputs[6 + i]};
      outputs[4 + i] = gate(4, init, {0, 2, 6}, fanins);
      outputs[i] = carry = gate(0, init, {0, 2, 6}, fanins);
    }
  } else if (type == Cell::ccu2c) {
    // The carry between the halves is seen on COUT while the second half passes it on (its table all ones), and
    // each half's sum on S0, S1.
    constexpr std::uint64_t kPass = 0xFFFF0000;
    const std::uint64_t swapped = (init >> 16) & 0xFFFF;
    const std::initializer_list<NodeId> first = {inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]};
    outputs[0] = gate(0, init, {0, 1, 2, 3, 4}, first);
    const NodeId middle = gate(2, (init & 0xFFFF) | kPass, {0, 1, 2, 3, 4}, first);
    // The second half is as the first with the other table.
    const std::initializer_list<NodeId> second = {middle, inputs[5], inputs[6], inputs[7], inputs[8]};
    outputs[1] = gate(0, swapped, {0, 1, 2, 3, 4}, second);
    outputs[2] = gate(2, swapped | kPass, {0, 1, 2, 3, 4}, second);
  } else {
    LUTGEN_CHECK(inputs.size() <= kGateInputs);
    std::array<std::size_t, kGateInputs> pins{0, 1, 2, 3, 4, 5};
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      outputs[o] = add_gate(pin_table(type, init, o, std::span(pins).first(inputs.size())), inputs);
    }
  }
}

}  // namespace lutgen::prove

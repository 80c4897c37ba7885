// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/rewriter.hpp"

#include <algorithm>
#include <array>

#include "lutgen/base/result.hpp"

namespace lutgen::optimize {

using logic::BitId;
using logic::BitKind;
using logic::index_of;
using logic::SumId;
using logic::Term;

Function simplify(const Function& function) {
  std::vector<std::uint32_t> signals;
  for (const BitId fanin : function.fanins) signals.push_back(index_of(fanin));
  truth::Simplified simple = truth::simplify(function.table, signals, std::array{index_of(BitId::zero), index_of(BitId::one)});
  Function result{std::move(simple.table), {}};
  for (const std::uint32_t signal : simple.signals) result.fanins.push_back(BitId{signal});
  return result;
}

void combine_terms(Linear& linear) {
  auto& terms = linear.terms;
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.bit < b.bit; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < terms.size();) {
    Term sum{terms[i].bit, 0};
    for (; i < terms.size() && terms[i].bit == sum.bit; ++i) sum.weight += terms[i].weight;
    if (sum.weight != 0) terms[kept++] = sum;
  }
  terms.resize(kept);
}

Rewriter::Rewriter(const logic::Graph& old) : old_(old), live_(old.compute_live_bits()) {
  graph().reserve(old.bit_count(), old.fanin_count());
  step_.relation.bits.resize(old.bit_count());
  step_.relation.sums.resize(old.sum_count(), logic::kNoSum);
  relate(BitId::zero, {BitId::zero, false});
  relate(BitId::one, {BitId::one, false});
  std::vector<BitId> inputs(old.input_count());
  for (std::uint32_t i = 2; i < old.bit_count(); ++i) {
    if (old.kind(BitId{i}) == BitKind::input) inputs[old.input_index(BitId{i})] = BitId{i};
  }
  for (const BitId input : inputs) relate(input, {step_.graph.add_input(), false});
}

void Rewriter::for_each_bit(const std::function<void(BitId)>& body) {
  // Where the fan-ins of a table are now is fetched some tables ahead: in large graphs they lie anywhere in memory.
  constexpr std::uint32_t kAhead = 8;
  for (std::uint32_t i = 2; i < old_.bit_count(); ++i) {
    const BitId id{i};
    if (i + kAhead < old_.bit_count()) {
      for (const BitId fanin : old_.fanins(BitId{i + kAhead})) __builtin_prefetch(&step_.relation.bits[index_of(fanin)]);
    }
    if (live_[i] && old_.kind(id) != BitKind::input) body(id);
  }
}

Function Rewriter::function_of(BitId old) const {
  Function function{old_.table(old), {}};
  function.fanins.reserve(old_.fanins(old).size());
  for (const BitId fanin : old_.fanins(old)) {
    const Literal literal = at(fanin);
    LUTGEN_CHECK(literal.is_held());
    if (literal.inverted) function.table = function.table.flipped(static_cast<int>(function.fanins.size()));
    function.fanins.push_back(literal.bit);
  }
  return function;
}

Linear Rewriter::linear_of(SumId old) const {
  Linear linear{{}, old_.sum(old).constant};
  for (const Term& term : old_.terms(old)) {
    const Literal literal = at(term.bit);
    LUTGEN_CHECK(literal.is_held());
    if (literal.inverted) linear.constant += term.weight;
    linear.terms.push_back({literal.bit, literal.inverted ? -term.weight : term.weight});
  }
  return linear;
}

SumId Rewriter::copy_sum(SumId old) {
  SumId& sum = step_.relation.sums[index_of(old)];
  if (sum == logic::kNoSum) {
    Linear linear = linear_of(old);
    if (rule_) rule_(linear);
    sum = graph().add_sum(linear.terms, linear.constant, old_.sum(old).origin);
  }
  return sum;
}

void Rewriter::copy(BitId old) {
  if (old_.kind(old) == BitKind::lut) return replace(old, function_of(old));
  const SumId sum = copy_sum(old_.compared_sum(old));
  relate(old, {graph().add_compare(sum, old_.compared_constant(old), old_.origin(old)), false});
}

void Rewriter::replace(BitId old, const Function& function, bool inverted) {
  relate(old, {graph().add_lut(function.table, function.fanins, old_.origin(old)), inverted});
}

BitId Rewriter::invert(BitId made, logic::Origin origin) {
  const auto [entry, fresh] = inverters_.try_emplace(made);
  if (fresh) entry->second = graph().add_lut(truth::TruthTable::from_word(1, 0b01), {&made, 1}, origin);
  return entry->second;
}

Step Rewriter::finish() {
  const logic::Outputs& outputs = old_.outputs;
  logic::Outputs& made = graph().outputs;
  made.score_bits = outputs.score_bits;
  made.argmax = outputs.argmax;
  made.argmax_layer = outputs.argmax_layer;
  for (const BitId bit : outputs.bits) {
    const Literal literal = at(bit);
    LUTGEN_CHECK(literal.is_held());
    made.bits.push_back(literal.inverted ? invert(literal.bit, old_.origin(bit)) : literal.bit);
  }
  for (const SumId sum : outputs.scores) made.scores.push_back(copy_sum(sum));
  for (const BitId bit : disowned_) relate(bit, {});
  return std::move(step_);
}

}  // namespace lutgen::optimize

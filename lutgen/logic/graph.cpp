// SPDX-License-Identifier: Apache-2.0
#include "lutgen/logic/graph.hpp"

#include <bit>
#include <limits>

#include "lutgen/base/result.hpp"

namespace lutgen::logic {

Graph::Graph() { nodes_.resize(2); }

void Graph::reserve(std::size_t bits, std::size_t fanins) {
  nodes_.reserve(bits);
  fanins_.reserve(fanins);
}

BitId Graph::add_node(const Node& node) {
  LUTGEN_CHECK(nodes_.size() < std::numeric_limits<std::uint32_t>::max());
  nodes_.push_back(node);
  return BitId{static_cast<std::uint32_t>(nodes_.size() - 1)};
}

BitId Graph::add_input() {
  return add_node({.kind = BitKind::input, .fanin_count = 0, .origin = {}, .first = input_count_++, .table = 0});
}

BitId Graph::add_lut(const truth::TruthTable& table, std::span<const BitId> fanins, Origin origin) {
  LUTGEN_CHECK(fanins.size() == static_cast<std::size_t>(table.inputs()));
  Node node{.kind = BitKind::lut,
            .fanin_count = static_cast<std::uint8_t>(fanins.size()),
            .origin = origin,
            .first = static_cast<std::uint32_t>(fanins_.size()),
            .table = 0};
  for (const BitId fanin : fanins) {
    LUTGEN_CHECK(index_of(fanin) < nodes_.size());
    fanins_.push_back(fanin);
  }
  if (table.inputs() <= truth::kWordInputs) {
    node.table = table.word();
  } else {
    node.table = wide_tables_.size();
    wide_tables_.insert(wide_tables_.end(), table.words().begin(), table.words().end());
  }
  ++lut_count_;
  return add_node(node);
}

BitId Graph::add_compare(SumId sum, std::int64_t constant, Origin origin) {
  LUTGEN_CHECK(index_of(sum) < sums_.size());
  return add_node({.kind = BitKind::compare,
                   .fanin_count = 0,
                   .origin = origin,
                   .first = index_of(sum),
                   .table = std::bit_cast<std::uint64_t>(constant)});
}

SumId Graph::add_sum(std::span<const Term> terms, std::int64_t constant, Origin origin) {
  Sum sum{.first_term = static_cast<std::uint32_t>(terms_.size()),
          .term_count = static_cast<std::uint32_t>(terms.size()),
          .constant = constant,
          .minimum = constant,
          .maximum = constant,
          .origin = origin};
  for (const Term& term : terms) {
    LUTGEN_CHECK(index_of(term.bit) < nodes_.size());
    terms_.push_back(term);
    (term.weight < 0 ? sum.minimum : sum.maximum) += term.weight;
  }
  sums_.push_back(sum);
  return SumId{static_cast<std::uint32_t>(sums_.size() - 1)};
}

std::uint32_t Graph::input_index(BitId id) const {
  LUTGEN_CHECK(kind(id) == BitKind::input);
  return node(id).first;
}

truth::TruthTable Graph::table(BitId id) const {
  const int inputs = node(id).fanin_count;
  if (inputs <= truth::kWordInputs) return truth::TruthTable::from_word(inputs, node(id).table);
  std::vector<std::uint8_t> bytes;
  for (const std::uint64_t word : table_words(id)) {
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
  return truth::TruthTable::from_bytes(inputs, bytes);
}

std::span<const std::uint64_t> Graph::table_words(BitId id) const {
  const Node& lut = node(id);
  if (lut.fanin_count <= truth::kWordInputs) return {&lut.table, 1};
  return {wide_tables_.data() + lut.table, std::size_t{1} << (lut.fanin_count - truth::kWordInputs)};
}

SumId Graph::compared_sum(BitId id) const {
  LUTGEN_CHECK(kind(id) == BitKind::compare);
  return SumId{node(id).first};
}

std::int64_t Graph::compared_constant(BitId id) const {
  LUTGEN_CHECK(kind(id) == BitKind::compare);
  return std::bit_cast<std::int64_t>(node(id).table);
}

std::span<const Term> Graph::terms(SumId id) const {
  const Sum& s = sum(id);
  return {terms_.data() + s.first_term, s.term_count};
}

std::vector<bool> Graph::compute_live_bits() const {
  std::vector<bool> live(nodes_.size(), false);
  const auto mark_sum = [&](SumId id) {
    for (const Term& term : terms(id)) live[index_of(term.bit)] = true;
  };
  for (const BitId bit : outputs.bits) live[index_of(bit)] = true;
  for (const SumId sum : outputs.scores) mark_sum(sum);
  for (std::uint32_t i = bit_count(); i-- > 0;) {
    if (!live[i]) continue;
    const BitId id{i};
    for (const BitId fanin : fanins(id)) live[index_of(fanin)] = true;
    if (kind(id) == BitKind::compare) mark_sum(compared_sum(id));
  }
  return live;
}

}  // namespace lutgen::logic

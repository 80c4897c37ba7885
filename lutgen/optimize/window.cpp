// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/window.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/truth/word_values.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

/// So many bits are looked at to find what the tops have in common.
constexpr std::size_t kMostVisits = 48;
/// Places for what is known of bits: a call meets 64 tops and 16 fan-ins or 8 terms of each visited bit at most.
constexpr unsigned kHashBits = 11;
static_assert(64 + kMostVisits * truth::kMaxInputs < (std::size_t{1} << kHashBits));

bool is_constant(BitId bit) { return bit == BitId::zero || bit == BitId::one; }

/// Whether two of the bits are comparisons of one sum.
bool compare_one_sum(const logic::Graph& graph, const std::vector<BitId>& bits) {
  std::vector<std::uint32_t> sums;
  for (const BitId bit : bits) {
    if (graph.kind(bit) == BitKind::compare) sums.push_back(index_of(graph.compared_sum(bit)));
  }
  std::sort(sums.begin(), sums.end());
  return std::adjacent_find(sums.begin(), sums.end()) != sums.end();
}

std::size_t count_new(const std::vector<BitId>& fanins, const std::vector<BitId>& leaves) {
  return static_cast<std::size_t>(std::count_if(fanins.begin(), fanins.end(), [&](BitId bit) {
    return std::find(leaves.begin(), leaves.end(), bit) == leaves.end();
  }));
}

/// Calls `body` for each bit that a table or a small comparison reads, twice for one that it reads twice.
template <class Body>
void for_each_open(const logic::Graph& graph, BitId bit, Body&& body) {
  for (const BitId fanin : graph.fanins(bit)) {
    if (!is_constant(fanin)) body(fanin);
  }
  if (graph.kind(bit) != BitKind::compare) return;
  const auto terms = graph.terms(graph.compared_sum(bit));
  if (terms.size() > kMostOpenTerms) return;
  for (const logic::Term& term : terms) {
    if (!is_constant(term.bit)) body(term.bit);
  }
}

}  // namespace

std::vector<BitId> open_fanins(const logic::Graph& graph, BitId bit) {
  std::vector<BitId> fanins;
  for_each_open(graph, bit, [&](BitId fanin) { fanins.push_back(fanin); });
  std::sort(fanins.begin(), fanins.end());
  fanins.erase(std::unique(fanins.begin(), fanins.end()), fanins.end());
  return fanins;
}

WindowFinder::WindowFinder(const logic::Graph& graph) : graph_(graph), visits_(std::size_t{1} << kHashBits) {}

WindowFinder::Visit& WindowFinder::visit(BitId bit) {
  constexpr std::uint32_t kMask = (1u << kHashBits) - 1;
  std::uint32_t slot = (index_of(bit) * 0x9E3779B1u) >> (32 - kHashBits);  // Fibonacci hashing (Knuth, vol. 3, 6.4)
  while (visits_[slot].number == number_ && visits_[slot].bit != bit) slot = (slot + 1) & kMask;
  Visit& visit = visits_[slot];
  if (visit.number != number_) visit = {.tops = 0, .readers = 0, .number = number_, .bit = bit, .leads = false};
  return visit;
}

bool WindowFinder::look_down(std::span<const BitId> tops) {
  ++number_;
  visited_.clear();
  queue_.clear();
  const auto push = [&](BitId bit) {
    graph_.fetch(bit);
    queue_.push_back(bit);
    std::push_heap(queue_.begin(), queue_.end());
  };
  bool is_shared = false;
  for (std::size_t i = 0; i < tops.size(); ++i) {
    Visit& top = visit(tops[i]);
    top.tops |= std::uint64_t{1} << i;
    ++top.readers;
    push(tops[i]);
  }
  // Readers have higher ids: a bit comes after all that read it.
  while (!queue_.empty() && visited_.size() < kMostVisits) {
    std::pop_heap(queue_.begin(), queue_.end());
    const BitId bit = queue_.back();
    queue_.pop_back();
    if (!queue_.empty()) graph_.fetch_fanins(queue_.front());
    visited_.push_back(bit);
    const std::uint64_t above = visit(bit).tops;
    for_each_open(graph_, bit, [&](BitId fanin) {
      Visit& below = visit(fanin);
      if (below.tops == 0) push(fanin);
      below.tops |= above;
      ++below.readers;
      is_shared = is_shared || (below.readers > 1 && std::popcount(below.tops) > 1);
    });
  }
  if (!is_shared) return false;
  for (std::size_t i = visited_.size(); i-- > 0;) {
    bool leads = false;
    for_each_open(graph_, visited_[i], [&](BitId fanin) {
      const Visit& below = visit(fanin);
      leads = leads || below.leads || (below.readers > 1 && std::popcount(below.tops) > 1);
    });
    visit(visited_[i]).leads = leads;
  }
  return true;
}

Window WindowFinder::find(std::span<const BitId> tops, std::size_t most_leaves) {
  LUTGEN_CHECK(tops.size() <= 64);
  Window window;
  window.leaves.assign(tops.begin(), tops.end());
  for (const bool is_shared = look_down(tops); is_shared;) {
    std::size_t best = window.leaves.size();
    std::size_t fewest = most_leaves + 1;
    for (std::size_t i = 0; i < window.leaves.size(); ++i) {
      if (!visit(window.leaves[i]).leads) continue;
      const auto fanins = open_fanins(graph_, window.leaves[i]);
      const std::size_t leaves = window.leaves.size() - 1 + count_new(fanins, window.leaves);
      if (leaves < fewest) {
        best = i;
        fewest = leaves;
      }
    }
    if (fewest > most_leaves) break;
    const BitId opened = window.leaves[best];
    window.leaves.erase(window.leaves.begin() + static_cast<std::ptrdiff_t>(best));
    window.inner.push_back(opened);
    for (const BitId fanin : open_fanins(graph_, opened)) {
      const bool is_inner = std::find(window.inner.begin(), window.inner.end(), fanin) != window.inner.end();
      if (!is_inner && count_new({fanin}, window.leaves) == 1) window.leaves.push_back(fanin);
    }
  }
  std::sort(window.leaves.begin(), window.leaves.end());
  std::sort(window.inner.begin(), window.inner.end());
  window.is_related = !window.inner.empty() || compare_one_sum(graph_, window.leaves);
  return window;
}

WindowValues::WindowValues(const logic::Graph& graph, const Window& window) {
  const std::size_t leaves = window.leaves.size();
  possible_.assign(leaves <= 6 ? 1 : std::size_t{1} << (leaves - 6), ~std::uint64_t{0});
  if (leaves < 6) possible_[0] = (std::uint64_t{1} << (1u << leaves)) - 1;
  std::merge(window.leaves.begin(), window.leaves.end(), window.inner.begin(), window.inner.end(), std::back_inserter(bits_));
  values_.reserve(bits_.size() * words());
  for (const BitId bit : bits_) {
    offsets_.push_back(values_.size());
    const auto leaf = std::lower_bound(window.leaves.begin(), window.leaves.end(), bit);
    if (leaf != window.leaves.end() && *leaf == bit) {
      const auto k = static_cast<std::size_t>(leaf - window.leaves.begin());
      for (std::size_t w = 0; w < words(); ++w) values_.push_back(truth::variable_word(k, w));
    } else if (graph.kind(bit) == BitKind::compare) {
      add_compare(graph, bit);
    } else {
      const auto made = evaluate(graph.table(bit), graph.fanins(bit));
      values_.insert(values_.end(), made.begin(), made.end());
    }
  }
  rule_out(graph, window);
}

std::span<const std::uint64_t> WindowValues::at(BitId bit) const {
  const auto found = std::lower_bound(bits_.begin(), bits_.end(), bit);
  LUTGEN_CHECK(found != bits_.end() && *found == bit);
  return std::span(values_).subspan(offsets_[static_cast<std::size_t>(found - bits_.begin())], words());
}

std::vector<std::uint64_t> WindowValues::evaluate(const truth::TruthTable& table, std::span<const BitId> fanins) const {
  std::vector<std::uint64_t> layer(table.entries());
  std::vector<std::uint64_t> result(words());
  for (std::size_t w = 0; w < words(); ++w) {
    for (std::uint32_t a = 0; a < table.entries(); ++a) layer[a] = table.bit(a) ? ~std::uint64_t{0} : 0;
    std::size_t left = layer.size();
    for (const BitId fanin : fanins) {
      const std::uint64_t value = is_constant(fanin) ? (fanin == BitId::one ? ~std::uint64_t{0} : 0) : at(fanin)[w];
      left /= 2;
      for (std::size_t i = 0; i < left; ++i) layer[i] = layer[2 * i] ^ (value & (layer[2 * i] ^ layer[2 * i + 1]));
    }
    result[w] = layer[0];
  }
  return result;
}

void WindowValues::add_compare(const logic::Graph& graph, BitId bit) {
  const logic::SumId sum = graph.compared_sum(bit);
  const auto terms = graph.terms(sum);
  std::vector<BitId> fanins;
  truth::TruthTable table(static_cast<int>(terms.size()));
  for (const logic::Term& term : terms) fanins.push_back(term.bit);
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    std::int64_t value = graph.sum(sum).constant;
    for (std::size_t k = 0; k < terms.size(); ++k) value += ((a >> k) & 1) != 0 ? terms[k].weight : 0;
    table.set_bit(a, value > graph.compared_constant(bit));
  }
  const auto made = evaluate(table, fanins);
  values_.insert(values_.end(), made.begin(), made.end());
}

void WindowValues::rule_out(const logic::Graph& graph, const Window& window) {
  std::vector<BitId> compares;
  for (const BitId leaf : window.leaves) {
    if (graph.kind(leaf) == BitKind::compare) compares.push_back(leaf);
  }
  for (const BitId low : compares) {
    for (const BitId high : compares) {
      const bool implied = graph.compared_sum(low) == graph.compared_sum(high) &&
                           (graph.compared_constant(low) < graph.compared_constant(high));
      if (!implied) continue;
      for (std::size_t w = 0; w < words(); ++w) possible_[w] &= ~(at(high)[w] & ~at(low)[w]);
    }
  }
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/share.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <queue>
#include <tuple>

namespace lutgen::map {
namespace {

using logic::BitId;
using logic::index_of;
using logic::Term;

/// Pairs of sums further apart are not looked at.
constexpr std::uint32_t kMostApart = 64;

/// Bits that sharing has to save beyond its own.
constexpr std::int64_t kMargin = 6;

/// Bits that a term is counted as: the ones of its weight.
std::int64_t bits_of(std::int64_t weight) { return std::popcount(static_cast<std::uint64_t>(std::abs(weight))); }

/// What it saves to add up such terms once for two sums.
std::int64_t saving_of(std::int64_t bits, std::int64_t range) {
  return bits - 2 * static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(range))) - kMargin;
}

/// Two items that have terms in common; ordered by what that saves, then by their places.
struct Pair {
  std::int64_t saving = 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool negated = false;

  friend bool operator<(const Pair& a, const Pair& b) {
    return std::tuple(a.saving, b.first, b.second, b.negated) < std::tuple(b.saving, a.first, a.second, a.negated);
  }
};

class Sharing {
 public:
  Sharing(const logic::Graph& graph, const std::vector<bool>& is_open)
      : sums_(graph.sum_count()), readers_(graph.bit_count()), tallies_(graph.sum_count()) {
    for (std::uint32_t i = 0; i < graph.sum_count(); ++i) {
      const auto terms = graph.terms(logic::SumId{i});
      SharedSum item{{terms.begin(), terms.end()}, {}};
      std::stable_sort(item.own.begin(), item.own.end(), [](const Term& a, const Term& b) { return a.bit < b.bit; });
      const auto is_same = [](const Term& a, const Term& b) { return a.bit == b.bit; };
      const bool is_plain = std::adjacent_find(item.own.begin(), item.own.end(), is_same) == item.own.end();
      items_.push_back(std::move(item));
      if (is_open[i] && is_plain) enter(i);
    }
  }

  SharePlan run() {
    while (!queue_.empty()) {
      const Pair pair = queue_.top();
      queue_.pop();
      const std::vector<Term> common = find_common(pair);
      const std::int64_t saving = saving_of(common);
      if (saving <= 0) continue;
      if (saving < pair.saving) {
        queue_.push({saving, pair.first, pair.second, pair.negated});
      } else {
        take_out(common);
      }
    }
    SharePlan plan;
    plan.sums.assign(items_.begin(), items_.begin() + sums_);
    plan.parts.assign(items_.begin() + sums_, items_.end());
    return plan;
  }

 private:
  struct Reader {
    std::uint32_t item = 0;
    std::int64_t weight = 0;
  };
  /// Bits and range of the terms in common with an item.
  struct Tally {
    std::int64_t bits[2] = {0, 0};  // with the same weights, with the opposite ones
    std::int64_t range[2] = {0, 0};
  };

  static std::int64_t saving_of(const std::vector<Term>& terms) {
    std::int64_t bits = 0;
    std::int64_t range = 0;
    for (const Term& term : terms) {
      bits += bits_of(term.weight);
      range += std::abs(term.weight);
    }
    return map::saving_of(bits, range);
  }

  /// Compares an item with those before it and lists it as a reader of its bits.
  void enter(std::uint32_t item) {
    if (tallies_.size() < items_.size()) tallies_.resize(items_.size());
    std::vector<std::uint32_t> touched;
    const bool is_part = item >= static_cast<std::uint32_t>(sums_);
    for (const Term& term : items_[item].own) {
      auto& readers = readers_[index_of(term.bit)];
      for (std::size_t r = readers.size(); r-- > 0;) {
        const Reader& reader = readers[r];
        // A part is compared with as many others; they stand near the sums that it came from, or are parts as well.
        if (is_part ? readers.size() - r > kMostApart : item - reader.item > kMostApart) break;
        if (std::abs(reader.weight) != std::abs(term.weight)) continue;
        Tally& tally = tallies_[reader.item];
        if (tally.bits[0] + tally.bits[1] == 0) touched.push_back(reader.item);
        const std::size_t side = reader.weight == term.weight ? 0 : 1;
        tally.bits[side] += bits_of(term.weight);
        tally.range[side] += std::abs(term.weight);
      }
      readers.push_back({item, term.weight});
    }
    for (const std::uint32_t other : touched) {
      for (std::size_t side = 0; side < 2; ++side) {
        const std::int64_t saving = map::saving_of(tallies_[other].bits[side], tallies_[other].range[side]);
        if (saving > 0) queue_.push({saving, other, item, side == 1});
      }
      tallies_[other] = {};
    }
  }

  /// The terms that both items still have, with the weights of the first.
  [[nodiscard]] std::vector<Term> find_common(const Pair& pair) const {
    std::vector<Term> common;
    auto other = items_[pair.second].own.begin();
    const auto end = items_[pair.second].own.end();
    for (const Term& term : items_[pair.first].own) {
      while (other != end && other->bit < term.bit) ++other;
      if (other == end) break;
      if (other->bit == term.bit && other->weight == (pair.negated ? -term.weight : term.weight)) common.push_back(term);
    }
    return common;
  }

  /// Makes a part of the terms, and takes it out of all items that hold all of them.
  void take_out(const std::vector<Term>& terms) {
    const auto part = static_cast<std::uint32_t>(items_.size() - static_cast<std::size_t>(sums_));
    const std::vector<Reader> readers = readers_[index_of(terms[0].bit)];
    for (const Reader& reader : readers) {
      for (const bool negated : {false, true}) {
        if (try_take_out(items_[reader.item], terms, {part, negated})) break;
      }
    }
    items_.push_back({terms, {}});
    enter(static_cast<std::uint32_t>(items_.size() - 1));
  }

  static bool try_take_out(SharedSum& item, const std::vector<Term>& terms, PartUse use) {
    std::vector<Term> left;
    auto next = terms.begin();
    for (const Term& term : item.own) {
      if (next == terms.end() || term.bit < next->bit) {
        left.push_back(term);
      } else {
        if (next->bit < term.bit || term.weight != (use.negated ? -next->weight : next->weight)) return false;
        ++next;
      }
    }
    if (next != terms.end()) return false;
    item.own = std::move(left);
    item.uses.push_back(use);
    return true;
  }

  std::ptrdiff_t sums_ = 0;
  std::vector<SharedSum> items_;              // the sums, then the parts
  std::vector<std::vector<Reader>> readers_;  // [bits]: items that had it when they were entered
  std::vector<Tally> tallies_;                // [items]: 0 between the calls of `enter`
  std::priority_queue<Pair> queue_;
};

}  // namespace

SharePlan plan_shares(const logic::Graph& graph, const std::vector<bool>& is_open) { return Sharing(graph, is_open).run(); }

}  // namespace lutgen::map

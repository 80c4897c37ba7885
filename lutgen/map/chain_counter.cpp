// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_counter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/map/carry_chain.hpp"

namespace lutgen::map {
namespace {

/// Columns of one chain at most, so that its ripple stays a small part of a clock cycle: 8 CPEs, 2 tiles of iCE40. On
/// ecp5 what begins a chain costs a whole CCU2C, and two columns take 0.07 ns.
std::size_t chain_columns(tech::Family family) { return family == tech::Family::ecp5 ? 48 : 16; }

/// A counter: its columns from weight 2^weight up, and the third bit of the first.
struct Counter {
  std::size_t weight = 0;
  NetId third = NetId::zero;
  std::vector<ChainColumn> columns;
};

/// Takes bits off the columns, lowest index first.
class BitPool {
 public:
  explicit BitPool(const Columns& columns) : columns_(columns), used_(columns.size(), 0) {}

  [[nodiscard]] std::size_t width() const { return columns_.size(); }
  [[nodiscard]] std::size_t height(std::size_t weight) const { return columns_[weight].size() - used_[weight]; }
  NetId take(std::size_t weight) { return columns_[weight][used_[weight]++]; }
  [[nodiscard]] std::span<const NetId> rest(std::size_t weight) const {
    return std::span(columns_[weight]).subspan(used_[weight]);
  }

 private:
  const Columns& columns_;
  std::vector<std::size_t> used_;
};

class Rank {
 public:
  Rank(Builder& builder, const Columns& columns, std::size_t bits_per_adder, NameSource& inner, NameSource& unused)
      : builder_(builder), pool_(columns), bits_per_adder_(bits_per_adder), next_(columns.size()), inner_(inner), unused_(unused) {}

  Columns run() {
    for (std::size_t w = 0; w < pool_.width(); ++w) {
      while (pool_.height(w) >= 3) {
        auto counter = take_counter(w);
        if (!counter) break;
        add_to_chain(std::move(*counter));
      }
      const std::size_t adders = std::max<std::size_t>(1, pool_.height(w) / bits_per_adder_);
      for (std::size_t i = 0; i < adders && pool_.height(w) >= 3; ++i) add_full_adder(w);
    }
    finish_chain();
    for (std::size_t w = 0; w < pool_.width(); ++w) {
      next_[w].insert(next_[w].end(), pool_.rest(w).begin(), pool_.rest(w).end());
    }
    return std::move(next_);
  }

 private:
  /// The longest counter that begins at `weight`, or none where full adders in LUTs cost no more.
  std::optional<Counter> take_counter(std::size_t weight) {
    const std::size_t above = weight + 1 < pool_.width() ? pool_.height(weight + 1) : 0;
    if (above >= 2 || (has_pairs() && above >= 1 && pool_.height(weight) >= 4)) return take_long_counter(weight);
    if (builder_.family() == tech::Family::gatemate && pool_.height(weight) >= 5) return take_counter_of_five(weight);
    return std::nullopt;
  }

  /// Whether a column has room for a pair inside the chain's own cells.
  [[nodiscard]] bool has_pairs() const { return builder_.family() == tech::Family::ecp5; }

  Counter take_long_counter(std::size_t weight) {
    Counter counter{weight, pool_.take(weight), {}};
    for (std::size_t w = weight; w < pool_.width(); ++w) {
      if (has_pairs() && pool_.height(w) >= 3 && w + 1 < pool_.width() && pool_.height(w + 1) >= 1) {
        const ChainOperand first{.net = pool_.take(w)};
        ChainOperand pair{.net = pool_.take(w), .partner = pool_.take(w), .pair = Pair::exclusive_or};
        counter.columns.push_back({.first = first, .second = pair, .sum = {}});
        pair.pair = Pair::both;
        counter.columns.push_back({.first = {.net = pool_.take(++w)}, .second = pair, .sum = {}});
      } else if (pool_.height(w) >= 2) {
        const ChainOperand first{.net = pool_.take(w)};
        counter.columns.push_back({.first = first, .second = {.net = pool_.take(w)}, .sum = {}});
      } else {
        break;
      }
    }
    return counter;
  }

  Counter take_counter_of_five(std::size_t weight) {
    std::array<NetId, 5> bits;
    for (NetId& bit : bits) bit = pool_.take(weight);
    // A constant, of which a column has one at most, would waste a table: it becomes the third bit.
    if (const auto one = std::find(bits.begin(), bits.end(), NetId::one); one != bits.end()) std::swap(*one, bits[4]);
    Counter counter{weight, bits[4], {}};
    for (const Pair pair : {Pair::exclusive_or, Pair::both}) {
      counter.columns.push_back({.first = {bits[0], bits[1], pair}, .second = {bits[2], bits[3], pair}, .sum = {}});
    }
    return counter;
  }

  void add_full_adder(std::size_t weight) {
    const std::array bits{pool_.take(weight), pool_.take(weight), pool_.take(weight)};
    count_bits(builder_, bits, next_, weight, inner_);
  }

  void add_to_chain(Counter counter) {
    if (columns_ != 0 && columns_ + counter.columns.size() + 1 > chain_columns(builder_.family())) finish_chain();
    columns_ += counter.columns.size() + 1;
    chain_.push_back(std::move(counter));
  }

  void finish_chain() {
    if (chain_.empty()) return;
    // The placers of ecp5 and gatemate put a cell in front of each chain, whatever its carry in is.
    const bool is_carry_in_free = builder_.family() != tech::Family::ice40;
    std::vector<std::size_t> weights;
    std::vector<ChainColumn> columns = lay_out(is_carry_in_free, weights);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].has_sum = weights[i] < next_.size();
      if (columns[i].has_sum) columns[i].sum = inner_.next();
    }
    const NetId carry_in = is_carry_in_free ? chain_[0].third : NetId::zero;
    const std::vector<NetId> sums = add_carry_chain(builder_, columns, carry_in, inner_, unused_);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].has_sum) next_[weights[i]].push_back(sums[i]);
    }
    chain_.clear();
    columns_ = 0;
  }

  /// The counters one after the other, a column of x + x before each (but the first, where its third bit is the
  /// chain's own carry in) and at the end. `weights`: of each column's sum; past the last weight nothing reads it.
  [[nodiscard]] std::vector<ChainColumn> lay_out(bool is_carry_in_free, std::vector<std::size_t>& weights) const {
    constexpr std::size_t kUnread = ~std::size_t{0};
    std::vector<ChainColumn> columns;
    std::size_t weight = kUnread;
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      if (i > 0 || !is_carry_in_free) {
        columns.push_back({.first = {chain_[i].third}, .second = {chain_[i].third}, .sum = {}});
        weights.push_back(weight);
      }
      weight = chain_[i].weight;
      for (const ChainColumn& column : chain_[i].columns) {
        columns.push_back(column);
        weights.push_back(weight++);
      }
    }
    if (weight < next_.size()) {
      columns.push_back({.first = {}, .second = {}, .sum = {}});
      weights.push_back(weight);
    }
    return columns;
  }

  Builder& builder_;
  BitPool pool_;
  std::size_t bits_per_adder_;
  Columns next_;
  NameSource& inner_;
  NameSource& unused_;
  std::vector<Counter> chain_;
  std::size_t columns_ = 0;
};

}  // namespace

Columns compress_in_chains(Builder& builder, const Columns& columns, std::size_t bits_per_adder, NameSource& inner,
                           NameSource& unused) {
  return Rank(builder, columns, bits_per_adder, inner, unused).run();
}

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_counter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/map/adder.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;

/// Columns of one chain at most, so that its ripple stays a small part of a clock cycle: 8 CPEs. Longer chains would
/// save little more: what begins one costs a CPE.
constexpr std::size_t kChainColumns = 16;

constexpr std::uint8_t kXor = 0b0110;
constexpr std::uint8_t kAnd = 0b1000;

/// A bit to be added in a chain: a net, or a two-input table of nets.
struct Operand {
  NetId first = NetId::zero;
  NetId second = NetId::zero;
  std::uint8_t table = 0;  // 0: just `first`
};

/// A cell of a chain: what it adds, and the weight of its sum (past the last weight: nothing reads it).
struct Column {
  std::array<Operand, 2> operands;
  std::size_t weight = 0;
  bool between = false;  // two counters: it adds x + x
};

/// A counter: its columns from weight 2^weight up, and the third bit of the first.
struct Counter {
  std::size_t weight = 0;
  NetId third = NetId::zero;
  std::vector<std::array<Operand, 2>> columns;
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
  Rank(Builder& builder, const Columns& columns, NameSource& inner, NameSource& unused)
      : builder_(builder), pool_(columns), next_(columns.size()), inner_(inner), unused_(unused) {}

  Columns run() {
    for (std::size_t w = 0; w < pool_.width(); ++w) {
      while (pool_.height(w) >= 3) {
        if (const auto counter = take_counter(w)) {
          add_to_chain(*counter);
        } else {
          add_full_adder(w);
        }
      }
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
    std::size_t end = weight + 1;
    while (end < pool_.width() && pool_.height(end) >= 2) ++end;
    if (end - weight >= 2) return take_long_counter(weight, end);
    if (pool_.height(weight) >= 5) return take_counter_of_five(weight);
    return std::nullopt;
  }

  Counter take_long_counter(std::size_t weight, std::size_t end) {
    Counter counter{weight, pool_.take(weight), {}};
    for (std::size_t w = weight; w < end; ++w) {
      const Operand first{pool_.take(w)};
      counter.columns.push_back({first, Operand{pool_.take(w)}});
    }
    return counter;
  }

  Counter take_counter_of_five(std::size_t weight) {
    std::array<NetId, 5> bits;
    for (NetId& bit : bits) bit = pool_.take(weight);
    // A constant, of which a column has one at most, would waste a table: it becomes the third bit.
    if (const auto one = std::find(bits.begin(), bits.end(), NetId::one); one != bits.end()) std::swap(*one, bits[4]);
    Counter counter{weight, bits[4], {}};
    for (const std::uint8_t table : {kXor, kAnd}) {
      counter.columns.push_back({Operand{bits[0], bits[1], table}, Operand{bits[2], bits[3], table}});
    }
    return counter;
  }

  void add_full_adder(std::size_t weight) {
    const std::array bits{pool_.take(weight), pool_.take(weight), pool_.take(weight)};
    SumClaim claim{.inputs = {{bits[0]}, {bits[1]}, {bits[2]}}};
    for (int bit = 0; bit < 2; ++bit, ++weight) {
      if (weight < next_.size()) {
        next_[weight].push_back(map_count(builder_, bits, bit, inner_));
        claim.outputs.push_back({next_[weight].back(), std::int64_t{1} << bit});
      } else {
        claim.dropped.push_back(std::int64_t{1} << bit);
      }
    }
    builder_.claim(std::move(claim));
  }

  void add_to_chain(const Counter& counter) {
    if (columns_ != 0 && columns_ + counter.columns.size() + 1 > kChainColumns) finish_chain();
    columns_ += counter.columns.size() + 1;
    chain_.push_back(counter);
  }

  void finish_chain() {
    if (chain_.empty()) return;
    const std::vector<Column> columns = lay_out();
    builder_.begin_group(inner_.layer(), kChainLevels);
    NetId carry = chain_[0].third;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Column& column = columns[i];
      const bool read = column.weight < next_.size();
      const std::array operands{operand(column.operands[0]), operand(column.operands[1]), carry};
      const NetName sum = read ? inner_.next() : unused_.next();
      const NetName carry_out = i + 1 < columns.size() ? inner_.next() : unused_.next();
      const ColumnNets nets = add_carry_column(builder_, operands, sum, carry_out);
      if (column.between) {
        // x + x + carry: the sum is the carry that comes in, the carry that goes out is x.
        builder_.claim(SumClaim{.inputs = {{carry}, {operands[0], 0}}, .outputs = {{nets.sum}}});
        builder_.claim(SumClaim{.inputs = {{operands[0]}, {carry, 0}}, .outputs = {{nets.carry}}});
      } else {
        claim_column(builder_, operands, nets);
      }
      if (read) next_[column.weight].push_back(nets.sum);
      carry = nets.carry;
    }
    chain_.clear();
    columns_ = 0;
  }

  /// The counters one after the other, a column between two.
  [[nodiscard]] std::vector<Column> lay_out() const {
    std::vector<Column> columns;
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      std::size_t weight = chain_[i].weight;
      for (const auto& operands : chain_[i].columns) columns.push_back({operands, weight++, false});
      const bool is_last = i + 1 == chain_.size();
      if (is_last && weight >= next_.size()) break;
      const Operand third{is_last ? NetId::zero : chain_[i + 1].third};
      columns.push_back({{third, third}, weight, true});
    }
    return columns;
  }

  /// The operand's net. x ^ y of one column and x & y of the next are made apart; as soon as both are there, they
  /// are claimed to add up to x + y.
  NetId operand(const Operand& operand) {
    if (operand.table == 0) return operand.first;
    const NetId net = builder_.add_lut(TruthTable::from_word(2, operand.table), std::array{operand.first, operand.second},
                            inner_.next());
    if (operand.table == kXor) {
      halves_.push_back({operand, net});
    } else {
      const auto half = std::find_if(halves_.begin(), halves_.end(), [&](const auto& h) {
        return h.first.first == operand.first && h.first.second == operand.second;
      });
      LUTGEN_CHECK(half != halves_.end());
      builder_.claim(SumClaim{.inputs = {{operand.first}, {operand.second}}, .outputs = {{half->second}, {net, 2}}});
      halves_.erase(half);
    }
    return net;
  }

  Builder& builder_;
  BitPool pool_;
  Columns next_;
  NameSource& inner_;
  NameSource& unused_;
  std::vector<Counter> chain_;
  std::vector<std::pair<Operand, NetId>> halves_;  // x ^ y whose x & y is still to come
  std::size_t columns_ = 0;
};

}  // namespace

Columns compress_in_chains(Builder& builder, const Columns& columns, NameSource& inner, NameSource& unused) {
  return Rank(builder, columns, inner, unused).run();
}

}  // namespace lutgen::map

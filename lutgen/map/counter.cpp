// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/counter.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/map/adder.hpp"
#include "lutgen/map/chain_counter.hpp"
#include "lutgen/map/chain_tree.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using truth::TruthTable;

/// Output bit `bit` of the count of ones among `inputs` bits, as a table.
TruthTable count_table(int inputs, int bit) {
  TruthTable table(inputs);
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    table.set_bit(a, ((std::popcount(a) >> bit) & 1) != 0);
  }
  return table;
}

class CounterTree final : public SumSynthesizer {
 public:
  std::vector<NetId> add_up(Builder& builder, Columns columns, std::uint32_t sum_bits,
                            const NetName& unit) const override {
    columns.resize(sum_bits);
    if (builder.family() == tech::Family::xc7) return add_in_chains(builder, to_summands(columns), sum_bits, unit);
    NameSource inner(unit, Tag::counter);
    NameSource unused(unit, Tag::unused);
    const bool chains = builder.family() == tech::Family::gatemate;
    for (;;) {
      fold_constants(columns);
      const bool done = std::all_of(columns.begin(), columns.end(),
                                    [](const auto& column) { return column.size() <= 2; });
      if (done) break;
      columns = chains ? compress_in_chains(builder, columns, inner, unused) : compress(builder, columns, inner);
    }
    return add_two_rows(builder, columns, unit, unused);
  }

 private:
  /// Two constant ones of one weight are one of the next.
  static void fold_constants(Columns& columns) {
    for (std::size_t w = 0; w < columns.size(); ++w) {
      auto& column = columns[w];
      std::erase(column, NetId::zero);
      const auto ones = std::erase(column, NetId::one);
      if (ones % 2 != 0) column.push_back(NetId::one);
      if (w + 1 < columns.size()) columns[w + 1].insert(columns[w + 1].end(), ones / 2, NetId::one);
    }
  }

  /// A full adder of weight 2^weight; its outputs go to `next`.
  static void count_bits(Builder& builder, std::span<const NetId> bits, Columns& next, std::size_t weight,
                         NameSource& inner) {
    SumClaim claim;
    for (const NetId net : bits) claim.inputs.push_back({net});
    for (int bit = 0; bit < 2; ++bit) {
      const std::size_t target = weight + static_cast<std::size_t>(bit);
      // A carry beyond the promised width is always 0.
      if (target < next.size()) {
        next[target].push_back(map_count(builder, bits, bit, inner));
        claim.outputs.push_back({next[target].back(), std::int64_t{1} << bit});
      } else {
        claim.dropped.push_back(std::int64_t{1} << bit);
      }
    }
    builder.claim(std::move(claim));
  }

  /// One rank: every column's bits are taken by full adders while there are three; the rest waits for the next.
  static Columns compress(Builder& builder, const Columns& columns, NameSource& inner) {
    Columns next(columns.size());
    for (std::size_t w = 0; w < columns.size(); ++w) {
      const std::span<const NetId> column(columns[w]);
      std::size_t used = 0;
      for (; column.size() - used >= 3; used += 3) count_bits(builder, column.subspan(used, 3), next, w, inner);
      next[w].insert(next[w].end(), column.begin() + static_cast<std::ptrdiff_t>(used), column.end());
    }
    return next;
  }
};

}  // namespace

Summands to_summands(const Columns& columns) {
  Summands summands;
  for (const auto& column : columns) {
    summands.columns.emplace_back();
    for (const NetId net : column) summands.columns.back().push_back({net, false});
  }
  return summands;
}

NetId map_count(Builder& builder, std::span<const NetId> bits, int bit, NameSource& inner) {
  return map_function(builder, count_table(static_cast<int>(bits.size()), bit), bits, inner.next(), inner);
}

std::unique_ptr<SumSynthesizer> make_counter_tree() { return std::make_unique<CounterTree>(); }

}  // namespace lutgen::map

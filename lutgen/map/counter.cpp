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

bool is_lower_than(const Columns& columns, std::size_t height) {
  return std::all_of(columns.begin(), columns.end(), [&](const auto& column) { return column.size() < height; });
}

/// Two constant ones of one weight are one of the next.
void fold_constants(Columns& columns) {
  for (std::size_t w = 0; w < columns.size(); ++w) {
    auto& column = columns[w];
    std::erase(column, NetId::zero);
    const auto ones = std::erase(column, NetId::one);
    if (ones % 2 != 0) column.push_back(NetId::one);
    if (w + 1 < columns.size()) columns[w + 1].insert(columns[w + 1].end(), ones / 2, NetId::one);
  }
}

/// A counter of weight 2^weight; its outputs go to `next`.
void count_bits(Builder& builder, std::span<const NetId> bits, Columns& next, std::size_t weight, NameSource& inner) {
  SumClaim claim;
  for (const NetId net : bits) claim.inputs.push_back({net});
  for (int bit = 0; (bits.size() >> bit) != 0; ++bit) {
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

/// One rank: every column's bits are taken by counters as wide as a LUT while there are three; the rest waits for the
/// next.
Columns compress(Builder& builder, const Columns& columns, NameSource& inner) {
  const std::size_t most = tech::lut_inputs(builder.family()) >= 6 ? 6 : 3;
  Columns next(columns.size());
  for (std::size_t w = 0; w < columns.size(); ++w) {
    std::span<const NetId> column(columns[w]);
    while (column.size() >= 3) {
      const std::size_t taken = std::min(most, column.size());
      count_bits(builder, column.first(taken), next, w, inner);
      column = column.subspan(taken);
    }
    next[w].insert(next[w].end(), column.begin(), column.end());
  }
  return next;
}

class CounterTree final : public SumSynthesizer {
 public:
  std::vector<NetId> add_up(Builder& builder, Columns columns, std::uint32_t sum_bits,
                            const NetName& unit) const override {
    columns.resize(sum_bits);
    if (builder.family() == tech::Family::xc7) {
      if (builder.goal() == Goal::delay) columns = compress_in_luts(builder, std::move(columns), unit);
      return add_in_chains(builder, to_summands(columns), sum_bits, unit);
    }
    NameSource inner(unit, Tag::counter);
    NameSource unused(unit, Tag::unused);
    const bool chains = builder.family() != tech::Family::gowin && builder.goal() != Goal::delay;
    for (fold_constants(columns); !is_lower_than(columns, 3); fold_constants(columns)) {
      columns = chains ? compress_in_chains(builder, columns, inner, unused) : compress(builder, columns, inner);
    }
    return add_two_rows(builder, columns, unit, unused);
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

Columns compress_in_luts(Builder& builder, Columns columns, const NetName& unit) {
  NameSource inner(unit, Tag::table);
  for (fold_constants(columns); !is_lower_than(columns, 4); fold_constants(columns)) columns = compress(builder, columns, inner);
  return columns;
}

std::unique_ptr<SumSynthesizer> make_counter_tree() { return std::make_unique<CounterTree>(); }

}  // namespace lutgen::map

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

/// How the ranks of a sum are built: counters in LUTs only, or in chains, too (map/chain_counter).
struct Ranks {
  bool in_chains = false;
  std::size_t bits_per_adder = 3;
};

std::vector<NetId> add_in_ranks(Builder& builder, Columns columns, const NetName& unit, const Ranks& ranks) {
  NameSource inner(unit, Tag::counter);
  NameSource unused(unit, Tag::unused);
  for (fold_constants(columns); !is_lower_than(columns, 3); fold_constants(columns)) {
    columns = ranks.in_chains ? compress_in_chains(builder, columns, ranks.bits_per_adder, inner, unused)
                              : compress(builder, columns, inner);
  }
  return add_two_rows(builder, columns, unit, unused);
}

/// LUT positions of a netlist of nothing but a sum on ice40 or ecp5: what begins a chain takes one, or a whole CCU2C.
std::uint32_t count_positions(const netlist::Netlist& net) {
  std::uint32_t positions = 0;
  NetId carry = NetId::zero;
  for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
    const netlist::CellId cell{c};
    const auto inputs = net.input_pins(cell);
    switch (net.cell(cell).type) {
      case tech::Cell::ccu2c:
        positions += inputs[0] == carry && carry != NetId::zero ? 2 : 4;
        carry = net.output_pins(cell)[2];
        break;
      // Its LUT stands beside it, but where a third bit comes in through a column of x + x.
      case tech::Cell::sb_carry: positions += inputs[0] == inputs[1] && inputs[2] == NetId::zero ? 1 : 0; break;
      default: ++positions;
    }
  }
  return positions;
}

/// The ranks that take the fewest positions: tried, as it depends on all columns.
Ranks find_cheapest(const Builder& builder, const Columns& columns) {
  switch (builder.family()) {
    case tech::Family::xc7:
    case tech::Family::gowin: return {};
    case tech::Family::gatemate: return {.in_chains = builder.goal() != Goal::delay};
    case tech::Family::ecp5:
    case tech::Family::ice40: break;
  }
  if (builder.goal() == Goal::delay) return {};
  if (builder.goal() == Goal::balanced) return {.in_chains = true};
  // With fewer full adders bits wait longer; where a flop alone takes a logic cell, that is no gain.
  const std::size_t fewer_adders = builder.family() == tech::Family::ice40 ? 4 : 10;
  Ranks best;
  std::uint32_t fewest = ~0u;
  for (const Ranks ranks : {Ranks{}, Ranks{true, 3}, Ranks{true, fewer_adders}}) {
    Builder trial(builder.family(), builder.goal());
    Columns bits = columns;
    for (auto& column : bits) {
      for (NetId& net : column) net = net == NetId::zero || net == NetId::one ? net : trial.add_net({});
    }
    static_cast<void>(add_in_ranks(trial, std::move(bits), {}, ranks));
    const std::uint32_t positions = count_positions(trial.netlist());
    if (positions < fewest) best = ranks;
    fewest = std::min(fewest, positions);
  }
  return best;
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
    return add_in_ranks(builder, columns, unit, find_cheapest(builder, columns));
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

void count_bits(Builder& builder, std::span<const NetId> bits, Columns& next, std::size_t weight, NameSource& inner) {
  SumClaim claim;
  for (const NetId net : bits) claim.inputs.push_back({net});
  for (int bit = 0; (bits.size() >> bit) != 0; ++bit) {
    const std::size_t target = weight + static_cast<std::size_t>(bit);
    if (target < next.size()) {
      const TruthTable table = count_table(static_cast<int>(bits.size()), bit);
      next[target].push_back(map_function(builder, table, bits, inner.next(), inner));
      claim.outputs.push_back({next[target].back(), std::int64_t{1} << bit});
    } else {
      claim.dropped.push_back(std::int64_t{1} << bit);
    }
  }
  builder.claim(std::move(claim));
}

Columns compress_in_luts(Builder& builder, Columns columns, const NetName& unit) {
  NameSource inner(unit, Tag::table);
  for (fold_constants(columns); !is_lower_than(columns, 4); fold_constants(columns)) columns = compress(builder, columns, inner);
  return columns;
}

std::unique_ptr<SumSynthesizer> make_counter_tree() { return std::make_unique<CounterTree>(); }

}  // namespace lutgen::map

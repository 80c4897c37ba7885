// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/adder.hpp"

#include <array>

#include "lutgen/base/result.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using truth::TruthTable;

/// The two operands, column by column; a missing bit is NetId::zero.
struct Rows {
  std::vector<NetId> a;
  std::vector<NetId> b;

  [[nodiscard]] std::size_t columns() const { return a.size(); }
};

class RowAdder {
 public:
  RowAdder(Builder& builder, const NetName& unit, NameSource& unused)
      : builder_(builder), unit_(unit), carries_(unit, Tag::carry), unused_(unused) {}

  /// Sum bits of `rows`, whose column 0 has weight 2^first.
  std::vector<NetId> add(const Rows& rows, std::uint32_t first) {
    first_ = first;
    if (fits_luts(rows)) return add_with_luts(rows);
    switch (builder_.family()) {
      case tech::Family::xc7: break;  // map/chain_tree adds there
      case tech::Family::ecp5: return add_with_ccu2c(rows);
      case tech::Family::ice40: return add_with_sb_carry(rows);
      case tech::Family::gowin:
      case tech::Family::gatemate: return add_with_columns(rows);
    }
    LUTGEN_CHECK(false);
  }

 private:
  [[nodiscard]] NetName sum_name(std::size_t column) const {
    NetName name = unit_;
    name.tag = Tag::sum;
    name.number = first_ + static_cast<std::uint32_t>(column);
    return name;
  }

  static std::vector<NetId> all_inputs(const Rows& rows) {
    std::vector<NetId> inputs;
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      for (const NetId net : {rows.a[i], rows.b[i]}) {
        if (net != NetId::zero && net != NetId::one) inputs.push_back(net);
      }
    }
    return inputs;
  }

  [[nodiscard]] bool fits_luts(const Rows& rows) const {
    return all_inputs(rows).size() <= static_cast<std::size_t>(tech::lut_inputs(builder_.family()));
  }

  /// Every sum bit as one function of all inputs.
  std::vector<NetId> add_with_luts(const Rows& rows) {
    const std::vector<NetId> inputs = all_inputs(rows);
    const int fan_in = static_cast<int>(inputs.size());
    std::vector<TruthTable> tables(rows.columns(), TruthTable(fan_in));
    for (std::uint32_t address = 0; address < (1u << fan_in); ++address) {
      std::uint64_t total = 0;
      std::uint32_t next = 0;
      for (std::size_t i = 0; i < rows.columns(); ++i) {
        for (const NetId net : {rows.a[i], rows.b[i]}) {
          if (net == NetId::zero) continue;
          total += (net == NetId::one ? 1 : std::uint64_t{(address >> next++) & 1}) << i;
        }
      }
      for (std::size_t i = 0; i < rows.columns(); ++i) tables[i].set_bit(address, ((total >> i) & 1) != 0);
    }
    NameSource inner(unit_, Tag::table);
    std::vector<NetId> sum;
    SumClaim claim{.dropped = {std::int64_t{1} << rows.columns()}};
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      sum.push_back(map_function(builder_, tables[i], inputs, sum_name(i), inner));
      claim.inputs.insert(claim.inputs.end(), {{rows.a[i], std::int64_t{1} << i}, {rows.b[i], std::int64_t{1} << i}});
      claim.outputs.push_back({sum.back(), std::int64_t{1} << i});
    }
    builder_.claim(std::move(claim));
    return sum;
  }

  std::vector<NetId> add_with_ccu2c(const Rows& rows) {
    builder_.begin_group(unit_.layer, kChainLevels);
    // Each half: C = 0, D = 1, so the table's entries 8..11 are a ^ b (propagate), and its lowest four,
    // which generate the carry when a ^ b is 0, are a.
    constexpr std::uint64_t kHalf = 0x060A;
    std::vector<NetId> sum;
    NetId carry = NetId::zero;
    for (std::size_t base = 0; base < rows.columns(); base += 2) {
      const bool second = base + 1 < rows.columns();
      const bool more = base + 2 < rows.columns();
      const NetId s0 = builder_.add_net(sum_name(base));
      const NetId s1 = builder_.add_net(second ? sum_name(base + 1) : unused_.next());
      const NetId carry_out = builder_.add_net(more ? carries_.next() : unused_.next());
      const NetId a1 = second ? rows.a[base + 1] : NetId::zero;
      const NetId b1 = second ? rows.b[base + 1] : NetId::zero;
      const std::array pins{s0, s1, carry_out, carry,
                            rows.a[base], rows.b[base], NetId::zero, NetId::one,
                            a1, b1, NetId::zero, NetId::one};
      builder_.add_cell(tech::Cell::ccu2c, kHalf | (kHalf << 16), pins, unit_.layer);
      builder_.claim(SumClaim{.inputs = {{carry}, {rows.a[base]}, {rows.b[base]}, {a1, 2}, {b1, 2}},
                              .outputs = {{s0}, {s1, 2}, {carry_out, 4}}});
      sum.push_back(s0);
      if (second) sum.push_back(s1);
      carry = carry_out;
    }
    return sum;
  }

  /// iCE40: the LUT of a logic cell sees the carry chain on I3, the operands on I1 and I2.
  std::vector<NetId> add_with_sb_carry(const Rows& rows) {
    builder_.begin_group(unit_.layer, kChainLevels);
    std::vector<NetId> sum;
    NetId carry = NetId::zero;
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      // I1 ^ I2 ^ I3, whatever I0 is.
      const std::array lut{builder_.add_net(sum_name(i)), NetId::zero, rows.a[i], rows.b[i], carry};
      builder_.add_cell(tech::Cell::sb_lut4, 0xC33C, lut, unit_.layer);
      sum.push_back(lut[0]);
      SumClaim claim{.inputs = {{rows.a[i]}, {rows.b[i]}, {carry}}, .outputs = {{lut[0]}}};
      if (i + 1 < rows.columns()) {
        const std::array cell{builder_.add_net(carries_.next()), rows.a[i], rows.b[i], carry};
        builder_.add_cell(tech::Cell::sb_carry, 0, cell, unit_.layer);
        carry = cell[0];
        claim.outputs.push_back({carry, 2});
      } else {
        claim.dropped.push_back(2);
      }
      builder_.claim(std::move(claim));
    }
    return sum;
  }

  /// One cell a column. What the placer puts in front for the constant carry in: a cell on Gowin, which also
  /// fills the chain up to an even number, a CPE on GateMate, where two columns share one.
  std::vector<NetId> add_with_columns(const Rows& rows) {
    builder_.begin_group(unit_.layer, kChainLevels);
    std::vector<NetId> sum;
    NetId carry = NetId::zero;
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      const bool more = i + 1 < rows.columns();
      const ColumnNets nets = add_carry_column(builder_, {rows.a[i], rows.b[i], carry}, sum_name(i),
                                               more ? carries_.next() : unused_.next());
      claim_column(builder_, {rows.a[i], rows.b[i], carry}, nets);
      sum.push_back(nets.sum);
      carry = nets.carry;
    }
    return sum;
  }

  Builder& builder_;
  NetName unit_;
  NameSource carries_;
  NameSource& unused_;
  std::uint32_t first_ = 0;
};

}  // namespace

ColumnNets add_carry_column(Builder& builder, const std::array<NetId, 3>& operands, const NetName& sum,
                            const NetName& carry) {
  const ColumnNets nets{builder.add_net(sum), builder.add_net(carry)};
  const auto [a, b, carry_in] = operands;
  if (builder.family() == tech::Family::gowin) {
    const std::array pins{nets.sum, nets.carry, a, b, NetId::one, carry_in};
    builder.add_cell(tech::Cell::gowin_alu, tech::kGowinAddSub, pins, sum.layer);
  } else {
    LUTGEN_CHECK(builder.family() == tech::Family::gatemate);
    builder.add_cell(tech::Cell::cc_addf, 0, std::array{nets.sum, nets.carry, a, b, carry_in}, sum.layer);
  }
  return nets;
}

void claim_column(Builder& builder, const std::array<NetId, 3>& operands, const ColumnNets& nets) {
  builder.claim(SumClaim{.inputs = {{operands[0]}, {operands[1]}, {operands[2]}},
                         .outputs = {{nets.sum}, {nets.carry, 2}}});
}

std::vector<NetId> add_two_rows(Builder& builder, const Columns& columns, const NetName& unit,
                                NameSource& unused) {
  std::vector<NetId> sum;
  std::size_t first = 0;
  while (first < columns.size() && columns[first].size() <= 1) {
    sum.push_back(columns[first].empty() ? NetId::zero : columns[first][0]);
    ++first;
  }
  if (first == columns.size()) return sum;
  Rows rows;
  for (std::size_t w = first; w < columns.size(); ++w) {
    LUTGEN_CHECK(columns[w].size() <= 2);
    rows.a.push_back(columns[w].empty() ? NetId::zero : columns[w][0]);
    rows.b.push_back(columns[w].size() < 2 ? NetId::zero : columns[w][1]);
    // The constant, if any, stands second.
    if (rows.a.back() == NetId::one && rows.b.back() != NetId::zero) std::swap(rows.a.back(), rows.b.back());
  }
  const auto upper = RowAdder(builder, unit, unused).add(rows, static_cast<std::uint32_t>(first));
  sum.insert(sum.end(), upper.begin(), upper.end());
  return sum;
}

}  // namespace lutgen::map

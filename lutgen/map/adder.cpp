// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/adder.hpp"

#include <array>

#include "lutgen/base/result.hpp"
#include "lutgen/map/carry_chain.hpp"
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
    return add_in_chain(rows);
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

  /// One column a position. What the placer puts in front for the constant carry in: a cell on Gowin, which also
  /// fills the chain up to an even number, a CPE on GateMate, where two columns share one.
  std::vector<NetId> add_in_chain(const Rows& rows) {
    std::vector<ChainColumn> columns;
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      columns.push_back({.first = {rows.a[i]}, .second = {rows.b[i]}, .sum = sum_name(i)});
    }
    return add_carry_chain(builder_, columns, NetId::zero, carries_, unused_);
  }

  Builder& builder_;
  NetName unit_;
  NameSource carries_;
  NameSource& unused_;
  std::uint32_t first_ = 0;
};

}  // namespace

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

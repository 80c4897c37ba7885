// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_tree.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/map/chain_plan.hpp"
#include "lutgen/map/chain_row.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using truth::TruthTable;

/// A summand and the rank of counters behind which it is there.
struct Item {
  Literal literal;
  std::uint32_t rank = 0;
};

/// Columns that a counter's positions take, as the plan of a row says it: 5 and the carry in, or 4, 1 and the carry in.
constexpr RowStep kHalve{RowAction::add, CarryIn::none, Excluded::bit};
constexpr RowStep kAdd{RowAction::add, CarryIn::none, Excluded::none};

class ChainTree {
 public:
  ChainTree(Builder& builder, Summands summands, const NetName& unit)
      : builder_(builder), constant_(summands.constant), unit_(unit), counters_(unit, Tag::counter),
        chains_(unit, Tag::carry), unused_(unit, Tag::unused) {
    for (const auto& column : summands.columns) {
      columns_.emplace_back();
      for (const Literal& literal : column) add_literal(literal);
    }
  }

  std::vector<NetId> add_up(std::uint32_t width) {
    // Where a column near the top has too many bits, columns above it make room; their sum bits are always 0.
    std::uint32_t columns = width;
    while (!plan(columns, RowGoal::sum)) LUTGEN_CHECK(++columns < width + 8);
    build_counters();
    std::vector<NetId> sum = build_sum_row();
    sum.resize(width);
    return sum;
  }

  NetId exceeds(std::uint32_t width, const NetName& name) {
    if (constant_ >> width != 0) return NetId::one;
    std::uint64_t largest = constant_;
    for (std::size_t p = 0; p < columns_.size(); ++p) largest += std::uint64_t{columns_[p].size()} << p;
    if (largest >> width == 0) return NetId::zero;
    std::uint32_t columns = width;
    while (!plan(columns, RowGoal::exceeds)) {
      constant_ += std::uint64_t{1} << columns;
      LUTGEN_CHECK(++columns < width + 8);
    }
    build_counters();
    return build_exceeds_row(name);
  }

 private:
  void add_literal(const Literal& literal) {
    const std::uint64_t weight = std::uint64_t{1} << (columns_.size() - 1);
    if (literal.net == NetId::zero || literal.net == NetId::one) {
      constant_ += (literal.net == NetId::one) != literal.inverted ? weight : 0;
    } else {
      columns_.back().push_back({literal});
    }
  }

  bool plan(std::uint32_t width, RowGoal goal) {
    LUTGEN_CHECK(columns_.size() <= width && width < 63);
    columns_.resize(width);
    std::vector<std::uint32_t> counts;
    std::vector<std::uint8_t> ones;
    for (std::uint32_t p = 0; p < width; ++p) {
      counts.push_back(static_cast<std::uint32_t>(columns_[p].size()));
      ones.push_back((constant_ >> p) & 1);
    }
    const auto found = plan_chains(counts, ones, goal);
    if (found) plan_ = *found;
    return found.has_value();
  }

  /// All counters of the plan, rank by rank: each takes the bits that are there first.
  void build_counters() {
    std::vector<ColumnPlan> left = plan_.columns;
    const auto remains = [](const ColumnPlan& c) { return c.six_counters + c.five_counters + c.adders + c.half_adders > 0; };
    for (rank_ = 0; std::any_of(left.begin(), left.end(), remains); ++rank_) {
      for (std::size_t p = 0; p < left.size(); ++p) build_rank(p, left[p]);
    }
  }

  [[nodiscard]] std::size_t ready(std::size_t p) const {
    return static_cast<std::size_t>(std::count_if(columns_[p].begin(), columns_[p].end(),
                                                  [&](const Item& item) { return item.rank <= rank_; }));
  }

  void build_rank(std::size_t p, ColumnPlan& left) {
    for (; left.six_counters > 0 && ready(p) >= 6; --left.six_counters) count(p, 5, 0);
    for (; left.five_counters > 0 && ready(p) >= 5 && ready(p + 1) >= 1; --left.five_counters) count(p, 4, 1);
    for (; left.adders > 0 && ready(p) >= 3; --left.adders) count(p, 2, 0);
    for (; left.half_adders > 0 && ready(p) >= 2; --left.half_adders) count(p, 1, 0);
  }

  /// The first bits of a column that are there, and one that is not inverted for the carry input.
  std::vector<Literal> take(std::size_t p, std::size_t bits) {
    std::vector<Literal> taken;
    auto& column = columns_[p];
    for (std::size_t i = 0; i < bits; ++i) {
      const auto next = std::find_if(column.begin(), column.end(), [&](const Item& item) { return item.rank <= rank_; });
      LUTGEN_CHECK(next != column.end());
      taken.push_back(next->literal);
      column.erase(next);
    }
    return taken;
  }

  NetId take_carry_in(std::size_t p) {
    auto& column = columns_[p];
    const auto is_ready = [&](const Item& item) { return item.rank <= rank_; };
    auto next = std::find_if(column.begin(), column.end(),
                             [&](const Item& item) { return is_ready(item) && !item.literal.inverted; });
    if (next == column.end()) next = std::find_if(column.begin(), column.end(), is_ready);
    const Literal literal = next->literal;
    column.erase(next);
    return literal.inverted ? add_inverter(literal.net) : literal.net;
  }

  NetId add_inverter(NetId net) {
    const TruthTable inverter = TruthTable::from_word(1, 0b01);
    NameSource inner(unit_, Tag::table);
    const NetId result = map_function(builder_, inverter, std::vector<NetId>{net}, chains_.next(), inner);
    builder_.claim(SumClaim{.inputs = {{net, -1}}, .constant = 1, .outputs = {{result}}});
    return result;
  }

  /// A counter of `low` bits and a carry in at column p, and `high` bits at the next.
  void count(std::size_t p, std::size_t low, std::size_t high) {
    const NetId carry_in = take_carry_in(p);
    std::vector<RowInput> rows{{take(p, low), false, low > 2 ? kHalve : kAdd}};
    if (low > 2) rows.push_back({take(p + 1, high), false, kAdd});
    RowNames names{.sum_names = {}, .result = {}, .inner = &chains_, .unused = &unused_};
    for (std::size_t i = 0; i < rows.size(); ++i) names.sum_names.push_back(counters_.next());
    names.result = counters_.next();
    const RowOutput output = add_carry_row(builder_, rows, carry_in, RowGoal::sum, true, names);
    for (std::size_t i = 0; i <= rows.size(); ++i) {
      const NetId net = i < rows.size() ? output.sums[i] : output.carry;
      columns_[p + i].push_back({{net, false}, rank_ + 1});
    }
  }

  /// What the plan has the last row do, with the bits that are left; the carry in is taken out of them.
  std::vector<RowInput> row_inputs(NetId& carry_in) {
    std::vector<RowInput> rows;
    rank_ = ~0u;
    for (std::size_t p = 0; p < columns_.size(); ++p) {
      const RowStep step = plan_.columns[p].step;
      LUTGEN_CHECK(columns_[p].size() == plan_.columns[p].kept);
      bool one = ((constant_ >> p) & 1) != 0;
      if (step.carry_in == CarryIn::bit) carry_in = take_carry_in(p);
      if (step.carry_in == CarryIn::one) {
        carry_in = NetId::one;
        one = false;
      }
      rows.push_back({take(p, columns_[p].size()), one, step});
    }
    return rows;
  }

  std::vector<NetId> build_sum_row() {
    NetId carry_in = NetId::zero;
    const std::vector<RowInput> rows = row_inputs(carry_in);
    RowNames names{.sum_names = {}, .result = unit_, .inner = &chains_, .unused = &unused_};
    bool begun = false;
    bool needs_carry = false;
    std::vector<NetId> sum;
    for (std::uint32_t p = 0; p < rows.size(); ++p) {
      names.sum_names.push_back(sum_name(p));
      begun = begun || rows[p].step.action == RowAction::add;
      if (rows[p].step.action == RowAction::carry_out) {
        needs_carry = true;
        names.result = sum_name(p);
      }
      sum.push_back(rows[p].step.action == RowAction::pass ? single_bit(rows[p]) : NetId::zero);
    }
    if (!begun) return sum;
    const RowOutput output = add_carry_row(builder_, rows, carry_in, RowGoal::sum, needs_carry, names);
    for (std::size_t p = 0; p < rows.size(); ++p) {
      if (rows[p].step.action == RowAction::add) sum[p] = output.sums[p];
      if (rows[p].step.action == RowAction::carry_out) sum[p] = output.carry;
    }
    return sum;
  }

  [[nodiscard]] NetName sum_name(std::uint32_t p) const {
    NetName name = unit_;
    name.tag = Tag::sum;
    name.number = p;
    return name;
  }

  /// The sum bit of a column that has at most one summand.
  NetId single_bit(const RowInput& row) {
    if (row.bits.empty()) return row.one ? NetId::one : NetId::zero;
    return row.bits[0].inverted ? add_inverter(row.bits[0].net) : row.bits[0].net;
  }

  NetId build_exceeds_row(const NetName& name) {
    NetId carry_in = NetId::zero;
    const std::vector<RowInput> rows = row_inputs(carry_in);
    std::size_t bits = carry_in == NetId::zero ? 0 : 1;
    for (const RowInput& row : rows) bits += row.bits.size();
    if (bits <= static_cast<std::size_t>(tech::lut_inputs(builder_.family()))) return build_table(rows, carry_in, name);
    const RowNames names{.sum_names = {}, .result = name, .inner = &chains_, .unused = &unused_};
    return add_carry_row(builder_, rows, carry_in, RowGoal::exceeds, true, names).carry;
  }

  /// So few bits are left that one LUT decides.
  NetId build_table(const std::vector<RowInput>& rows, NetId carry_in, const NetName& name) {
    std::vector<Literal> pins;
    std::vector<std::uint64_t> weights;
    SumClaim claim;
    for (std::size_t p = 0; p < rows.size(); ++p) {
      for (const Literal& literal : rows[p].bits) {
        pins.push_back(literal);
        weights.push_back(std::uint64_t{1} << p);
      }
      if (rows[p].step.carry_in == CarryIn::bit) {
        pins.push_back({carry_in, false});
        weights.push_back(std::uint64_t{1} << p);
      }
      claim.dropped.push_back(std::int64_t{1} << p);
    }
    TruthTable table(static_cast<int>(pins.size()));
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      std::uint64_t total = constant_;
      for (std::size_t k = 0; k < pins.size(); ++k) {
        total += (((a >> k) & 1) != 0) != pins[k].inverted ? weights[k] : 0;
      }
      table.set_bit(a, (total >> rows.size()) != 0);
    }
    std::vector<NetId> inputs;
    claim.constant = static_cast<std::int64_t>(constant_);
    for (std::size_t k = 0; k < pins.size(); ++k) {
      const auto weight = static_cast<std::int64_t>(weights[k]);
      inputs.push_back(pins[k].net);
      claim.inputs.push_back({pins[k].net, pins[k].inverted ? -weight : weight});
      if (pins[k].inverted) claim.constant += weight;
    }
    NameSource inner(unit_, Tag::table);
    const NetId result = map_function(builder_, table, inputs, name, inner);
    claim.outputs.push_back({result, std::int64_t{1} << rows.size()});
    builder_.claim(std::move(claim));
    return result;
  }

  Builder& builder_;
  std::uint64_t constant_;
  NetName unit_;
  NameSource counters_;
  NameSource chains_;
  NameSource unused_;
  std::vector<std::vector<Item>> columns_;
  ChainPlan plan_;
  std::uint32_t rank_ = 0;
};

}  // namespace

std::vector<NetId> add_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit) {
  return ChainTree(builder, std::move(summands), unit).add_up(width);
}

NetId exceeds_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit,
                        const NetName& name) {
  return ChainTree(builder, std::move(summands), unit).exceeds(width, name);
}

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_tree.hpp"

#include <algorithm>
#include <bit>
#include <span>

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

/// What the positions of a counter do: all but the last leave something to the next.
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

  ChainCarry exceeds(std::int64_t limit, const NetName& name) {
    LUTGEN_CHECK(limit >= 0);
    std::uint64_t largest = constant_;
    for (std::size_t p = 0; p < columns_.size(); ++p) largest += std::uint64_t{columns_[p].size()} << p;
    const auto threshold = static_cast<std::uint64_t>(limit) + 1;
    if (constant_ >= threshold) return {NetId::one};
    if (largest < threshold) return {NetId::zero};
    // sum >= threshold is the carry of sum + 2^width - threshold, whatever the width from here on.
    ChainCarry carry{.width = static_cast<std::uint32_t>(std::bit_width(largest)), .added = 0};
    const std::uint64_t summands = constant_;
    for (;; ++carry.width) {
      LUTGEN_CHECK(carry.width < 60);
      carry.added = static_cast<std::int64_t>((std::uint64_t{1} << carry.width) - threshold);
      constant_ = summands + static_cast<std::uint64_t>(carry.added);
      if (plan(carry.width, RowGoal::exceeds)) break;
    }
    build_counters();
    carry.net = build_exceeds_row(name);
    return carry;
  }

 private:
  void add_literal(Literal literal) {
    if (const auto source = builder_.find_inverted(literal.net)) literal = {*source, !literal.inverted};
    const std::uint64_t weight = std::uint64_t{1} << (columns_.size() - 1);
    if (literal.net == NetId::zero || literal.net == NetId::one) {
      constant_ += (literal.net == NetId::one) != literal.inverted ? weight : 0;
    } else {
      columns_.back().push_back({literal});
    }
  }

  bool plan(std::uint32_t width, RowGoal goal) {
    // Columns that held nothing but constants may stand above the largest sum.
    while (columns_.size() > width && columns_.back().empty()) columns_.pop_back();
    LUTGEN_CHECK(columns_.size() <= width);
    columns_.resize(width);
    std::vector<std::uint32_t> counts;
    std::vector<std::uint8_t> ones;
    std::vector<std::uint32_t> gates;
    for (std::uint32_t p = 0; p < width; ++p) {
      gates.push_back(static_cast<std::uint32_t>(gates_in(p)));
      counts.push_back(static_cast<std::uint32_t>(columns_[p].size()));
      ones.push_back((constant_ >> p) & 1);
    }
    const auto found = plan_chains(counts, ones, goal, gates);
    if (found) plan_ = *found;
    return found.has_value();
  }

  /// All counters of the plan, rank by rank: each takes the bits that are there first.
  void build_counters() {
    CounterSchedule schedule(plan_.columns);
    for (rank_ = 0; !schedule.is_done(); ++rank_) {
      while (const auto counter = schedule.take_next(ready())) count(*counter);
    }
  }

  /// Bits of each column that are there.
  [[nodiscard]] std::vector<std::uint32_t> ready() const {
    std::vector<std::uint32_t> counts(columns_.size() + 3, 0);
    for (std::size_t p = 0; p < columns_.size(); ++p) {
      for (const Item& item : columns_[p]) counts[p] += item.rank <= rank_ ? 1 : 0;
    }
    return counts;
  }

  /// A bit of a column that is there: one that is no gate if possible, and one that `is_better` if possible. A gate
  /// gets its LUT.
  template <class Better>
  Literal take_one(std::size_t p, Better&& is_better) {
    auto& column = columns_[p];
    const auto find = [&](auto&& condition) {
      return std::find_if(column.begin(), column.end(), [&](const Item& item) { return item.rank <= rank_ && condition(item); });
    };
    const auto is_net = [&](const Item& item) { return builder_.find_gate(item.literal.net) == nullptr; };
    auto next = find([&](const Item& item) { return is_net(item) && is_better(item); });
    if (next == column.end()) next = find(is_net);
    if (next == column.end()) next = find([](const Item&) { return true; });
    LUTGEN_CHECK(next != column.end());
    const Literal literal = next->literal;
    column.erase(next);
    builder_.settle_gate(literal.net);
    return literal;
  }

  /// Gates of a column for a position that computes them itself, at most `most`, and none that reads a net of `others`
  /// or of another: no LUT may have one net at two pins.
  std::vector<Literal> take_gates(std::size_t p, std::size_t most, std::span<const Literal> others) {
    std::vector<NetId> nets;
    for (const Literal& literal : others) nets.push_back(literal.net);
    std::vector<Literal> taken;
    auto& column = columns_[p];
    for (std::size_t i = 0; i < column.size() && taken.size() < most;) {
      const Gate* gate = builder_.find_gate(column[i].literal.net);
      const auto is_new = [&](NetId net) { return std::find(nets.begin(), nets.end(), net) == nets.end(); };
      if (gate == nullptr || !std::all_of(gate->inputs.begin(), gate->inputs.end(), is_new)) {
        ++i;
        continue;
      }
      nets.insert(nets.end(), gate->inputs.begin(), gate->inputs.end());
      taken.push_back(column[i].literal);
      column.erase(column.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return taken;
  }

  /// The first bits of a column that are there; one that is not inverted comes first.
  std::vector<Literal> take(std::size_t p, std::size_t bits) {
    std::vector<Literal> taken;
    for (std::size_t i = 0; i < bits; ++i) taken.push_back(take_one(p, [](const Item&) { return true; }));
    std::stable_partition(taken.begin(), taken.end(), [](const Literal& literal) { return !literal.inverted; });
    if (bits > 0 && taken[0].inverted) taken[0] = {settled_inverse(taken[0].net), false};
    return taken;
  }

  NetId take_carry_in(std::size_t p) {
    const Literal literal = take_one(p, [](const Item& item) { return !item.literal.inverted; });
    return literal.inverted ? settled_inverse(literal.net) : literal.net;
  }

  /// An inverse that cells can read.
  NetId settled_inverse(NetId net) {
    const NetId inverse = builder_.inverse(net);
    builder_.settle_gate(inverse);
    return inverse;
  }

  /// How many gates a counter's first position has room for: its LUTs read 5 nets, and so do those of the next one.
  static std::size_t gates_of(const Counter& counter) {
    if (counter.bits[0] == 4) return 1;
    return counter.positions() == 1 ? 2 : 0;
  }

  [[nodiscard]] std::size_t gates_in(std::size_t p) const {
    return static_cast<std::size_t>(std::count_if(columns_[p].begin(), columns_[p].end(), [&](const Item& item) {
      return builder_.find_gate(item.literal.net) != nullptr;
    }));
  }

  void count(const Counter& counter) {
    const NetId carry_in = take_carry_in(counter.column);
    std::vector<RowInput> rows;
    RowNames names{.sum_names = {}, .result = {}, .inner = &chains_, .unused = &unused_};
    // Nothing is settled once the first row's LUTs are there, and gates are taken last: they avoid the other nets.
    for (std::size_t i = counter.positions(); i-- > 0;) {
      const bool is_last = i + 1 == counter.positions();
      RowInput row{.bits = {}, .one = false, .step = is_last ? kAdd : kHalve};
      std::size_t gates = i == 0 ? gates_of(counter) : 0;
      gates = std::min({gates, gates_in(counter.column), std::size_t{counter.bits[0]}});
      row.bits = take(counter.column + i, counter.bits[i] - gates);
      std::vector<Literal> others = row.bits;
      if (!is_last) others.insert(others.end(), rows[0].bits.begin(), rows[0].bits.end());
      if (gates > 0) row.gates = take_gates(counter.column, gates, others);
      if (row.gates.size() < gates) {
        const std::vector<Literal> more = take(counter.column, gates - row.gates.size());
        row.bits.insert(row.bits.end(), more.begin(), more.end());
      }
      rows.insert(rows.begin(), std::move(row));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) names.sum_names.push_back(counters_.next());
    names.result = counters_.next();
    const RowOutput output = add_carry_row(builder_, rows, carry_in, RowGoal::sum, true, names);
    for (std::size_t i = 0; i <= rows.size(); ++i) {
      const NetId net = i < rows.size() ? output.sums[i] : output.carry;
      columns_[counter.column + i].push_back({{net, false}, rank_ + 1});
    }
  }

  /// What the plan has the last row do, with the bits that are left; the carries in are taken out of them and
  /// kept, a column each.
  std::vector<RowInput> row_inputs() {
    std::vector<RowInput> rows;
    carry_ins_.assign(columns_.size(), NetId::zero);
    rank_ = ~0u;
    for (std::size_t p = 0; p < columns_.size(); ++p) {
      const RowStep step = plan_.columns[p].step;
      LUTGEN_CHECK(columns_[p].size() == plan_.columns[p].kept);
      bool one = ((constant_ >> p) & 1) != 0;
      if (step.carry_in == CarryIn::bit) carry_ins_[p] = take_carry_in(p);
      if (step.carry_in == CarryIn::one) {
        carry_ins_[p] = NetId::one;
        one = false;
      }
      rows.push_back({take(p, columns_[p].size()), one, step});
    }
    return rows;
  }

  std::vector<NetId> build_sum_row() {
    const std::vector<RowInput> rows = row_inputs();
    std::vector<NetId> sum;
    for (const RowInput& row : rows) {
      sum.push_back(row.step.action == RowAction::pass ? single_bit(row) : NetId::zero);
    }
    // A chain is a run of columns that add, with the column that takes its carry, where one does. There may be
    // several: between them are columns of one bit or none.
    for (std::uint32_t p = 0; p < rows.size();) {
      std::uint32_t end = p;
      for (; end < rows.size() && rows[end].step.action == RowAction::add; ++end) {
        LUTGEN_CHECK(end == p || carry_ins_[end] == NetId::zero);
      }
      if (end == p) {
        ++p;
        continue;
      }
      const bool needs_carry = end < rows.size() && rows[end].step.action == RowAction::carry_out;
      RowNames names{.sum_names = {}, .result = sum_name(end), .inner = &chains_, .unused = &unused_};
      for (std::uint32_t i = p; i < end; ++i) names.sum_names.push_back(sum_name(i));
      const std::span<const RowInput> columns = std::span(rows).subspan(p, end - p);
      const RowOutput output = add_carry_row(builder_, columns, carry_ins_[p], RowGoal::sum, needs_carry, names);
      std::copy(output.sums.begin(), output.sums.end(), sum.begin() + p);
      if (needs_carry) sum[end] = output.carry;
      p = end;
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
    return row.bits[0].inverted ? settled_inverse(row.bits[0].net) : row.bits[0].net;
  }

  NetId build_exceeds_row(const NetName& name) {
    const std::vector<RowInput> rows = row_inputs();
    const auto given = std::find_if(carry_ins_.begin(), carry_ins_.end(), [](NetId net) { return net != NetId::zero; });
    const NetId carry_in = given == carry_ins_.end() ? NetId::zero : *given;
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
  std::vector<NetId> carry_ins_;  // [column] of the last row
};

}  // namespace

std::vector<NetId> add_in_chains(Builder& builder, Summands summands, std::uint32_t width, const NetName& unit) {
  return ChainTree(builder, std::move(summands), unit).add_up(width);
}

ChainCarry exceeds_in_chains(Builder& builder, Summands summands, std::int64_t constant, const NetName& unit,
                             const NetName& name) {
  return ChainTree(builder, std::move(summands), unit).exceeds(constant, name);
}

}  // namespace lutgen::map

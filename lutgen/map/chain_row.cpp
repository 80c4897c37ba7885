// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_row.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/map/carry_chain.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;

/// A small number as a function of a few literals: values[a] at the address whose bit k is literal k's value.
struct Number {
  std::vector<Literal> pins;
  std::vector<std::uint32_t> values = {0};

  [[nodiscard]] std::uint32_t most() const { return *std::max_element(values.begin(), values.end()); }

  /// Adds weight * literal.
  void add(const Literal& literal, std::uint32_t weight) {
    const std::size_t half = values.size();
    pins.push_back(literal);
    for (std::size_t a = 0; a < half; ++a) values.push_back(values[a] + weight);
  }

  /// Adds a function of nets that are no pins yet.
  void add(const Gate& gate, bool inverted) {
    const std::vector<std::uint32_t> before = values;
    values.clear();
    for (std::uint32_t address = 0; address < gate.table.entries(); ++address) {
      for (const std::uint32_t value : before) values.push_back(value + (gate.table.bit(address) != inverted ? 1 : 0));
    }
    for (const NetId net : gate.inputs) pins.push_back({net, false});
  }
};

/// Tables of a position over the nets that its LUTs read. Where S reads too many for a second LUT beside it, DI is a
/// net itself, through the X input of the slice.
struct Position {
  std::vector<NetId> nets;
  TruthTable select{0};    // S
  TruthTable generate{0};  // DI, read where S is 0
  std::optional<NetId> direct = {};
};

constexpr std::size_t kSharedInputs = 5;  // of two LUTs in one position (UG474)

/// Which entries of DI decide: `value` where `fixed`.
struct PartialTable {
  std::vector<bool> fixed;
  std::vector<bool> value;
};

/// A table over nets from one over literals: inverted literals flip their address bit.
TruthTable over_nets(const std::vector<Literal>& pins, const std::vector<bool>& values) {
  TruthTable table(static_cast<int>(pins.size()));
  std::uint32_t flips = 0;
  for (std::size_t k = 0; k < pins.size(); ++k) flips |= std::uint32_t{pins[k].inverted} << k;
  for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, values[a ^ flips]);
  return table;
}

/// The simplest table for DI: one literal where that will do, else what is asked for and 0 elsewhere.
std::vector<bool> complete(const PartialTable& wanted, std::size_t pins) {
  for (std::size_t k = 0; k < pins; ++k) {
    bool fits = true;
    for (std::size_t a = 0; a < wanted.fixed.size(); ++a) {
      fits = fits && (!wanted.fixed[a] || wanted.value[a] == (((a >> k) & 1) != 0));
    }
    if (!fits) continue;
    std::vector<bool> literal(wanted.fixed.size());
    for (std::size_t a = 0; a < literal.size(); ++a) literal[a] = ((a >> k) & 1) != 0;
    return literal;
  }
  return wanted.value;
}

Position make_position(const Number& number, const std::vector<bool>& select, const std::vector<bool>& generate) {
  PartialTable wanted{std::vector<bool>(select.size()), generate};
  for (std::size_t a = 0; a < select.size(); ++a) wanted.fixed[a] = !select[a];
  Position position;
  for (const Literal& pin : number.pins) position.nets.push_back(pin.net);
  position.select = over_nets(number.pins, select);
  position.generate = over_nets(number.pins, complete(wanted, number.pins.size()));
  return position;
}

class CarryRow {
 public:
  CarryRow(Builder& builder, RowGoal goal, bool needs_carry, const RowNames& names)
      : builder_(builder), goal_(goal), needs_carry_(needs_carry), names_(names) {}

  RowOutput run(std::span<const RowInput> columns, NetId carry_in) {
    LUTGEN_CHECK(builder_.family() == tech::Family::xc7);
    builder_.begin_group(names_.result.layer, kChainLevels, true);
    for (std::size_t p = 0; p < columns.size(); ++p) {
      column_ = p;
      if (goal_ == RowGoal::sum) {
        add_column(columns[p], p + 1 == columns.size());
      } else {
        take_column(columns[p]);
      }
    }
    return place(carry_in);
  }

 private:
  /// A position that has been planned, and the claim that ends with it.
  struct Planned {
    Position position;
    std::size_t column = 0;
    bool ends_claim = false;
    SumClaim claim = {};
    std::int64_t carry_in_weight = 1;  // weights in the claim
    std::int64_t carry_weight = 1;
  };

  void claim_bit(const Literal& literal, std::int64_t weight) {
    claim_.inputs.push_back({literal.net, literal.inverted ? -weight : weight});
    if (literal.inverted) claim_.constant += weight;
  }

  /// One position that adds the column's bits and what the column below left over.
  void add_column(const RowInput& column, bool last) {
    if (column.step.action != RowAction::add) return;
    Number total = rest_;
    for (const Literal& literal : column.bits) {
      total.add(literal, 1);
      claim_bit(literal, std::int64_t{1} << claim_width_);
    }
    for (const Literal& literal : column.gates) {
      total.add(*builder_.find_gate(literal.net), literal.inverted);
      claim_bit(literal, std::int64_t{1} << claim_width_);
    }
    const std::size_t rest_pins = rest_.pins.size();
    if (column.one) {
      for (std::uint32_t& value : total.values) ++value;
      claim_.constant += std::int64_t{1} << claim_width_;
    }
    ++claim_width_;
    const auto excluded = [&](std::size_t a) -> std::uint32_t {
      switch (column.step.excluded) {
        case Excluded::none: return 0;
        case Excluded::bit: return (a >> rest_pins) & 1;
        case Excluded::rest: return rest_.values[a & (rest_.values.size() - 1)];
        case Excluded::one: return 1;
      }
      return 0;
    };
    std::vector<bool> select;
    std::vector<bool> generate;
    Number left{.pins = total.pins, .values = {}};
    for (std::size_t a = 0; a < total.values.size(); ++a) {
      const std::uint32_t half = column.step.excluded == Excluded::none ? 0 : (total.values[a] - excluded(a)) / 2;
      const std::uint32_t value = total.values[a] - 2 * half;
      LUTGEN_CHECK(value <= 2 || last);
      select.push_back((value & 1) != 0);
      generate.push_back(value >= 2);
      left.values.push_back(half);
    }
    planned_.push_back({make_position(total, select, generate), column_});
    if (total.pins.size() > kSharedInputs) {
      LUTGEN_CHECK(!total.pins[rest_pins].inverted && column.step.excluded <= Excluded::bit);
      planned_.back().position.direct = total.pins[rest_pins].net;
    }
    rest_ = without_idle_pins(std::move(left));
    if (rest_.most() == 0) end_claim();
  }

  /// Bits for the position of this column or a later one.
  void take_column(const RowInput& column) {
    if (column.step.carry_in == CarryIn::bit) {
      carry_in_weight_ = std::int64_t{1} << claim_width_;
      has_carry_ = true;
    }
    for (const Literal& literal : column.bits) {
      rest_.add(literal, 1u << open_columns_);
      claim_bit(literal, std::int64_t{1} << claim_width_);
    }
    if (column.one) {
      for (std::uint32_t& value : rest_.values) value += 1u << open_columns_;
      claim_.constant += std::int64_t{1} << claim_width_;
    }
    ++claim_width_;
    ++open_columns_;
    if (column.step.action == RowAction::open) return;
    if (column.step.action == RowAction::close) {
      const std::uint32_t weight = 1u << open_columns_;
      std::vector<bool> select;
      std::vector<bool> generate;
      for (const std::uint32_t value : rest_.values) {
        select.push_back(value == weight - 1);
        generate.push_back(value >= weight);
      }
      planned_.push_back({make_position(rest_, select, generate), column_});
      has_carry_ = true;
      end_claim();
    } else {
      pass_columns();
    }
    rest_ = {};
    open_columns_ = 0;
  }

  /// Columns without a position: nothing comes out of them, or the carry passes, as all their bits are ones.
  void pass_columns() {
    const bool all_ones = rest_.pins.empty() && rest_.values[0] + 1 == (1u << open_columns_);
    LUTGEN_CHECK(!has_carry_ || all_ones);
    // Before the first position, its claim takes them in: as a remainder, or as what the carry passes.
    if (planned_.empty()) return;
    // Else the claim of the position before says it all: its carry is this much heavier.
    Planned& before = planned_.back();
    const std::int64_t scale = before.carry_weight;
    before.claim.constant += scale * claim_.constant;
    for (std::uint32_t i = 0; i < claim_width_; ++i) before.claim.dropped.push_back(scale << i);
    before.carry_weight <<= claim_width_;
    claim_ = {};
    claim_width_ = 0;
  }

  void end_claim() {
    Planned& last = planned_.back();
    last.ends_claim = true;
    last.claim = std::move(claim_);
    last.carry_in_weight = carry_in_weight_;
    last.carry_weight = std::int64_t{1} << claim_width_;
    carry_in_weight_ = 1;
    if (goal_ == RowGoal::exceeds) {
      for (std::uint32_t i = 0; i < claim_width_; ++i) last.claim.dropped.push_back(std::int64_t{1} << i);
    }
    claim_ = {};
    claim_width_ = 0;
  }

  /// The same number over the literals that it depends on.
  static Number without_idle_pins(Number number) {
    for (std::size_t k = number.pins.size(); k-- > 0;) {
      bool matters = false;
      std::vector<std::uint32_t> low;
      for (std::size_t a = 0; a < number.values.size(); ++a) {
        if (((a >> k) & 1) != 0) continue;
        low.push_back(number.values[a]);
        matters = matters || number.values[a] != number.values[a | (std::size_t{1} << k)];
      }
      if (matters) continue;
      number.values = std::move(low);
      number.pins.erase(number.pins.begin() + static_cast<std::ptrdiff_t>(k));
    }
    return number;
  }

  /// A LUT of the inputs that matter; a constant needs none.
  NetId add_lut(const std::vector<NetId>& nets, const TruthTable& table) {
    std::vector<NetId> inputs;
    TruthTable small = table;
    for (std::size_t k = nets.size(); k-- > 0;) {
      if (small.depends_on(static_cast<int>(k))) {
        inputs.insert(inputs.begin(), nets[k]);
      } else {
        small = small.cofactor(static_cast<int>(k), false);
      }
    }
    if (inputs.empty()) return small.bit(0) ? NetId::one : NetId::zero;
    return builder_.add_lut(small, inputs, names_.inner->next());
  }

  /// The cells, four positions a CARRY4.
  RowOutput place(NetId carry_in) {
    RowOutput output{.sums = std::vector<NetId>(goal_ == RowGoal::sum ? names_.sum_names.size() : 0, NetId::zero),
                     .carry = carry_in};
    if (planned_.empty()) {
      claim_passed(carry_in);
      return output;
    }
    std::vector<NetId> carries;
    const bool carry_leaves = goal_ == RowGoal::exceeds || needs_carry_;
    for (std::size_t base = 0; base < planned_.size(); base += 4) {
      std::array<NetId, 18> pins{};  // CO[4] O[4] CI CYINIT DI[4] S[4]
      pins[base == 0 ? 9 : 8] = output.carry;
      for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t here = base + i;
        const bool used = here < planned_.size();
        const bool is_last = here + 1 == planned_.size();
        pins[i] = builder_.add_net(is_last && carry_leaves ? names_.result
                                   : used && !is_last      ? names_.inner->next()
                                                           : names_.unused->next());
        const bool has_sum = used && goal_ == RowGoal::sum;
        pins[4 + i] = builder_.add_net(has_sum ? names_.sum_names[planned_[here].column] : names_.unused->next());
        if (!used) continue;
        const Position& position = planned_[here].position;
        pins[10 + i] = position.direct ? *position.direct : add_lut(position.nets, position.generate);
        pins[14 + i] = add_lut(position.nets, position.select);
        carries.push_back(pins[i]);
        if (has_sum) output.sums[planned_[here].column] = pins[4 + i];
      }
      builder_.add_cell(tech::Cell::carry4, 0, pins, names_.result.layer);
      output.carry = pins[3];
    }
    output.carry = carries.back();
    claim_all(carry_in, carries, output);
    return output;
  }

  /// Nothing but ones above the carry in: it is the carry out.
  void claim_passed(NetId carry_in) {
    LUTGEN_CHECK(goal_ == RowGoal::exceeds);
    claim_.inputs.push_back({carry_in, carry_in_weight_});
    claim_.outputs.push_back({carry_in, std::int64_t{1} << claim_width_});
    for (std::uint32_t i = 0; i < claim_width_; ++i) claim_.dropped.push_back(std::int64_t{1} << i);
    builder_.claim(std::move(claim_));
  }

  void claim_all(NetId carry_in, const std::vector<NetId>& carries, const RowOutput& output) {
    NetId carry = carry_in;
    std::vector<NetId> sums;
    for (std::size_t here = 0; here < planned_.size(); ++here) {
      if (goal_ == RowGoal::sum) sums.push_back(output.sums[planned_[here].column]);
      const bool is_last = here + 1 == planned_.size();
      if (!planned_[here].ends_claim) continue;
      SumClaim claim = std::move(planned_[here].claim);
      claim.inputs.push_back({carry, planned_[here].carry_in_weight});
      for (std::size_t i = 0; i < sums.size(); ++i) claim.outputs.push_back({sums[i], std::int64_t{1} << i});
      const std::int64_t weight = planned_[here].carry_weight;
      if (is_last && goal_ == RowGoal::sum && !needs_carry_) {
        // What would come out here cannot occur: anything up to the largest sum of so few bits.
        for (std::int64_t i = 0; i < 4; ++i) claim.dropped.push_back(weight << i);
      } else {
        claim.outputs.push_back({carries[here], weight});
      }
      builder_.claim(std::move(claim));
      carry = carries[here];
      sums.clear();
    }
  }

  Builder& builder_;
  RowGoal goal_;
  bool needs_carry_;
  const RowNames& names_;
  bool has_carry_ = false;
  std::size_t column_ = 0;
  Number rest_;
  SumClaim claim_;
  std::uint32_t claim_width_ = 0;
  std::uint32_t open_columns_ = 0;
  std::int64_t carry_in_weight_ = 1;
  std::vector<Planned> planned_;
};

}  // namespace

RowOutput add_carry_row(Builder& builder, std::span<const RowInput> columns, NetId carry_in, RowGoal goal,
                        bool needs_carry, const RowNames& names) {
  return CarryRow(builder, goal, needs_carry, names).run(columns, carry_in);
}

}  // namespace lutgen::map

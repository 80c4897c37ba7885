// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/carry_chain.hpp"

#include <array>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

using tech::Family;

class CarryChain {
 public:
  CarryChain(Builder& builder, std::span<const ChainColumn> columns, NameSource& inner, NameSource& unused)
      : builder_(builder), columns_(columns.begin(), columns.end()), inner_(inner), unused_(unused) {}

  std::vector<NetId> build(NetId carry_in) {
    LUTGEN_CHECK(builder_.family() != Family::xc7);
    builder_.begin_group(inner_.layer(), kChainLevels);
    carries_.push_back(carry_in);
    if (builder_.family() == Family::ecp5) {
      for (std::size_t i = 0; i < columns_.size(); i += 2) add_two_columns(i);
      // What the cells make of a pair has no net: it gets one for the claims.
      for (std::size_t i = 0; i < columns_.size(); ++i) take_pair_out(i, &ChainColumn::second);
    } else {
      for (std::size_t i = 0; i < columns_.size(); ++i) add_column(i);
    }
    claim_columns();
    return std::move(sums_);
  }

 private:
  [[nodiscard]] bool is_last(std::size_t i) const { return i + 1 == columns_.size(); }

  NetId add_sum_net(std::size_t i) {
    const bool is_read = i < columns_.size() && columns_[i].has_sum;
    const NetId net = builder_.add_net(is_read ? columns_[i].sum : unused_.next());
    if (i < columns_.size()) sums_.push_back(net);
    return net;
  }

  NetId add_carry_net(std::size_t i) { return builder_.add_net(is_last(i) ? unused_.next() : inner_.next()); }

  /// ecp5: each half has D = 1, so that the upper half of its table is the propagate bit, first ^ operand; its lowest
  /// four entries, the carry where that is 0, are `first`.
  static std::uint64_t half_table(Pair pair) {
    std::uint64_t init = 0xA;
    for (std::uint32_t address = 0; address < 8; ++address) {
      const bool first = (address & 1) != 0;
      const bool second = (address & 2) != 0;
      const bool third = (address & 4) != 0;
      const bool operand = pair == Pair::none           ? second && !third
                           : pair == Pair::exclusive_or ? second != third
                                                        : second && third;
      // Without a pair C is 0, and what stands there does not matter.
      const bool is_free = pair == Pair::none && third;
      if (!is_free && first != operand) init |= std::uint64_t{0x100} << address;
    }
    return init;
  }

  void add_two_columns(std::size_t i) {
    const bool second = i + 1 < columns_.size();
    const ChainColumn none{};
    const ChainColumn& low = columns_[i];
    const ChainColumn& high = second ? columns_[i + 1] : none;
    const NetId s0 = add_sum_net(i);
    const NetId s1 = add_sum_net(i + 1);
    const NetId carry = builder_.add_net(i + 2 < columns_.size() ? inner_.next() : unused_.next());
    LUTGEN_CHECK(low.first.pair == Pair::none && high.first.pair == Pair::none);
    const std::array pins{s0, s1, carry, carries_.back(),
                          low.first.net, low.second.net, low.second.partner, NetId::one,
                          high.first.net, high.second.net, high.second.partner, NetId::one};
    const std::uint64_t init = half_table(low.second.pair) | (half_table(high.second.pair) << 16);
    builder_.add_cell(tech::Cell::ccu2c, init, pins, inner_.layer());
    carries_.push_back(NetId::zero);  // inside the cell
    if (second) carries_.push_back(carry);
  }

  void add_column(std::size_t i) {
    if (builder_.family() == Family::gatemate) {
      take_pair_out(i, &ChainColumn::first);
      take_pair_out(i, &ChainColumn::second);
    }
    const ChainColumn& column = columns_[i];
    LUTGEN_CHECK(column.first.pair == Pair::none && column.second.pair == Pair::none);
    if (builder_.family() == Family::ice40) {
      add_logic_cell(i);
      return;
    }
    const NetId carry_in = carries_.back();
    const NetId sum = add_sum_net(i);
    const NetId carry = add_carry_net(i);
    if (builder_.family() == Family::gowin) {
      const std::array pins{sum, carry, column.first.net, column.second.net, NetId::one, carry_in};
      builder_.add_cell(tech::Cell::gowin_alu, tech::kGowinAddSub, pins, inner_.layer());
    } else {
      const std::array pins{sum, carry, column.first.net, column.second.net, carry_in};
      builder_.add_cell(tech::Cell::cc_addf, 0, pins, inner_.layer());
    }
    carries_.push_back(carry);
  }

  /// Makes the net of a pair, and on gatemate the LUT in front of the adder that drives it; as soon as both are there,
  /// they are claimed to add up to x + y.
  void take_pair_out(std::size_t i, ChainOperand ChainColumn::* which) {
    const ChainOperand operand = columns_[i].*which;
    if (operand.pair == Pair::none) return;
    const bool is_xor = operand.pair == Pair::exclusive_or;
    const auto table = truth::TruthTable::from_word(2, is_xor ? 0b0110 : 0b1000);
    const std::array inputs{operand.net, operand.partner};
    NetId net = NetId::zero;
    if (builder_.family() == Family::gatemate) {
      net = builder_.add_lut(table, inputs, inner_.next());
    } else {
      net = builder_.add_net(unused_.next());
      builder_.claim(VirtualNet{net, table, {inputs.begin(), inputs.end()}});
    }
    columns_[i].*which = {.net = net};
    if (is_xor) return;
    const NetId half = (columns_[i - 1].*which).net;
    builder_.claim(SumClaim{.inputs = {{operand.net}, {operand.partner}}, .outputs = {{half}, {net, 2}}});
  }

  /// iCE40: the LUT of a logic cell sees the carry chain on I3, the operands on I1 and I2.
  void add_logic_cell(std::size_t i) {
    const ChainColumn& column = columns_[i];
    const NetId carry_in = carries_.back();
    if (column.has_sum) {
      // I1 ^ I2 ^ I3, whatever I0 is.
      const std::array lut{add_sum_net(i), NetId::zero, column.first.net, column.second.net, carry_in};
      builder_.add_cell(tech::Cell::sb_lut4, 0xC33C, lut, inner_.layer());
    } else {
      sums_.push_back(NetId::zero);
    }
    if (is_last(i)) return;
    const std::array carry{add_carry_net(i), column.first.net, column.second.net, carry_in};
    builder_.add_cell(tech::Cell::sb_carry, 0, carry, inner_.layer());
    carries_.push_back(carry[0]);
  }

  /// Whether the carry out of a column is a net.
  [[nodiscard]] bool has_carry_net(std::size_t i) const {
    return !is_last(i) && (builder_.family() != Family::ecp5 || i % 2 == 1);
  }

  void claim_columns() {
    SumClaim claim{.inputs = {{carries_[0]}}};
    std::int64_t weight = 1;
    std::size_t begin = 0;
    const auto end_claim = [&](std::size_t next, NetId next_carry) {
      builder_.claim(std::move(claim));
      claim = {.inputs = {{next_carry}}};
      weight = 1;
      begin = next;
    };
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ChainColumn& column = columns_[i];
      // ecp5: the upper half of a cell reads what the lower half adds, too.
      if (builder_.family() == Family::ecp5 && i % 2 == 1 && begin == i) add_context(claim, i - 1);
      if (column.is_between()) {
        claim_between(claim, i, weight);
        end_claim(i + 1, has_carry_net(i) ? carries_[i + 1] : column.first.net);
        continue;
      }
      claim.inputs.insert(claim.inputs.end(), {{column.first.net, weight}, {column.second.net, weight}});
      claim.outputs.push_back({sums_[i], weight});
      weight *= 2;
      if (is_last(i)) {
        claim.dropped.push_back(weight);
        end_claim(i + 1, NetId::zero);
      } else if (has_carry_net(i)) {
        claim.outputs.push_back({carries_[i + 1], weight});
        end_claim(i + 1, carries_[i + 1]);
      }
    }
  }

  /// x + x + carry: the sum is the carry that comes in, the carry that goes out is x.
  void claim_between(SumClaim& claim, std::size_t i, std::int64_t weight) {
    const NetId x = columns_[i].first.net;
    claim.inputs.push_back({x, 0});
    if (columns_[i].has_sum) {
      claim.outputs.push_back({sums_[i], weight});
    } else {
      claim.dropped.push_back(weight);
    }
    if (!has_carry_net(i)) return;
    SumClaim carry{.inputs = {{x}}, .outputs = {{carries_[i + 1]}}};
    if (builder_.family() == Family::ecp5) {
      add_context(carry, i - 1);
    } else {
      carry.inputs.push_back({carries_[i], 0});
    }
    builder_.claim(std::move(carry));
  }

  /// What a cell of ecp5 reads besides what is added: its lower column's operands and its carry in.
  void add_context(SumClaim& claim, std::size_t low) {
    const ChainColumn& column = columns_[low];
    for (const NetId net : {carries_[low], column.first.net, column.second.net}) {
      claim.inputs.push_back({net, 0});
    }
  }

  Builder& builder_;
  std::vector<ChainColumn> columns_;
  NameSource& inner_;
  NameSource& unused_;
  std::vector<NetId> sums_;
  std::vector<NetId> carries_;  // [column] that comes in
};

}  // namespace

std::vector<NetId> add_carry_chain(Builder& builder, std::span<const ChainColumn> columns, NetId carry_in, NameSource& inner,
                                   NameSource& unused) {
  return CarryChain(builder, columns, inner, unused).build(carry_in);
}

}  // namespace lutgen::map

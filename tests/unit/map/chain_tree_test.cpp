// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_tree.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "lutgen/map/chain_plan.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using map::Builder;
using map::Literal;
using map::RowGoal;
using netlist::NetId;
using netlist::NetName;
using netlist::Tag;
using netlist::Unit;

namespace {

constexpr NetName kUnit{.layer = 1, .unit = Unit::group, .tag = Tag::sum, .index = 5};
constexpr NetName kName{.layer = 1, .unit = Unit::neuron, .index = 5};

/// Random columns of literals over new inputs, some of them constants.
map::Summands any_summands(Builder& builder) {
  map::Summands summands{.columns = {}, .constant = *rc::gen::inRange<std::uint64_t>(0, 40)};
  auto& bits = builder.netlist().feature_bits;
  const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
  for (std::size_t w = 0; w < columns; ++w) {
    summands.columns.emplace_back();
    const auto count = *rc::gen::inRange<std::uint32_t>(0, w == 0 ? 60 : 12);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto index = static_cast<std::uint32_t>(bits.size());
      bits.push_back(builder.add_net({.unit = Unit::input, .index = index}));
      summands.columns.back().push_back({i % 17 == 16 ? NetId::one : bits.back(), *rc::gen::arbitrary<bool>()});
    }
  }
  return summands;
}

std::uint64_t largest(const map::Summands& summands) {
  std::uint64_t total = summands.constant;
  for (std::size_t w = 0; w < summands.columns.size(); ++w) total += summands.columns[w].size() << w;
  return total;
}

/// Values of the summands in 64 random samples.
std::vector<std::uint64_t> settle(const Builder& builder, netlist::Simulator& simulator, const map::Summands& summands) {
  RC_ASSERT(find_violation(builder.netlist()) == "");
  for (std::size_t i = 0; i < builder.netlist().feature_bits.size(); ++i) {
    // Samples near all ones and near all zeros, too: there the carries are.
    const auto random = *rc::gen::arbitrary<std::uint64_t>();
    simulator.set_feature_bit(i, (random & 0x00FFFFFFFFFFFF00) | 0xF);
  }
  simulator.settle();
  std::vector<std::uint64_t> totals(64, summands.constant);
  for (std::size_t w = 0; w < summands.columns.size(); ++w) {
    for (const Literal& literal : summands.columns[w]) {
      for (unsigned s = 0; s < 64; ++s) {
        const bool bit = ((simulator.value(literal.net) >> s) & 1) != 0;
        totals[s] += bit != literal.inverted ? std::uint64_t{1} << w : 0;
      }
    }
  }
  return totals;
}

/// Positions of CARRY4s that are used: those with a LUT at S.
std::uint32_t count_positions(const netlist::Netlist& netlist) {
  std::uint32_t positions = 0;
  for (std::uint32_t c = 0; c < netlist.cell_count(); ++c) {
    if (netlist.cell(netlist::CellId{c}).type != tech::Cell::carry4) continue;
    const auto pins = netlist.pins(netlist::CellId{c});
    for (std::size_t i = 14; i < 18; ++i) positions += pins[i] == NetId::zero ? 0 : 1;
  }
  return positions;
}

map::ChainPlan plan_popcount(std::uint32_t bits, RowGoal goal) {
  const auto width = static_cast<std::uint32_t>(std::bit_width(bits));
  std::vector<std::uint32_t> counts(width, 0);
  counts[0] = bits;
  std::vector<std::uint8_t> ones(width, 0);
  const std::uint32_t constant = goal == RowGoal::exceeds ? (1u << width) - bits / 2 : 0;
  for (std::uint32_t p = 0; p < width; ++p) ones[p] = (constant >> p) & 1;
  const auto plan = map::plan_chains(counts, ones, goal);
  REQUIRE(plan.has_value());
  return *plan;
}

}  // namespace

TEST_CASE("chains add up weighted, inverted and constant bits", "[map][property]") {
  test::property([] {
    Builder builder(tech::Family::xc7);
    const map::Summands summands = any_summands(builder);
    const auto width = static_cast<std::uint32_t>(std::max(1, static_cast<int>(std::bit_width(largest(summands)))));
    const auto sum = map::add_in_chains(builder, summands, width, kUnit);
    RC_ASSERT(sum.size() == width);
    netlist::Simulator simulator(builder.netlist());
    const auto totals = settle(builder, simulator, summands);
    for (unsigned s = 0; s < 64; ++s) {
      std::uint64_t found = 0;
      for (std::size_t i = 0; i < sum.size(); ++i) found |= ((simulator.value(sum[i]) >> s) & 1) << i;
      RC_ASSERT(found == totals[s]);
    }
  });
}

TEST_CASE("chains compare a sum with any constant", "[map][property]") {
  test::property([] {
    Builder builder(tech::Family::xc7);
    const map::Summands summands = any_summands(builder);
    const auto constant = *rc::gen::inRange<std::uint64_t>(0, largest(summands) + 2);
    const NetId result =
        map::exceeds_in_chains(builder, summands, static_cast<std::int64_t>(constant), kUnit, kName).net;
    netlist::Simulator simulator(builder.netlist());
    const auto totals = settle(builder, simulator, summands);
    for (unsigned s = 0; s < 64; ++s) {
      RC_ASSERT(((simulator.value(result) >> s) & 1) == (totals[s] > constant ? 1u : 0u));
    }
  });
}

TEST_CASE("gates of two nets are counted without LUTs of their own", "[map][property]") {
  test::property([] {
    Builder builder(tech::Family::xc7);
    constexpr std::uint32_t kInputs = 60;
    std::vector<NetId>& inputs = builder.netlist().feature_bits;
    for (std::uint32_t i = 0; i < kInputs; ++i) inputs.push_back(builder.add_net({.unit = Unit::input, .index = i}));
    struct Made {
      std::uint32_t first = 0;
      std::uint32_t second = 0;
      std::uint8_t table = 0;
      bool inverted = false;
      NetId net = NetId::zero;
    };
    map::Summands summands{.columns = {{}}, .constant = 0};
    for (const NetId net : inputs) summands.columns[0].push_back({net, *rc::gen::arbitrary<bool>()});
    std::vector<Made> gates(12);
    for (Made& gate : gates) {
      gate.first = *rc::gen::inRange<std::uint32_t>(0, kInputs - 1);
      gate.second = *rc::gen::inRange<std::uint32_t>(gate.first + 1, kInputs);
      gate.table = *rc::gen::element<std::uint8_t>(0b1000, 0b0110, 0b0001, 0b0010, 0b1101);
      gate.inverted = *rc::gen::arbitrary<bool>();
      const auto table = truth::TruthTable::from_word(2, gate.table);
      gate.net = builder.add_gate(table, std::array{inputs[gate.first], inputs[gate.second]}, kUnit);
      summands.columns[0].push_back({gate.inverted ? builder.inverse(gate.net) : gate.net, false});
    }
    const auto sum = map::add_in_chains(builder, summands, 7, kUnit);
    CHECK(std::count_if(gates.begin(), gates.end(), [&](const Made& g) { return builder.find_gate(g.net) != nullptr; }) >= 6);
    netlist::Simulator simulator(builder.netlist());
    std::vector<std::uint64_t> values;
    for (std::uint32_t i = 0; i < kInputs; ++i) {
      values.push_back(*rc::gen::arbitrary<std::uint64_t>());
      simulator.set_feature_bit(i, values.back());
    }
    simulator.settle();
    for (unsigned s = 0; s < 64; ++s) {
      const auto bit = [&](std::uint32_t input) { return static_cast<std::uint32_t>((values[input] >> s) & 1); };
      std::uint64_t total = 0;
      for (std::uint32_t i = 0; i < kInputs; ++i) total += (bit(i) != 0) != summands.columns[0][i].inverted ? 1 : 0;
      for (const Made& gate : gates) {
        const std::uint32_t address = bit(gate.first) + 2 * bit(gate.second);
        total += (((gate.table >> address) & 1) != 0) != gate.inverted ? 1 : 0;
      }
      std::uint64_t found = 0;
      for (std::size_t i = 0; i < sum.size(); ++i) found |= ((simulator.value(sum[i]) >> s) & 1) << i;
      RC_ASSERT(found == total);
    }
  });
}

TEST_CASE("what is planned is what is built", "[map]") {
  for (const std::uint32_t bits : {16u, 100u, 128u}) {
    Builder builder(tech::Family::xc7);
    map::Summands summands{.columns = {{}}, .constant = 0};
    for (std::uint32_t i = 0; i < bits; ++i) {
      builder.netlist().feature_bits.push_back(builder.add_net({.unit = Unit::input, .index = i}));
      summands.columns[0].push_back({builder.netlist().feature_bits.back(), false});
    }
    map::add_in_chains(builder, summands, static_cast<std::uint32_t>(std::bit_width(bits)), kUnit);
    CHECK(count_positions(builder.netlist()) == plan_popcount(bits, RowGoal::sum).positions);
  }
}

TEST_CASE("a popcount takes about 0.6 positions a bit", "[map]") {
  // 1.5 bits are removed by each position of a (6;3), 5/3 by those of a (1,2,6;4).
  CHECK(plan_popcount(6, RowGoal::sum).positions == 2);
  CHECK(plan_popcount(32, RowGoal::exceeds).positions == 16);
  CHECK(plan_popcount(100, RowGoal::sum).positions == 59);
  CHECK(plan_popcount(128, RowGoal::exceeds).positions == 74);
  CHECK(plan_popcount(1024, RowGoal::exceeds).positions == 629);
}

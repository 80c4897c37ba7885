// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/lut_tree.hpp"

#include "lutgen/map/counter.hpp"
#include "lutgen/map/table.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using map::Builder;
using netlist::NetId;
using netlist::Tag;
using netlist::Unit;
using truth::TruthTable;

namespace {

constexpr netlist::NetName kName{.layer = 1, .unit = Unit::neuron, .index = 5};

std::vector<NetId> add_inputs(Builder& builder, std::uint32_t count) {
  auto& bits = builder.netlist().feature_bits;
  for (std::uint32_t i = 0; i < count; ++i) bits.push_back(builder.add_net({.unit = Unit::input, .index = i}));
  return bits;
}

/// Halves of a CPE that the LUT cells and multiplexers take.
int count_halves(const Builder& builder) {
  const auto counts = compute_statistics(builder.netlist(), 4).total;
  const auto count = [&](tech::Cell cell) { return static_cast<int>(counts[static_cast<std::size_t>(cell)]); };
  return count(tech::Cell::cc_l2t4) + count(tech::Cell::cc_lut2) + count(tech::Cell::cc_lut1) +
         map::kMx4Cost * count(tech::Cell::cc_mx4);
}

}  // namespace

TEST_CASE("a tree gives its function and costs what was said", "[map][property]") {
  test::property([](std::uint64_t word) {
    const int inputs = *rc::gen::inRange(2, map::kTreeInputs + 1);
    const TruthTable table = TruthTable::from_word(inputs, word);
    if (table.support() != (1u << inputs) - 1) return;
    Builder builder(tech::Family::gatemate);
    const auto nets = add_inputs(builder, static_cast<std::uint32_t>(inputs));
    map::NameSource inner(kName, Tag::table);
    const NetId result = map::add_lut_tree(builder, table, nets, kName, inner);
    RC_ASSERT(count_halves(builder) == map::lut_tree_cost(table));
    netlist::Simulator simulator(builder.netlist());
    for (std::size_t i = 0; i < nets.size(); ++i) {
      std::uint64_t values = 0;  // sample s holds address s
      for (unsigned s = 0; s < 64; ++s) values |= std::uint64_t{(s >> i) & 1} << s;
      simulator.set_feature_bit(i, values);
    }
    simulator.settle();
    const std::uint64_t mask = (std::uint64_t{1} << table.entries()) - 1;
    RC_ASSERT((simulator.value(result) & mask) == table.word());
  });
}

TEST_CASE("no function of four inputs takes more than three cells of a tree", "[map]") {
  std::array<int, 4> count{};
  for (std::uint64_t word = 0; word < 65536; ++word) {
    const int cost = map::lut_tree_cost(TruthTable::from_word(4, word));
    REQUIRE(cost <= 3);
    ++count[static_cast<std::size_t>(cost)];
  }
  CHECK(count[0] == 10);  // two constants, four inputs and their complements
  // All functions of two inputs that need a table, and of three and four what fits two ranks.
  CHECK(count[1] == 1518);
  CHECK(count[2] == 43640);
  CHECK(count[3] == 20368);
}

TEST_CASE("parity and majority have the trees that are known", "[map]") {
  CHECK(map::lut_tree_cost(TruthTable::from_word(4, 0x6996)) == 1);
  CHECK(map::lut_tree_cost(TruthTable::from_word(3, 0x96)) == 1);
  CHECK(map::lut_tree_cost(TruthTable::from_word(3, 0xE8)) == 2);  // a ^ ((a ^ b) & (a ^ c)), say
  CHECK(map::lut_tree_cost(TruthTable::from_word(3, 0xCA)) == 1);  // a two-to-one multiplexer
  CHECK(map::lut_tree_cost(TruthTable::from_word(4, 0x8000)) == 1);
}

TEST_CASE("a split of five or six inputs costs at most what was said", "[map][property]") {
  test::property([](std::uint64_t word) {
    const int inputs = *rc::gen::inRange(5, 7);
    const TruthTable table = TruthTable::from_word(inputs, word);
    if (table.support() != (1u << inputs) - 1) return;
    const map::TreeSplit split = map::find_tree_split(table);
    RC_ASSERT(split.high >= 0 && split.low < split.high && split.high < inputs);
    Builder builder(tech::Family::gatemate);
    const auto nets = add_inputs(builder, static_cast<std::uint32_t>(inputs));
    map::NameSource inner(kName, Tag::table);
    map::map_function(builder, table, nets, kName, inner);
    RC_ASSERT(count_halves(builder) <= split.cost);
    RC_ASSERT(split.cost <= map::kMx4Cost + 4 * 3 + (inputs == 6 ? 2 : 0));
  });
}

TEST_CASE("a multiplexer of four inputs is one CC_MX4", "[map]") {
  TruthTable mux4(6);
  for (std::uint32_t a = 0; a < 64; ++a) mux4.set_bit(a, ((a >> (a >> 4)) & 1) != 0);
  Builder builder(tech::Family::gatemate);
  map::NameSource inner(kName, Tag::table);
  map::map_function(builder, mux4, add_inputs(builder, 6), kName, inner);
  CHECK(builder.netlist().cell_count() == 1);
  CHECK(count_halves(builder) == map::kMx4Cost);
}

TEST_CASE("counters in chains take about half of what full adders take", "[map]") {
  Builder builder(tech::Family::gatemate);
  const auto inputs = add_inputs(builder, 100);
  const auto sum = map::make_counter_tree()->add_up(builder, {{inputs.begin(), inputs.end()}}, 7,
                                                    {.layer = 1, .unit = Unit::group});
  REQUIRE(find_violation(builder.netlist()).empty());
  const auto counts = compute_statistics(builder.netlist(), 4).total;
  const auto carries = counts[static_cast<std::size_t>(tech::Cell::cc_addf)];
  // Two-input tables on the operands of adders are part of these; full adders would be 93 times 3 trees.
  CHECK(carries + counts[static_cast<std::size_t>(tech::Cell::cc_l2t4)] < 150);
  netlist::Simulator simulator(builder.netlist());
  for (unsigned ones = 0; ones < 64; ++ones) {
    for (std::size_t i = 0; i < 100; ++i) {
      // Sample s has its first s * 100 / 63 bits set, counted from another start for every `ones`.
      std::uint64_t values = 0;
      for (std::uint64_t s = 0; s < 64; ++s) values |= std::uint64_t{(i + 7 * ones) % 100 < s * 100 / 63} << s;
      simulator.set_feature_bit(i, values);
    }
    simulator.settle();
    for (std::uint64_t s = 0; s < 64; ++s) {
      std::uint64_t value = 0;
      for (std::size_t b = 0; b < sum.size(); ++b) value |= ((simulator.value(sum[b]) >> s) & 1) << b;
      REQUIRE(value == s * 100 / 63);
    }
  }
}

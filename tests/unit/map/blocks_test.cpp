// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/adder.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/map/argmax.hpp"
#include "lutgen/map/compare.hpp"
#include "lutgen/map/counter.hpp"
#include "lutgen/map/sum_exceeds.hpp"
#include "lutgen/map/table.hpp"
#include "lutgen/map/weighted_sum.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using map::Builder;
using netlist::NetId;
using netlist::Tag;
using netlist::Unit;

namespace {

constexpr netlist::NetName kName{.layer = 1, .unit = Unit::neuron, .index = 5};

std::vector<NetId> add_inputs(Builder& builder, std::uint32_t count) {
  auto& bits = builder.netlist().feature_bits;
  for (std::uint32_t i = 0; i < count; ++i) bits.push_back(builder.add_net({.unit = Unit::input, .index = i}));
  return bits;
}

/// Random values on all inputs, settled.
netlist::Simulator settled(const Builder& builder, std::vector<std::uint64_t>& values) {
  RC_ASSERT(find_violation(builder.netlist()) == "");
  netlist::Simulator simulator(builder.netlist());
  for (std::size_t i = 0; i < builder.netlist().feature_bits.size(); ++i) {
    values.push_back(*rc::gen::arbitrary<std::uint64_t>());
    simulator.set_feature_bit(i, values.back());
  }
  simulator.settle();
  return simulator;
}

tech::Family any_family() { return *rc::gen::elementOf(tech::kFamilies); }

std::uint64_t number(const netlist::Simulator& simulator, std::span<const NetId> nets, unsigned sample) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < nets.size(); ++i) value |= ((simulator.value(nets[i]) >> sample) & 1) << i;
  return value;
}

std::size_t count_cells(const Builder& builder, tech::Cell type) {
  return compute_statistics(builder.netlist(), 4).total[static_cast<std::size_t>(type)];
}

}  // namespace

TEST_CASE("a mapped function equals its table in every family", "[map][property]") {
  test::property([] {
    const int fan_in = *rc::gen::inRange(0, 10);
    truth::TruthTable table(fan_in);
    for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, *rc::gen::arbitrary<bool>());
    Builder builder(any_family());
    const auto inputs = add_inputs(builder, 10);
    std::vector<NetId> chosen;  // repeats and constants included
    for (int k = 0; k < fan_in; ++k) {
      const auto at = *rc::gen::inRange<std::size_t>(0, 12);
      chosen.push_back(at < 10 ? inputs[at] : NetId{static_cast<std::uint32_t>(at - 10)});
    }
    map::NameSource inner(kName, Tag::table);
    const NetId result = map::map_function(builder, table, chosen, kName, inner);
    std::vector<std::uint64_t> values;
    const auto simulator = settled(builder, values);
    for (unsigned s = 0; s < 64; ++s) {
      RC_ASSERT(((simulator.value(result) >> s) & 1) == std::uint64_t{table.bit(static_cast<std::uint32_t>(number(simulator, chosen, s)))});
    }
  });
}

TEST_CASE("wide tables use the family's own multiplexers", "[map]") {
  base::Rng rng(1);
  truth::TruthTable any(8);
  for (std::uint32_t a = 0; a < 256; ++a) any.set_bit(a, rng.below(2) == 1);
  Builder xc7(tech::Family::xc7);
  map::NameSource inner(kName, Tag::table);
  map::map_function(xc7, any, add_inputs(xc7, 8), kName, inner);
  CHECK(count_cells(xc7, tech::Cell::lut6) == 4);
  CHECK(count_cells(xc7, tech::Cell::muxf7) == 2);
  CHECK(count_cells(xc7, tech::Cell::muxf8) == 1);
  Builder gowin(tech::Family::gowin);
  map::NameSource third(kName, Tag::table);
  map::map_function(gowin, any, add_inputs(gowin, 8), kName, third);
  CHECK(count_cells(gowin, tech::Cell::gowin_lut4) == 16);
  CHECK(count_cells(gowin, tech::Cell::mux2_lut5) == 8);
  CHECK(count_cells(gowin, tech::Cell::mux2_lut6) == 4);
  CHECK(count_cells(gowin, tech::Cell::mux2_lut7) == 2);
  CHECK(count_cells(gowin, tech::Cell::mux2_lut8) == 1);
  // A random function of six inputs: four cofactors and a multiplexer of two LUT4.
  Builder ice40(tech::Family::ice40);
  map::NameSource other(kName, Tag::table);
  map::map_function(ice40, truth::TruthTable::from_word(6, rng.next()), add_inputs(ice40, 6), kName, other);
  CHECK(count_cells(ice40, tech::Cell::sb_lut4) == 6);
}

TEST_CASE("columns of bits add up, whatever their heights", "[map][property]") {
  test::property([] {
    Builder builder(any_family());
    const auto inputs = add_inputs(builder, 40);
    map::Columns columns(*rc::gen::inRange<std::size_t>(1, 4));
    std::uint64_t maximum = 0;
    for (std::size_t w = 0; w < columns.size(); ++w) {
      const auto height = *rc::gen::inRange(0, 20);
      for (int i = 0; i < height; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, 42);
        columns[w].push_back(at < 40 ? inputs[at] : NetId{static_cast<std::uint32_t>(at - 40)});
        maximum += std::uint64_t{1} << w;
      }
    }
    const auto width = static_cast<std::uint32_t>(std::bit_width(maximum | 1));
    const auto sum = map::make_counter_tree()->add_up(builder, columns, width, {.layer = 1, .unit = Unit::group});
    std::vector<std::uint64_t> values;
    const auto simulator = settled(builder, values);
    for (unsigned s = 0; s < 64; ++s) {
      std::uint64_t expected = 0;
      for (std::size_t w = 0; w < columns.size(); ++w) {
        for (const NetId net : columns[w]) expected += ((simulator.value(net) >> s) & 1) << w;
      }
      RC_ASSERT(number(simulator, sum, s) == expected);
    }
  });
}

TEST_CASE("the last two rows of a sum take one carry cell a column", "[map]") {
  const auto rows = [](Builder& builder) {
    const auto inputs = add_inputs(builder, 12);
    map::Columns columns(7);
    for (std::size_t i = 0; i < 12; ++i) columns[i / 2].push_back(inputs[i]);
    const netlist::NetName unit{.layer = 1, .unit = Unit::group};
    map::NameSource unused(unit, Tag::unused);
    CHECK(map::add_two_rows(builder, columns, unit, unused).size() == 7);
    return builder.netlist().cell_count();
  };
  Builder gowin(tech::Family::gowin);
  CHECK(rows(gowin) == 7);
  CHECK(count_cells(gowin, tech::Cell::gowin_alu) == 7);
  Builder ecp5(tech::Family::ecp5);  // two columns a cell
  CHECK(rows(ecp5) == 4);
  CHECK(count_cells(ecp5, tech::Cell::ccu2c) == 4);
}

TEST_CASE("a comparison with a constant is right for every number and constant", "[map][property]") {
  test::property([] {
    Builder builder(any_family());
    const auto width = *rc::gen::inRange<std::uint32_t>(1, 12);
    const auto inputs = add_inputs(builder, width);
    std::vector<map::Literal> literals;
    for (const NetId net : inputs) literals.push_back({net, *rc::gen::arbitrary<bool>()});
    const auto constant = *rc::gen::inRange<std::int64_t>(-2, (1 << width) + 2);
    const NetId result = map::map_exceeds_constant(builder, literals, constant, kName);
    std::vector<std::uint64_t> values;
    const auto simulator = settled(builder, values);
    for (unsigned s = 0; s < 64; ++s) {
      std::uint64_t flips = 0;
      for (std::uint32_t i = 0; i < width; ++i) flips |= std::uint64_t{literals[i].inverted} << i;
      const auto value = static_cast<std::int64_t>(number(simulator, inputs, s) ^ flips);
      RC_ASSERT(((simulator.value(result) >> s) & 1) == std::uint64_t{value > constant});
    }
  });
}

TEST_CASE("the price of a threshold of eight bits is known", "[map]") {
  const auto luts = [](std::int64_t constant) {
    Builder builder(tech::Family::xc7);
    std::vector<map::Literal> literals;
    for (const NetId net : add_inputs(builder, 8)) literals.push_back({net});
    map::map_exceeds_constant(builder, literals, constant, kName);
    return builder.netlist().cell_count();
  };
  CHECK(luts(127) == 0);  // the top bit
  CHECK(luts(63) == 1);
  CHECK(luts(191) == 1);
  CHECK(luts(100) == 2);
  CHECK(luts(255) == 0);  // never
  CHECK(luts(-1) == 0);   // always
}

TEST_CASE("argmax gives the lowest index of the largest score", "[map][property]") {
  test::property([] {
    Builder builder(any_family());
    const auto classes = *rc::gen::inRange<std::size_t>(1, 20);
    const auto width = *rc::gen::inRange<std::uint32_t>(1, 4);  // narrow, so that ties are common
    const auto inputs = add_inputs(builder, static_cast<std::uint32_t>(classes) * width);
    std::vector<std::vector<NetId>> scores;
    for (std::size_t c = 0; c < classes; ++c) {
      const auto first = inputs.begin() + static_cast<std::ptrdiff_t>(c * width);
      scores.emplace_back(first, first + width);
    }
    const auto index = map::map_argmax(builder, scores, 3);
    std::vector<std::uint64_t> values;
    const auto simulator = settled(builder, values);
    for (unsigned s = 0; s < 64; ++s) {
      std::size_t best = 0;
      for (std::size_t c = 1; c < classes; ++c) {
        if (number(simulator, scores[c], s) > number(simulator, scores[best], s)) best = c;
      }
      RC_ASSERT(number(simulator, index, s) == best);
    }
  });
}

TEST_CASE("a sum of weighted bits exceeds a constant exactly when its terms do", "[map][property]") {
  test::property([] {
    Builder builder(any_family());
    const auto inputs = add_inputs(builder, 12);
    logic::Graph graph;
    std::vector<NetId> nets{NetId::zero, NetId::one};
    for (const NetId net : inputs) {
      graph.add_input();
      nets.push_back(net);
    }
    std::vector<logic::Term> terms;  // repeats, constants and zeros included
    const auto count = *rc::gen::inRange(0, 30);
    const std::int32_t range = *rc::gen::element(1, 5, 300);
    for (int t = 0; t < count; ++t) {
      terms.push_back({logic::BitId{*rc::gen::inRange(0u, 14u)}, *rc::gen::inRange(-range, range + 1)});
    }
    const auto sum = graph.add_sum(terms, *rc::gen::inRange(-9, 9), {});
    const auto& bounds = graph.sum(sum);
    const auto constant = *rc::gen::inRange(bounds.minimum - 2, bounds.maximum + 3);
    auto columns = map::to_columns(builder, graph, sum, nets);
    RC_ASSERT(columns.minimum == bounds.minimum);
    const netlist::NetName unit{.layer = 1, .unit = Unit::group, .tag = Tag::sum, .index = 5};
    const NetId result = map::map_sum_exceeds(builder, std::move(columns.columns), constant - columns.minimum, unit, kName).net;
    std::vector<std::uint64_t> values;
    const auto simulator = settled(builder, values);
    for (unsigned s = 0; s < 64; ++s) {
      std::int64_t total = bounds.constant;
      for (const auto& term : terms) {
        total += term.weight * static_cast<std::int64_t>((simulator.value(nets[logic::index_of(term.bit)]) >> s) & 1);
      }
      RC_ASSERT(((simulator.value(result) >> s) & 1) == std::uint64_t{total > constant});
    }
  });
}

TEST_CASE("an inverter that only LUTs read costs nothing", "[map]") {
  for (const auto family : tech::kFamilies) {
    Builder builder(family);
    const auto inputs = add_inputs(builder, 2);
    CHECK(builder.inverse(NetId::zero) == NetId::one);
    const NetId inverse = builder.inverse(inputs[0]);
    CHECK(builder.inverse(inputs[0]) == inverse);
    CHECK(builder.inverse(inverse) == inputs[0]);
    const NetId kept = builder.inverse(inputs[1]);
    builder.keep_inverter(kept);
    CHECK_FALSE(builder.find_inverted(kept));
    CHECK(builder.inverse(kept) == inputs[1]);
    map::NameSource inner(kName, Tag::table);
    const auto both = truth::TruthTable::from_word(2, 0b1000);
    builder.netlist().bits = {map::map_function(builder, both, std::array{inverse, inputs[1]}, kName, inner)};
    builder.remove_dead_cells();
    CHECK(builder.netlist().cell_count() == 1);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/table_plan.hpp"

#include "lutgen/map/table.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/map/tables.hpp"

using namespace lutgen;
using netlist::NetId;
using truth::TruthTable;

namespace {

constexpr netlist::NetName kName{.layer = 1, .unit = netlist::Unit::neuron, .index = 5};

/// A function mapped in a family, its inputs the feature bits.
struct Mapped {
  map::Builder builder;
  NetId result = NetId::zero;

  Mapped(tech::Family family, const TruthTable& table) : builder(family) {
    auto& bits = builder.netlist().feature_bits;
    for (int k = 0; k < table.inputs(); ++k) {
      bits.push_back(builder.add_net({.unit = netlist::Unit::input, .index = static_cast<std::uint32_t>(k)}));
    }
    map::NameSource inner(kName, netlist::Tag::table);
    result = map::map_function(builder, table, bits, kName, inner);
  }

  std::uint32_t count_luts() const {
    const auto total = compute_statistics(builder.netlist(), 4).total;
    std::uint32_t luts = 0;
    for (std::size_t type = 0; type < total.size(); ++type) {
      if (tech::cell_type(static_cast<tech::Cell>(type)).role == tech::CellRole::lut) luts += static_cast<std::uint32_t>(total[type]);
    }
    return luts;
  }

  /// Whether it computes the table, at all addresses.
  bool computes(const TruthTable& table) const {
    netlist::Simulator simulator(builder.netlist());
    for (std::uint32_t first = 0; first < table.entries(); first += 64) {
      for (std::uint32_t k = 0; k < static_cast<std::uint32_t>(table.inputs()); ++k) {
        std::uint64_t word = 0;
        for (std::uint32_t i = 0; i < 64; ++i) word |= std::uint64_t{((first + i) >> k) & 1} << i;
        simulator.set_feature_bit(k, word);
      }
      simulator.settle();
      for (std::uint32_t i = 0; i < 64 && first + i < table.entries(); ++i) {
        if ((((simulator.value(result) >> i) & 1) != 0) != table.bit(first + i)) return false;
      }
    }
    return true;
  }
};

tech::Family any_family() {
  return *rc::gen::element(tech::Family::xc7, tech::Family::ecp5, tech::Family::ice40, tech::Family::gowin);
}

TruthTable any_table(std::uint64_t seed, int most_inputs) {
  base::Rng rng(seed);
  const int inputs = 5 + static_cast<int>(rng.below(static_cast<std::uint64_t>(most_inputs) - 4));
  switch (rng.below(3)) {
    case 0: return test::random_table(inputs, rng);
    case 1: return test::weighted_table(inputs, rng);
    default: return test::composed_table(inputs, 3, rng);
  }
}

std::uint32_t planned(tech::Family family, const TruthTable& table) { return map::TablePlanner(family).plan(table).luts; }

}  // namespace

TEST_CASE("a planned function is built right and takes at most the LUTs planned", "[map][decompose][property]") {
  test::property([](std::uint64_t seed) {
    const TruthTable table = any_table(seed, 10);
    const tech::Family family = any_family();
    const Mapped mapped(family, table);
    RC_ASSERT(mapped.computes(table));
    RC_ASSERT(mapped.count_luts() <= planned(family, table));
  });
}

TEST_CASE("neurons of 8 to 10 inputs take far fewer LUTs than their cofactors", "[map][decompose]") {
  base::Rng rng(11);
  std::array<std::uint32_t, 3> luts{};
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i) luts[static_cast<std::size_t>(i)] += planned(tech::Family::xc7, test::weighted_table(8 + i, rng));
  }
  CHECK(luts[0] <= 20 * 3);   // 4 with multiplexers
  CHECK(luts[1] <= 20 * 4);   // 9
  CHECK(luts[2] <= 20 * 6);   // 17
}

TEST_CASE("random functions take what they always took", "[map][decompose]") {
  base::Rng rng(5);
  const auto cost = [&](tech::Family family, int inputs) { return planned(family, test::random_table(inputs, rng)); };
  CHECK(cost(tech::Family::xc7, 7) == 2);
  CHECK(cost(tech::Family::xc7, 8) == 4);
  CHECK(cost(tech::Family::xc7, 9) == 9);
  CHECK(cost(tech::Family::ecp5, 6) == 4);
  CHECK(cost(tech::Family::gowin, 8) == 16);
  CHECK(cost(tech::Family::ice40, 5) == 3);  // two LUT4 and one that chooses
  CHECK(cost(tech::Family::ice40, 6) == 6);
}

TEST_CASE("a parity of 11 takes two LUT6, or four LUT4", "[map][decompose]") {
  TruthTable parity(11);
  for (std::uint32_t a = 0; a < parity.entries(); ++a) parity.set_bit(a, __builtin_parity(a) != 0);
  CHECK(planned(tech::Family::xc7, parity) == 2);
  CHECK(planned(tech::Family::ice40, parity) == 4);
  CHECK(Mapped(tech::Family::xc7, parity).count_luts() == 2);
}

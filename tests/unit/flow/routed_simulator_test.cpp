// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_simulator.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using flow::RoutedNet;

namespace {

/// A random netlist: `inputs` port bits, then flops and tables over all that came before.
struct Random {
  Random(std::uint64_t seed, std::uint32_t inputs, std::uint32_t flops, std::uint32_t tables) : rng(seed), builder("random") {
    flow::RoutedPort port{"in", true, {}};
    for (std::uint32_t i = 0; i < inputs; ++i) port.nets.push_back(builder.add_net(fmt::format("in{}", i)));
    nets = {RoutedNet::zero, RoutedNet::one};
    nets.insert(nets.end(), port.nets.begin(), port.nets.end());
    const RoutedNet clock = builder.add_net("clk");
    builder.add_port({"clk", true, {clock}});
    builder.add_port(port);
    std::vector<RoutedNet> states;
    for (std::uint32_t i = 0; i < flops; ++i) states.push_back(builder.add_net(""));
    nets.insert(nets.end(), states.begin(), states.end());
    const std::uint32_t cell = builder.add_cell("cell");
    for (std::uint32_t i = 0; i < tables; ++i) {
      flow::RoutedTable table;
      table.input_count = static_cast<std::uint8_t>(test::pick(rng, 0, 6));
      for (std::size_t k = 0; k < table.input_count; ++k) table.inputs[k] = any();
      // Few ones or many, besides random ones: tables whose halves are equal, opposite or constant.
      const std::uint64_t bits = rng.next();
      constexpr std::uint64_t kShapes[] = {0x9669'6996'6996'9669, 0x8000'0000'0000'0000, 0xFFFF'0000'FFFF'0000, 0};
      const std::uint32_t shape = test::pick(rng, 0, 7);
      table.init = shape < 4 ? kShapes[shape] : bits;
      table.output = builder.add_net("");
      table.cell = cell;
      builder.add_table(table);
      nets.push_back(table.output);
    }
    for (const RoutedNet state : states) {
      flow::RoutedFlop flop{.clock = clock, .data = any(), .output = state};
      if (test::pick(rng, 0, 1) == 1) flop.enable = any();
      if (test::pick(rng, 0, 1) == 1) flop.reset = any();
      flop.reset_value = test::pick(rng, 0, 1) == 1;
      flop.reset_needs_enable = test::pick(rng, 0, 1) == 1;
      flop.initial = test::pick(rng, 0, 1) == 1;
      flop.cell = cell;
      builder.add_flop(flop);
    }
  }

  RoutedNet any() { return nets[test::pick(rng, 0, static_cast<std::uint32_t>(nets.size() - 1))]; }

  base::Rng rng;
  flow::RoutedBuilder builder;
  std::vector<RoutedNet> nets;
};

/// One run, bit by bit, everything evaluated in every cycle: slow and obvious.
class Plain {
 public:
  explicit Plain(const flow::RoutedNetlist& netlist) : netlist_(netlist), values(netlist.net_count(), false) {
    values[1] = true;
    for (const auto& flop : netlist.flops) values[index_of(flop.output)] = flop.initial;
  }
  void settle() {
    for (const auto& table : netlist_.tables) {
      std::size_t address = 0;
      for (std::size_t i = 0; i < table.input_count; ++i) address |= std::size_t{values[index_of(table.inputs[i])]} << i;
      values[index_of(table.output)] = ((table.init >> address) & 1) != 0;
    }
  }
  void clock_edge() {
    settle();
    const std::vector<bool> old = values;
    for (const auto& flop : netlist_.flops) {
      const bool enable = old[index_of(flop.enable)];
      const bool reset = old[index_of(flop.reset)] && (enable || !flop.reset_needs_enable);
      if (enable) values[index_of(flop.output)] = old[index_of(flop.data)];
      if (reset) values[index_of(flop.output)] = flop.reset_value;
    }
    settle();
  }

 private:
  const flow::RoutedNetlist& netlist_;

 public:
  std::vector<bool> values;
};

}  // namespace

TEST_CASE("the event-driven simulator agrees with a plain one on random netlists", "[flow][routed_simulator][property]") {
  test::property([](std::uint64_t seed) {
    Random random(seed, 5, 6, 40);
    const auto netlist = random.builder.finish();
    RC_ASSERT(netlist.has_value());
    const std::size_t words = 1 + seed % 3;
    flow::RoutedSimulator simulator(*netlist, words);
    std::vector<Plain> plain(64 * words, Plain(*netlist));
    const auto& inputs = netlist->find_port("in")->nets;
    for (int cycle = 0; cycle < 12; ++cycle) {
      for (const RoutedNet net : inputs) {
        // Inputs that are the same in all runs, that differ, and that stay as they were.
        const std::uint32_t kind = test::pick(random.rng, 0, 3);
        if (kind == 0) continue;
        std::vector<std::uint64_t> values(words, kind == 1 ? 0 : ~std::uint64_t{0});
        for (auto& word : values) word = kind == 3 ? random.rng.next() : word;
        simulator.set(net, values);
        for (std::size_t run = 0; run < plain.size(); ++run) {
          plain[run].values[index_of(net)] = ((values[run / 64] >> (run % 64)) & 1) != 0;
        }
      }
      const bool only_settle = cycle % 5 == 4;
      only_settle ? simulator.settle() : simulator.clock_edge();
      for (std::size_t run = 0; run < plain.size(); ++run) {
        only_settle ? plain[run].settle() : plain[run].clock_edge();
        for (std::uint32_t net = 0; net < netlist->net_count(); ++net) {
          RC_ASSERT(simulator.value(static_cast<RoutedNet>(net), run) == plain[run].values[net]);
        }
      }
    }
  });
}

TEST_CASE("a flop that was set keeps its state for one cycle and then takes its input", "[flow][routed_simulator]") {
  flow::RoutedBuilder builder("test");
  const RoutedNet clock = builder.add_net("clk");
  const RoutedNet data = builder.add_net("d");
  const RoutedNet state = builder.add_net("q");
  builder.add_port({"clk", true, {clock}});
  builder.add_port({"d", true, {data}});
  builder.add_flop({.clock = clock, .data = data, .output = state, .cell = builder.add_cell("ff")});
  const auto netlist = builder.finish();
  REQUIRE(netlist);
  flow::RoutedSimulator simulator(*netlist, 1);
  simulator.clock_edge();
  simulator.set(state, true);
  simulator.settle();
  CHECK(simulator.value(state, 17));
  simulator.clock_edge();
  CHECK_FALSE(simulator.value(state, 17));
}

TEST_CASE("a cycle in which nothing changes evaluates nothing", "[flow][routed_simulator]") {
  Random random(3, 4, 0, 30);
  const auto netlist = random.builder.finish();
  REQUIRE(netlist);
  flow::RoutedSimulator simulator(*netlist, 2);
  simulator.clock_edge();
  const std::uint64_t before = simulator.evaluations();
  CHECK(before >= 30);
  for (int i = 0; i < 100; ++i) simulator.clock_edge();
  CHECK(simulator.evaluations() == before);
  CHECK(simulator.edges() == 101);
}

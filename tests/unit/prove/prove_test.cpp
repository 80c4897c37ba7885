// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/prove.hpp"

#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/read_netlist.hpp"

using namespace lutgen;
using netlist::NetId;
using prove::Verdict;

namespace {

struct Design {
  model::Model model;
  logic::Lowered lowered;
  prove::ProveOptions options;
  map::Mapped mapped;
};

Design random_design(std::uint64_t seed) {
  auto model = test::random_model(seed);
  RC_ASSERT(model::validate_model(model, "random").has_value());
  auto lowered = logic::lower(model, {});
  RC_ASSERT(lowered.has_value());
  prove::ProveOptions options;
  options.map.family = *rc::gen::elementOf(tech::kFamilies);
  options.map.scores_output = *rc::gen::arbitrary<bool>();
  options.map.goal = *rc::gen::element(map::Goal::area, map::Goal::balanced, map::Goal::delay);
  options.map.pipeline = {*rc::gen::element(map::PipelineMode::none, map::PipelineMode::every_levels, map::PipelineMode::automatic),
                          *rc::gen::inRange<std::uint32_t>(1, 6)};
  options.samples = 2048;
  if (*rc::gen::arbitrary<bool>()) {
    *lowered = optimize::optimize(*lowered, optimize::options_for(options.map.family, options.passes)).lowered;
  }
  map::Mapped mapped = map::map_to_netlist(*lowered, options.map);
  return {std::move(model), std::move(*lowered), options, std::move(mapped)};
}

prove::ProveReport prove_it(const Design& design, const prove::ReadNetlist& read) {
  return prove::prove_netlist(design.model, design.lowered, design.mapped, read, design.options);
}

/// Whether 4,096 random samples, one a cycle, all come out right.
bool simulates_right(const Design& design, const prove::ReadNetlist& read, std::uint64_t seed) {
  netlist::Simulator simulator(read.netlist);
  base::Rng rng(seed);
  std::vector<std::vector<std::uint64_t>> sent;
  const std::uint32_t latency = design.mapped.netlist.latency_cycles;
  for (std::size_t cycle = 0; cycle < 64 + latency; ++cycle) {
    auto& words = sent.emplace_back();
    for (std::size_t i = 0; i < read.netlist.feature_bits.size(); ++i) {
      words.push_back(rng.next());
      simulator.set_feature_bit(i, words.back());
    }
    simulator.settle();
    if (cycle >= latency) {
      const auto expected = eval::evaluate_bitsliced(design.lowered.graph, sent[cycle - latency]);
      for (unsigned s = 0; s < 64; ++s) {
        std::uint64_t found = 0;
        for (std::size_t i = 0; i < read.netlist.class_index.size(); ++i) {
          found |= (simulator.value(read.netlist.class_index[i]) >> s & 1) << i;
        }
        if (!read.netlist.class_index.empty() && found != expected.class_index[s]) return false;
      }
      for (std::size_t i = 0; i < read.netlist.bits.size(); ++i) {
        if (simulator.value(read.netlist.bits[i]) != expected.bits[i]) return false;
      }
      const std::size_t classes = expected.scores.size();
      for (std::size_t c = 0; c < classes && !read.netlist.scores.empty(); ++c) {
        const std::size_t width = read.netlist.scores.size() / classes;
        for (unsigned s = 0; s < 64; ++s) {
          std::int64_t found = 0;
          for (std::size_t i = 0; i < width; ++i) {
            found |= static_cast<std::int64_t>(simulator.value(read.netlist.scores[c * width + i]) >> s & 1) << i;
          }
          if (found != expected.scores[c][s]) return false;
        }
      }
    }
    if (latency != 0) simulator.clock_edge();
  }
  return true;
}

}  // namespace

TEST_CASE("what the mapper makes of random networks is proven, on every family", "[prove][property]") {
  test::property([](std::uint64_t seed) {
    const Design design = random_design(seed);
    const auto report = prove_it(design, test::read_without_yosys(design.mapped));
    if (report.verdict != Verdict::proven) RC_FAIL(to_text(report));
    RC_ASSERT(report.valid_registers == design.mapped.netlist.latency_cycles);
  });
}

TEST_CASE("no random fault that shows in simulation is called equal, and most come with a counter-example", "[prove][property]") {
  std::size_t shown = 0;
  std::size_t with_example = 0;
  test::property([&](std::uint64_t seed) {
    const Design design = random_design(seed);
    auto read = test::read_without_yosys(design.mapped);
    if (read.netlist.cell_count() == 0) return;
    const auto victim = *rc::gen::inRange<std::uint32_t>(0, read.netlist.cell_count());
    const auto kind = *rc::gen::inRange(0, 2);
    const auto bit = *rc::gen::inRange(0, 64);
    const auto pin_choice = *rc::gen::inRange<std::size_t>(0, 64);
    const auto& features = read.netlist.feature_bits;
    const NetId other = features[*rc::gen::inRange<std::size_t>(0, features.size())];
    test::rebuild(read, [&](std::uint32_t cell, tech::Cell type, std::uint64_t& init, std::vector<NetId>& pins) {
      const auto& info = tech::cell_type(type);
      if (cell != victim || info.role == tech::CellRole::flop) return true;
      if (kind == 0 && info.role == tech::CellRole::lut) {
        init ^= std::uint64_t{1} << (static_cast<unsigned>(bit) % (1u << std::min<unsigned>(info.input_bits, 3)));
      } else {
        pins[info.output_bits + pin_choice % info.input_bits] = other;
      }
      return true;
    });
    const auto report = prove_it(design, read);
    const bool right = simulates_right(design, read, seed);
    if (report.passed() && !right) RC_FAIL(to_text(report));
    if (!right) {
      ++shown;
      with_example += report.counter_example ? 1 : 0;
    }
    if (report.verdict == Verdict::different) {
      RC_ASSERT(report.counter_example.has_value());
      RC_ASSERT(report.counter_example->expected != report.counter_example->found);
    }
  });
  CHECK(shown > 10);
  CHECK(with_example * 10 >= shown * 9);
}

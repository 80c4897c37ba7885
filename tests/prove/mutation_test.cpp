// SPDX-License-Identifier: Apache-2.0
#include "tests/prove/mutation.hpp"

#include <cstdio>
#include <set>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "lutgen/prove/prove.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/dense_model.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using prove::Verdict;
using test::FaultClass;

namespace {

bool have_tool(const char* program) {
  if (base::find_program(program)) return true;
  std::printf("SKIPPED: %s is not installed\n", program);
  return false;
}

/// 12 bits in, two layers of tables, three sums of 20, argmax: all 4,096 inputs can be tried.
model::Model small_model() {
  base::Rng rng(7);
  model::Model model;
  model.name = "mutants";
  model.input = {{12}, model::FeatureType::bit};
  const auto add = [&](model::Operation operation, std::int32_t source) {
    model::Layer layer;
    layer.operation = std::move(operation);
    layer.sources = {source};
    model.layers.push_back(std::move(layer));
  };
  add(test::random_luts(rng, 40, 6, 12), model::kNetworkInput);
  add(test::random_luts(rng, 60, 5, 40), 0);
  add(model::GroupSum{3}, 1);
  add(model::Argmax{}, 2);
  REQUIRE(model::validate_model(model, "mutants"));
  return model;
}

struct Subject {
  model::Model model;
  logic::Lowered lowered;
  verilog::Design design;
  prove::ProveOptions options;
};

Subject make_subject(model::Model model, bool scores) {
  auto lowered = logic::lower(model, {});
  REQUIRE(lowered);
  verilog::EmitOptions emit;
  emit.map.scores_output = scores;
  auto design = verilog::build_design(model, emit);
  REQUIRE(design);
  prove::ProveOptions options;
  options.map = emit.map;
  return {std::move(model), std::move(*lowered), std::move(*design), options};
}

/// Which of `samples` words of inputs, sent one a cycle, come out wrong in the netlist as Yosys read it.
bool simulates_wrong(const Subject& subject, const netlist::Netlist& net, const std::vector<std::vector<std::uint64_t>>& words) {
  netlist::Simulator simulator(net);
  const std::uint32_t latency = subject.design.mapped.netlist.latency_cycles;
  const auto number = [&](std::span<const netlist::NetId> nets, unsigned s) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < nets.size(); ++i) value |= static_cast<std::int64_t>(simulator.value(nets[i]) >> s & 1) << i;
    return value;
  };
  for (std::size_t cycle = 0; cycle < words.size() + latency; ++cycle) {
    const auto& now = words[cycle % words.size()];
    for (std::size_t i = 0; i < now.size(); ++i) simulator.set_feature_bit(i, now[i]);
    simulator.settle();
    if (cycle >= latency) {
      const auto expected = eval::evaluate_bitsliced(subject.lowered.graph, words[cycle - latency]);
      for (std::size_t i = 0; i < expected.bits.size(); ++i) {
        if (simulator.value(net.bits[i]) != expected.bits[i]) return true;
      }
      for (unsigned s = 0; s < 64; ++s) {
        if (number(net.class_index, s) != expected.class_index[s]) return true;
        const std::size_t classes = expected.scores.size();
        for (std::size_t c = 0; c < classes && !net.scores.empty(); ++c) {
          const std::size_t width = net.scores.size() / classes;
          if (number(std::span(net.scores).subspan(c * width, width), s) != expected.scores[c][s]) return true;
        }
      }
    }
    simulator.clock_edge();
  }
  return false;
}

/// All inputs of a network of at most 16 bits, in an order in which neighbours differ much.
std::vector<std::vector<std::uint64_t>> all_inputs(std::size_t bits) {
  std::vector<std::vector<std::uint64_t>> words;
  const std::size_t blocks = std::size_t{1} << (bits - 6);
  for (std::size_t block = 0; block < blocks; ++block) {
    auto& word = words.emplace_back(bits, 0);
    for (std::uint64_t s = 0; s < 64; ++s) {
      const std::uint64_t input = (block * 64 + s) * 2731 % (blocks * 64);
      for (std::size_t i = 0; i < bits; ++i) word[i] |= (input >> i & 1) << s;
    }
  }
  return words;
}

/// Random bits.
std::vector<std::vector<std::uint64_t>> random_inputs(std::size_t bits, std::size_t count, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<std::vector<std::uint64_t>> words(count, std::vector<std::uint64_t>(bits));
  for (auto& word : words) {
    for (auto& bit : word) bit = rng.next();
  }
  return words;
}

struct Tally {
  std::size_t faults = 0;
  std::size_t refused = 0;      // by prove, as no netlist (a loop)
  std::size_t different = 0;    // with a counter-example
  std::size_t not_proven = 0;
  std::size_t equal = 0;        // proven
  std::size_t equal_sat = 0;    // proven, although a claim does not hold
  std::size_t simulated = 0;    // caught by simulation
  std::size_t missed = 0;       // called equal though simulation shows a difference
  std::size_t needless = 0;     // refused or not proven though every input comes out right
};

void print_row(const char* name, const Tally& t) {
  std::printf("%-18s %6zu %10zu %10zu %10zu %8zu %12zu %11zu %7zu\n", name, t.faults, t.different, t.not_proven, t.refused,
              t.equal, t.equal_sat, t.simulated, t.missed);
}

void add(Tally& sum, const Tally& t) {
  sum.faults += t.faults;
  sum.refused += t.refused;
  sum.different += t.different;
  sum.not_proven += t.not_proven;
  sum.equal += t.equal;
  sum.equal_sat += t.equal_sat;
  sum.simulated += t.simulated;
  sum.missed += t.missed;
  sum.needless += t.needless;
}

/// `count` faults of all classes in turn; inputs are those of the independent simulation.
Tally run_faults(const Subject& subject, std::size_t count, std::uint64_t seed,
                 const std::vector<std::vector<std::uint64_t>>& inputs) {
  const test::TemporaryFolder folder;
  const test::NetlistText text(verilog::verilog_text(subject.design));
  base::Rng rng(seed);
  std::array<Tally, test::kFaultClasses.size()> tallies{};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = i % tallies.size();
    Tally& tally = tallies[kind];
    std::string what;
    const std::string verilog = text.with_fault(static_cast<FaultClass>(kind), rng, what);
    INFO(what);
    ++tally.faults;
    REQUIRE(base::write_file(folder.path() / "mutant.v", verilog));
    const auto read = prove::read_back(folder.path() / "mutant.v", tech::Family::xc7, {.work = folder.path() / "work"});
    if (!read) {
      if (read.error().code != Code::prove_netlist_invalid) FAIL(to_text(read.error()));
      ++tally.refused;
      ++tally.simulated;  // nothing can simulate a loop
      continue;
    }
    const auto report = prove_netlist(subject.model, subject.design.optimized.lowered, subject.design.mapped, *read, subject.options);
    const bool wrong = simulates_wrong(subject, read->netlist, inputs);
    tally.simulated += wrong ? 1 : 0;
    tally.different += report.verdict == Verdict::different ? 1 : 0;
    tally.not_proven += report.verdict == Verdict::not_proven ? 1 : 0;
    tally.equal += report.verdict == Verdict::proven ? 1 : 0;
    tally.equal_sat += report.verdict == Verdict::proven_sat ? 1 : 0;
    tally.missed += wrong && report.passed() ? 1 : 0;
    tally.needless += !wrong && !report.passed() ? 1 : 0;
    if (wrong && report.passed()) std::printf("MISSED: %s\n%s", what.c_str(), to_text(report).c_str());
    if (report.verdict == Verdict::not_proven) std::printf("not proven: %s\n%s", what.c_str(), to_text(report).c_str());
  }
  std::printf("%-18s %6s %10s %10s %10s %8s %12s %11s %7s\n", "fault", "faults", "different", "not proven", "refused", "equal",
              "equal by SAT", "simulation", "missed");
  Tally sum;
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    print_row(test::kFaultClasses[k], tallies[k]);
    add(sum, tallies[k]);
  }
  print_row("all", sum);
  return sum;
}

}  // namespace

TEST_CASE("prove catches every one of 200 faults that changes the function, and no other", "[prove][small]") {
  if (!have_tool("yosys")) return;
  const Subject subject = make_subject(small_model(), false);
  const auto inputs = all_inputs(12);
  // What is simulated on all inputs is the truth: the unchanged netlist comes out right.
  CHECK_FALSE(simulates_wrong(subject, subject.design.mapped.netlist, inputs));
  const Tally sum = run_faults(subject, 200, 1, inputs);
  CHECK(sum.faults == 200);
  CHECK(sum.missed == 0);
  CHECK(sum.not_proven == 0);
  // A changed function always comes with a counter-example, unless the text is no netlist at all.
  CHECK(sum.different + sum.refused >= sum.simulated);
  CHECK(sum.different >= 100);
}

TEST_CASE("prove catches faults of the starter network", "[prove][starter]") {
  if (!have_tool("yosys")) return;
  auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors");
  REQUIRE(model);
  const Subject subject = make_subject(std::move(*model), false);
  const Tally sum = run_faults(subject, 30, 2, random_inputs(subject.lowered.graph.input_count(), 64, 3));
  CHECK(sum.missed == 0);
  CHECK(sum.different >= 15);
}

TEST_CASE("prove catches faults in numbers that several sums share", "[prove][share]") {
  if (!have_tool("yosys")) return;
  auto model = test::dense_model({.neurons = 12, .inputs = 48, .levels = 1, .most_weight = 1, .bases = 2, .own = 4}, 1);
  REQUIRE(model::validate_model(model, "dense"));
  const Subject subject = make_subject(std::move(model), false);
  REQUIRE(subject.design.mapped.shared_parts > 0);
  const auto inputs = random_inputs(subject.lowered.graph.input_count(), 512, 3);
  CHECK_FALSE(simulates_wrong(subject, subject.design.mapped.netlist, inputs));
  const Tally sum = run_faults(subject, 100, 4, inputs);
  CHECK(sum.missed == 0);
  CHECK(sum.simulated >= 50);
  CHECK(sum.different >= 50);
}

TEST_CASE("Verilator sees what the counter-examples of faults say", "[prove][verilator]") {
  if (!have_tool("yosys") || !have_tool("verilator")) return;
  const Subject subject = make_subject(small_model(), true);
  const test::NetlistText text(verilog::verilog_text(subject.design));
  const test::TemporaryFolder folder;
  base::Rng rng(5);
  for (std::size_t kind = 0; kind < test::kFaultClasses.size(); ++kind) {
    std::string what;
    std::string mutant;
    prove::ProveReport report;
    do {  // until one changes the function
      mutant = text.with_fault(static_cast<FaultClass>(kind), rng, what);
      REQUIRE(base::write_file(folder.path() / "mutant.v", mutant));
      const auto read = prove::read_back(folder.path() / "mutant.v", tech::Family::xc7, {.work = folder.path() / "work"});
      if (!read) continue;
      report = prove_netlist(subject.model, subject.design.optimized.lowered, subject.design.mapped, *read, subject.options);
    } while (report.verdict != Verdict::different);
    INFO(what);
    REQUIRE(report.counter_example);
    data::Dataset dataset = eval::draw_samples(subject.model, 1, 1);
    data::FloatFeatures features;
    const auto& samples = report.counter_example->features;
    const std::size_t repeats = samples.size() > 1 ? 16 : 1;
    for (std::size_t r = 0; r < repeats; ++r) {
      for (const auto& sample : samples) features.insert(features.end(), sample.begin(), sample.end());
    }
    dataset.features = features;
    dataset.labels.assign(samples.size() * repeats, 0);
    REQUIRE(verilog::write_design(subject.design, folder.path() / "design"));
    REQUIRE(base::write_file(folder.path() / "design" / (subject.design.manifest.top + ".v"), mutant));
    const auto cosim = cosim::run_cosim({.design = folder.path() / "design",
                                         .model = subject.model,
                                         .model_sha256 = {},
                                         .dataset = dataset,
                                         .options = {}});
    if (!cosim) FAIL(to_text(cosim.error()));
    CHECK_FALSE(cosim->passed());
  }
}

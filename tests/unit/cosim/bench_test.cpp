// SPDX-License-Identifier: Apache-2.0
#include "lutgen_sim/bench.hpp"

#include <deque>
#include <vector>

#include "tests/support/catch.hpp"

using namespace lutgen::sim;

namespace {

/// A design in C++: out = in + 1 (mod 256) after `latency` register stages, with faults on demand.
struct Adder {
  std::uint8_t clk = 0;
  std::uint8_t rst = 0;
  std::uint8_t in_valid = 0;
  std::uint8_t in = 0;
  std::uint8_t out_valid = 0;
  std::uint8_t out = 0;

  std::size_t latency = 2;
  bool ignores_reset = false;
  bool drops_after_gap = false;  // forgets the first sample after an idle cycle
  std::uint64_t samples_taken = 0;

  struct Stage {
    std::uint8_t valid = 0;
    std::uint8_t value = 0;
  };
  std::deque<Stage> stages;
  std::uint8_t last_clk = 0;
  bool was_idle = false;

  void eval() {
    const auto next = static_cast<std::uint8_t>(in + 1);
    if (clk != 0 && last_clk == 0) {
      Stage stage{in_valid, next};
      if (drops_after_gap && was_idle && samples_taken > 3) stage.valid = 0;
      if (in_valid != 0) ++samples_taken;
      was_idle = in_valid == 0;
      stages.push_front(stage);
      if (stages.size() > latency) stages.pop_back();
      if (rst != 0 && !ignores_reset)
        for (Stage& it : stages) it.valid = 0;
    }
    last_clk = clk;
    const bool filled = latency > 0 && stages.size() == latency;
    out_valid = latency == 0 ? in_valid : (filled ? stages.back().valid : std::uint8_t{0});
    out = latency == 0 ? next : (filled ? stages.back().value : std::uint8_t{0});
  }
};

Design connect(Adder& adder) {
  Design design;
  design.clock = Port("clk", adder.clk, 1);
  design.reset = Port("rst", adder.rst, 1);
  design.in_valid = Port("in_valid", adder.in_valid, 1);
  design.out_valid = Port("out_valid", adder.out_valid, 1);
  design.inputs = {Port("in", adder.in, 8)};
  design.outputs = {Port("out", adder.out, 8)};
  design.eval = [&adder] { adder.eval(); };
  return design;
}

Stimulus make_stimulus(std::uint32_t latency, std::uint64_t samples) {
  Stimulus stimulus;
  stimulus.latency_cycles = latency;
  stimulus.max_burst = 8;
  stimulus.max_gap = 4;
  stimulus.samples = samples;
  stimulus.reset_after = samples / 2;
  stimulus.inputs = {{"in", 8}};
  stimulus.outputs = {{"out", 8}};
  Random random(5);
  for (std::uint64_t i = 0; i < samples; ++i) {
    const auto value = static_cast<std::uint32_t>(random.next() & 255u);
    stimulus.input_words.push_back(value);
    stimulus.output_words.push_back((value + 1) & 255u);
  }
  return stimulus;
}

Result run(Adder& adder, const Stimulus& stimulus) {
  const Design design = connect(adder);
  REQUIRE(check_ports(design, stimulus).empty());
  return Bench(design, stimulus).run();
}

}  // namespace

TEST_CASE("a right design passes at every latency, with gaps and a reset", "[cosim][bench]") {
  for (const std::uint32_t latency : {0u, 1u, 2u, 7u}) {
    Adder adder;
    adder.latency = latency;
    const Result result = run(adder, make_stimulus(latency, 500));
    CHECK(result.passed());
    CHECK(result.samples == 500);
    CHECK(result.latency_cycles == latency);
    CHECK(result.interval_cycles == 1u);
    // With latency 1 the last sample before a reset comes out in the reset's first cycle.
    CHECK((result.lost_in_reset > 0) == (latency > 1));
    CHECK(result.cycles > 500);
  }
}

TEST_CASE("samples keep the stated interval", "[cosim][bench]") {
  Adder adder;
  Stimulus stimulus = make_stimulus(2, 200);
  stimulus.interval_cycles = 3;
  const Result result = run(adder, stimulus);
  CHECK(result.passed());
  CHECK(result.interval_cycles == 3u);
}

TEST_CASE("the same seed gives the same run, another seed another one", "[cosim][bench]") {
  Stimulus stimulus = make_stimulus(2, 300);
  Adder first;
  Adder second;
  Adder third;
  const std::uint64_t cycles = run(first, stimulus).cycles;
  CHECK(run(second, stimulus).cycles == cycles);
  stimulus.seed = 99;
  CHECK(run(third, stimulus).cycles != cycles);
}

TEST_CASE("a run tells how many samples it has sent", "[cosim][bench]") {
  Adder adder;
  const Stimulus stimulus = make_stimulus(2, 100);
  Design design = connect(adder);
  std::vector<std::uint64_t> sent;
  design.progress = [&sent](std::uint64_t done, std::uint64_t total) {
    CHECK(total == 100);
    sent.push_back(done);
  };
  CHECK(Bench(design, stimulus).run().passed());
  REQUIRE(sent.size() >= 6);
  CHECK(sent.front() == 16);
  CHECK(sent.back() == 96);
}

TEST_CASE("a wrong value is reported with its sample and field", "[cosim][bench]") {
  Adder adder;
  Stimulus stimulus = make_stimulus(2, 100);
  stimulus.output_words[60] ^= 0x10u;
  const Result result = run(adder, stimulus);
  CHECK(result.mismatches == 1);
  CHECK(result.valid_errors == 0);
  REQUIRE(result.first_mismatch.has_value());
  CHECK(result.first_mismatch->sample == 60);
  CHECK(result.first_mismatch->field == "out");
  CHECK(result.first_mismatch->expected != result.first_mismatch->found);
}

TEST_CASE("a missing register shows in out_valid and in the latency", "[cosim][bench]") {
  Adder adder;
  adder.latency = 1;
  const Result result = run(adder, make_stimulus(2, 100));
  CHECK(result.valid_errors > 0);
  CHECK(result.latency_cycles == 1u);
  REQUIRE(result.first_valid_error.has_value());
  CHECK(!result.first_valid_error->expected);
  CHECK(!result.first_valid_error->sample.has_value());
}

TEST_CASE("a design that is too slow shows its latency all the same", "[cosim][bench]") {
  Adder adder;
  adder.latency = 9;
  const Result result = run(adder, make_stimulus(2, 100));
  CHECK(result.latency_cycles == 9u);
  CHECK(!result.passed());
}

TEST_CASE("samples that outlive a reset are errors of out_valid", "[cosim][bench]") {
  Adder adder;
  adder.latency = 4;
  adder.ignores_reset = true;
  const Result result = run(adder, make_stimulus(4, 100));
  CHECK(result.valid_errors > 0);
  CHECK(result.mismatches == 0);
}

TEST_CASE("a fault that needs a gap is found", "[cosim][bench]") {
  Adder adder;
  adder.drops_after_gap = true;
  const Result result = run(adder, make_stimulus(2, 100));
  CHECK(result.valid_errors > 0);
  REQUIRE(result.first_valid_error.has_value());
  CHECK(result.first_valid_error->expected);
  CHECK(result.first_valid_error->sample.has_value());
}

TEST_CASE("a design without out_valid is compared when results are due", "[cosim][bench]") {
  Adder adder;
  const Stimulus stimulus = make_stimulus(2, 50);
  Design design = connect(adder);
  design.out_valid = Port();
  const Result result = Bench(design, stimulus).run();
  CHECK(result.passed());
  CHECK(result.samples == 50);
}

TEST_CASE("probes are recorded from the first sample's cycle on", "[cosim][bench]") {
  Adder adder;
  const Stimulus stimulus = make_stimulus(2, 10);
  Design design = connect(adder);
  design.probes = Port("probes", adder.out, 8);
  const Words rows = Bench(design, stimulus).record_probes(3);
  REQUIRE(rows.size() == 13);
  for (std::size_t sample = 0; sample < 10; ++sample)
    CHECK(rows[sample + 2] == stimulus.output_words[sample]);
}

TEST_CASE("ports that differ from the stimulus are named", "[cosim][bench]") {
  Adder adder;
  Stimulus stimulus = make_stimulus(2, 1);
  stimulus.outputs[0].width_bits = 9;
  CHECK(check_ports(connect(adder), stimulus) ==
        "expected output 0 to be out (8 bits), got out (9 bits)");
  stimulus.outputs.clear();
  CHECK(check_ports(connect(adder), stimulus) == "expected 1 output fields, got 0");
}

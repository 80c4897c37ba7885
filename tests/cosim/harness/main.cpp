// SPDX-License-Identifier: Apache-2.0
// The example of sim/README.md: a design of one's own in the harness. Prints the result as JSON.
// With an argument the stimulus is made wrong in that way, to see that the harness notices.
#include <cstdint>
#include <cstdio>
#include <string>

#include "Vweighted_sum.h"
#include "lutgen_sim/bench.hpp"

namespace {

void append(lutgen::sim::Words& words, std::uint64_t value, std::size_t width_bits) {
  words.push_back(static_cast<std::uint32_t>(value));
  if (width_bits > 32) words.push_back(static_cast<std::uint32_t>(value >> 32));
}

/// 5,000 random samples with the results that the design should give.
lutgen::sim::Stimulus make_stimulus(const std::string& fault) {
  lutgen::sim::Stimulus stimulus;
  stimulus.inputs = {{"a_i", 40}, {"b_i", 12}};
  stimulus.outputs = {{"sum_o", 41}, {"echo_o", 100}, {"low_o", 4}};
  stimulus.latency_cycles = fault == "latency" ? 3 : 2;
  stimulus.samples = 5000;
  stimulus.reset_after = 2000;
  lutgen::sim::Random random(7);
  for (std::uint64_t sample = 0; sample < stimulus.samples; ++sample) {
    const std::uint64_t a = random.next() >> 24;
    const std::uint64_t b = random.next() >> 52;
    append(stimulus.input_words, a, 40);
    append(stimulus.input_words, b, 12);
    append(stimulus.output_words, a + 3 * b + (fault == "value" && sample == 1234 ? 1 : 0), 41);
    append(stimulus.output_words, a & 0xffffffffu, 32);
    append(stimulus.output_words, (a >> 32) | (0xa5u << 8) | ((a & 0xffffu) << 16), 32);
    append(stimulus.output_words, ((a >> 16) & 0xffffffu) | ((b & 0xffu) << 24), 32);
    append(stimulus.output_words, b >> 8, 4);
    append(stimulus.output_words, b & 15u, 4);
  }
  return stimulus;
}

}  // namespace

int main(int argc, char** argv) {
  using lutgen::sim::Port;
  VerilatedContext context;
  Vweighted_sum top(&context);

  lutgen::sim::Design design;
  design.clock = Port("clk_i", top.clk_i, 1);
  design.reset = Port("rst_ni", top.rst_ni, 1);
  design.reset_level = false;
  design.in_valid = Port("valid_i", top.valid_i, 1);
  design.out_valid = Port("valid_o", top.valid_o, 1);
  design.inputs = {Port("a_i", top.a_i, 40), Port("b_i", top.b_i, 12)};
  design.outputs = {Port("sum_o", top.sum_o, 41), Port("echo_o", top.echo_o, 100),
                    Port("low_o", top.low_o, 4)};
  design.eval = [&top] { top.eval(); };

  const lutgen::sim::Stimulus stimulus = make_stimulus(argc > 1 ? argv[1] : "");
  if (const std::string error = lutgen::sim::check_ports(design, stimulus); !error.empty()) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 2;
  }
  const lutgen::sim::Result result = lutgen::sim::Bench(design, stimulus).run();
  std::printf("%s", lutgen::sim::to_json(result).c_str());
  return result.passed() ? 0 : 1;
}

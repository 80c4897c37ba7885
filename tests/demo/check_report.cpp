// SPDX-License-Identifier: Apache-2.0
// Checks the fields of a demo's report.json that others rely on, and the figures that are known.
#include <cstdio>
#include <set>
#include <string>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"

namespace {

using lutgen::io::Json;

int faults = 0;

void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::printf("report.json: expected %s\n", what.c_str());
  ++faults;
}

std::uint64_t number(const Json& object, const std::string& field) {
  const auto value = lutgen::io::get_unsigned(object, field, "report.json");
  expect(value.has_value(), "a whole number in " + field);
  return value.value_or(0);
}

std::string text(const Json& object, const std::string& field) {
  const auto value = lutgen::io::get_string(object, field, "report.json");
  expect(value.has_value(), "text in " + field);
  return value.value_or("");
}

const Json& field_of(const Json& object, const std::string& field) {
  static const Json kNothing;
  const Json* found = lutgen::io::find_field(object, field);
  expect(found != nullptr, "the field " + field);
  return found == nullptr ? kNothing : *found;
}

void check_eval(const Json& eval) {
  expect(number(eval, "samples") == 10000, "eval.samples 10000");
  const auto accuracy = lutgen::io::get_number(eval, "accuracy", "report.json");
  expect(accuracy && *accuracy > 0 && *accuracy <= 1, "eval.accuracy in (0, 1]");
  // The answer that the network's own notes give for the 10,000 test images of MNIST.
  if (text(eval, "data") == "mnist") expect(accuracy == 0.9860, "eval.accuracy 0.9860 on mnist");
}

void check_cosim(const Json& run) {
  const std::string family = text(run, "family");
  expect(number(run, "samples") == (family == "xc7" ? 10000u : 1000u), "all samples of " + family);
  expect(number(run, "mismatches") == 0, "no mismatch on " + family);
  expect(number(run, "latency_cycles") >= 1, "a latency of " + family);
  expect(number(run, "interval_cycles") == 1, "interval 1 of " + family);
  const auto speed = lutgen::io::get_number(run, "cycles_per_second", "report.json");
  expect(speed && *speed > 0, "cycles_per_second of " + family);
}

/// One build of the report: figures that any build has, and no mismatch after routing.
void check_build(const Json& build) {
  const std::string board = text(build, "board");
  expect(number(build, "luts") > 500, "LUT positions of " + board);
  expect(number(build, "ffs") > 500, "flops of " + board);
  const auto fmax = lutgen::io::get_number(build, "fmax_mhz", "report.json");
  expect(fmax && *fmax > 10, "fmax_mhz of " + board);
  expect(number(build, "seed") == 1, "the seed of " + board);
  const auto bitstream = lutgen::base::read_file(text(build, "bitstream"));
  expect(bitstream && bitstream->size() == number(build, "bytes"), "the bitstream of " + board + " in its size");
  const Json& readback = field_of(build, "readback");
  expect(number(readback, "samples") == 1000, "1,000 samples read back from " + board);
  expect(number(readback, "mismatches") == 0, "no mismatch after routing on " + board);
  expect(text(field_of(build, "proof"), "verdict") == "proven", "a proven core on " + board);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto bytes = lutgen::base::read_file(argv[1]);
  const auto report = lutgen::io::parse_json(bytes.value_or(""), argv[1]);
  if (!report) {
    std::printf("%s", lutgen::to_text(report.error()).c_str());
    return 1;
  }
  expect(text(field_of(*report, "model"), "name") == "mnist-lut6-1200",
         "model.name mnist-lut6-1200");
  check_eval(field_of(*report, "eval"));
  const std::set<std::string> families = {"xc7", "ecp5", "ice40"};
  std::set<std::string> simulated;
  for (const Json& run : field_of(*report, "cosim")) {
    check_cosim(run);
    simulated.insert(text(run, "family"));
  }
  expect(simulated == families, "cosim of three families");
  std::set<std::string> counted;
  for (const auto& [family, cells] : field_of(*report, "cells").items()) {
    expect(cells.is_object() && !cells.empty(), "cell counts of " + family);
    counted.insert(family);
  }
  expect(counted == families, "cells of three families");
  std::multiset<std::string> built;
  for (const Json& build : field_of(*report, "builds")) {
    check_build(build);
    built.insert(text(build, "kind") + " " + text(build, "board"));
  }
  expect(built == std::multiset<std::string>{"measure arty-a7-35t", "board arty-a7-35t", "board ulx3s-85f", "board ice40-hx8k"},
         "the four builds");
  return faults == 0 ? 0 : 1;
}

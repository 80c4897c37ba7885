// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/cosim_page.hpp"

#include <fmt/core.h>

namespace lutgen::bench {
namespace {

/// "41.2 (40.8 to 44.0)", or "41.2" of a single run, in so large units; "-" when it was not measured.
std::string figure(const io::Json& row, const char* name, double unit, int digits) {
  if (!row.contains(name) || row[name].is_null()) return "-";
  const io::Json& spread = row[name];
  const std::string median = fmt::format("{:.{}f}", spread["median"].get<double>() / unit, digits);
  if (spread["runs"].get<std::size_t>() == 1) return median;
  return fmt::format("{} ({:.{}f} to {:.{}f})", median, spread["least"].get<double>() / unit, digits, spread["most"].get<double>() / unit, digits);
}

std::string build_row(const io::Json& network, const char* who, const io::Json& build) {
  if (build.contains("failed")) return fmt::format("| {} | {} | {} | | | | |\n", network["tables"].get<std::size_t>(), who, build["failed"].get<std::string>());
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", network["tables"].get<std::size_t>(), who, figure(build, "build_seconds", 1, 1),
                     figure(build, "verilator_cpu_seconds", 1, 1), figure(build, "compiler_cpu_seconds", 1, 1), figure(build, "verilator_mib", 1, 0),
                     figure(build, "compiler_mib", 1, 0));
}

std::string run_row(const io::Json& network, const char* who, const io::Json& run) {
  if (run.contains("failed")) return {};
  return fmt::format("| {} | {} | {} | {} | {} |\n", network["tables"].get<std::size_t>(), who, figure(run, "cycles_per_second", 1, 0),
                     figure(run, "samples_per_second", 1, 0), figure(run, "lut6_per_second", 1e6, 1));
}

}  // namespace

std::string cosim_page(const io::Json& result) {
  const io::Json& machine = result["machine"];
  std::string text = fmt::format(
      "# Co-simulation at scale\n\nMade from [cosim.json](cosim.json) by `scripts/bench cosim-page`; the figures by `scripts/bench cosim`.\n\n"
      "{}, {} cores shared with other work, {}, {}. Five layers of random tables of six inputs on 784 bits, ten sums, argmax; every cycle was\n"
      "compared with the golden model and nothing differed before anything was timed. Median of the runs (least to most), or the only one.\n"
      "Plain is `verilator --cc --exe --build -O3` on the same files with the same harness, as a shell starts it, stopped after {:.0f} s; lutgen has its tools\n"
      "ask for large memory pages, which this system gives only on request.\n\n"
      "## From nothing to a simulator\n\nWall time of all; processor time of each; the largest process.\n\n"
      "| tables | | seconds | Verilator, s | C++ compiler, s | Verilator, MiB | compiler, MiB |\n|---|---|---|---|---|---|---|\n",
      machine["processor"].get<std::string>(), machine["cores"].get<std::size_t>(), machine["compiler"].get<std::string>(),
      machine["verilator"].get<std::string>(), result["limit_seconds"].get<double>());
  for (const io::Json& network : result["networks"])
    text += build_row(network, "lutgen", network["lutgen"]) + build_row(network, "plain", network["plain"]);
  text += "\n## Simulation\n\nOne thread, the harness included; wall time. A sample is sent in most cycles, with gaps and one reset.\n\n"
          "| tables | | cycles a second | samples a second | LUT6 a second, 10^6 |\n|---|---|---|---|---|\n";
  for (const io::Json& network : result["networks"])
    text += run_row(network, "lutgen", network["lutgen"]) + run_row(network, "plain", network["plain"]);
  text += "\n## The networks\n\n| tables | cells | written out for Verilator | samples | load when it began |\n|---|---|---|---|---|\n";
  for (const io::Json& network : result["networks"])
    text += fmt::format("| {} | {} | {} | {} | {:.1f} |\n", network["tables"].get<std::size_t>(), network["cells"].get<std::size_t>(),
                        network["expanded_cells"].get<std::size_t>(), network["samples"].get<std::size_t>(), network["load"].get<double>());
  return text;
}

}  // namespace lutgen::bench

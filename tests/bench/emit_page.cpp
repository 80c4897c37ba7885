// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/emit_page.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace lutgen::bench {
namespace {

double median(const io::Json& spread) { return spread["median"].get<double>(); }

/// "1.27 (1.19 to 1.40)", in units.
std::string figure(const io::Json& spread, double unit, int digits) {
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", median(spread) / unit, digits, spread["least"].get<double>() / unit, digits,
                     spread["most"].get<double>() / unit, digits);
}

/// Three digits that count.
std::string seconds(double value) { return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value); }

std::string steps_section(const io::Json& result) {
  std::string text =
      "## Step by step\n\nFour layers of random tables of six inputs, 1,024 input bits, bits out, no registers, xc7; all passes of the optimiser. Processor time of one thread,\n"
      "median, in seconds. `check` is every table against its cells; `write` is the netlist to the disk,\n"
      "`text` its text alone, made and dropped; `us a table` is all of them but `text`.\n\n"
      "| tables | read | lower | optimise | map | check | write | text | us a table | text, MB | write, MB/s | MB/s by the clock, all threads | runs |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const io::Json& row : result["steps"]) {
    const auto tables = row["tables"].get<double>();
    text += fmt::format("| {} |", row["tables"].get<std::uint32_t>());
    double all = 0;
    for (const char* step : kEmitSteps) {
      const double value = median(row[fmt::format("{}_seconds", step)]);
      all += value;
      text += fmt::format(" {} |", seconds(value));
    }
    text += fmt::format(" {} | {:.2f} | {:.1f} | {} | {} | {}, {} |\n", seconds(median(row["text_seconds"])), all / tables * 1e6, row["bytes"].get<double>() / 1e6,
                        figure(row["write_bytes_per_second"], 1e6, 0), figure(row["write_wall_bytes_per_second"], 1e6, 0),
                        row["read_seconds"]["runs"].get<std::uint64_t>(), row["write_seconds"]["runs"].get<std::uint64_t>());
  }
  if (!result["slopes"].empty()) {
    text += "\nExponent of the time's growth with the number of tables, from 10,000 on (least squares through the logarithms)";
    std::string_view separator = ": ";
    for (const auto& [step, value] : result["slopes"].items()) {
      text += fmt::format("{}{} {:.3f}", separator, step, value.get<double>());
      separator = ", ";
    }
    text += ".\n";
  }
  return text;
}

std::string command_section(const io::Json& rows, const io::Json& slopes) {
  std::string text =
      "\n## The whole command\n\n`lutgen emit` from the model file to all four files, registers included, one process a run: wall time with all threads, and the largest memory\n"
      "that the process had, a table: program, model and all.\n\n"
      "| tables | optimiser | seconds | processor seconds | bytes a table |\n|---|---|---|---|---|\n";
  for (const io::Json& row : rows) {
    text += fmt::format("| {} | {} | {} | {} | {:.0f} |\n", row["tables"].get<std::uint32_t>(), row["optimize"].get<std::string>(),
                        figure(row["seconds"], 1, 2), figure(row["cpu_seconds"], 1, 2), median(row["bytes_per_table"]));
  }
  if (slopes.contains("off")) {
    text += fmt::format("\nExponent of the processor time's growth from 10,000 tables on: without optimiser {:.3f}, with it {:.3f}.\n",
                        slopes["off"].get<double>(), slopes["on"].get<double>());
  }
  return text;
}

std::string yosys_section(const io::Json& result) {
  const io::Json& yosys = result["yosys"];
  std::string text = fmt::format("\n## Yosys\n\n{} reads the netlist of {} tables ({:.0f} MB) and writes it (read_verilog, write_verilog), once: ",
                                 yosys["version"].get<std::string>(), yosys["tables"].get<std::uint32_t>(), yosys["read_bytes"].get<double>() / 1e6);
  if (yosys.contains("failed")) return text + fmt::format("{}.\n", yosys["failed"].get<std::string>());
  text += fmt::format("{} s of processor time, {:.0f} bytes a table, {:.0f} MB written.\n", seconds(yosys["cpu_seconds"].get<double>()),
                      yosys["bytes_per_table"].get<double>(), yosys["written_bytes"].get<double>() / 1e6);
  const auto same = std::find_if(result["steps"].begin(), result["steps"].end(), [&](const io::Json& row) { return row["tables"] == yosys["tables"]; });
  if (same == result["steps"].end()) return text;
  double all = 0;
  for (const char* step : kEmitSteps) all += median((*same)[fmt::format("{}_seconds", step)]);
  text += fmt::format("Writing it takes lutgen {} s: {:.0f} times less; from the model file, optimiser and all, {} s: {:.1f} times less.\n",
                      seconds(median((*same)["write_seconds"])), yosys["cpu_seconds"].get<double>() / median((*same)["write_seconds"]), seconds(all),
                      yosys["cpu_seconds"].get<double>() / all);
  return text;
}

}  // namespace

std::string emit_page(const io::Json& result) {
  const io::Json& machine = result["machine"];
  std::string text = fmt::format(
      "# The generator at scale\n\nMade from [emit.json](emit.json) by `scripts/bench emit-page`; the figures by `scripts/bench emit`.\n\n"
      "{}, {} cores, {:.0f} GiB, {}; load {:.1f} when it began. Median of the runs (least to most). Before anything was timed, each network's\n"
      "text without optimiser was read by a reader of the benchmark's own and compared with the model, table by table.\n\n",
      machine["processor"].get<std::string>(), machine["cores"].get<std::uint32_t>(), machine["memory_gib"].get<double>(),
      machine["compiler"].get<std::string>(), machine["load"].get<double>());
  if (result.contains("steps")) text += steps_section(result);
  if (result.contains("command")) text += command_section(result["command"], result.value("command_slopes", io::Json::object()));
  if (result.contains("yosys")) text += yosys_section(result);
  return text;
}

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/eval_page.hpp"

#include <fmt/core.h>

namespace lutgen::bench {
namespace {

/// "114.7 (79.6 to 143.9)", in so large units.
std::string figure(const io::Json& spread, double unit, int digits) {
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", spread["median"].get<double>() / unit, digits, spread["least"].get<double>() / unit,
                     digits, spread["most"].get<double>() / unit, digits);
}

std::string ratio(const io::Json& row, const char* name) {
  return row.contains(name) ? fmt::format("{:.1f}", row[name].get<double>()) : std::string();
}

std::string tables_section(const io::Json& result) {
  std::string text =
      "## Tables\n\n"
      "Two layers of 1,000 random tables of six inputs, 1,000 inputs, packed bits in, packed bits out; thousand million tables a second.\n\n"
      "| target | tables a second, 10^9 | operations a table | code, bytes a table | times C | times Verilator |\n|---|---|---|---|---|---|\n";
  for (const io::Json& row : result["targets"]) {
    text += fmt::format("| {} | {} | {:.1f} | {:.0f} | {} | {} |\n", row["target"].get<std::string>(), figure(row["lut6_per_second"], 1e9, 1),
                        row["operations_per_table"].get<double>(), row["code_bytes_per_table"].get<double>(), ratio(row, "ratio_to_c"),
                        ratio(row, "ratio_to_verilator"));
  }
  if (result.contains("c")) {
    const io::Json& c = result["c"];
    text += fmt::format("| C on uint64_t, {} | {} | | | | |\n", c["compiler"].get<std::string>(), figure(c["lut6_per_second"], 1e9, 2));
  }
  if (result.contains("verilator")) {
    const io::Json& verilator = result["verilator"];
    text += fmt::format("| {} on the emitted netlist | {} | | | | |\n", verilator["simulator"].get<std::string>(),
                        figure(verilator["lut6_per_second"], 1e9, 4));
  }
  return text;
}

std::string images_section(const io::Json& images) {
  const double plain = images["plain_images_per_second"]["median"].get<double>();
  const bool has_pages = images["targets"][0].contains("images_per_second_small_pages");
  std::string text = fmt::format(
      "\n## Images\n\n`{}`, MNIST's test images: raw bytes in, classes out; million images a second. All {} take 7.8 MB, the first {} fit the second-level cache.\n{}\n"
      "| target | all images |{} in the cache | times plain C++ |\n|---|---|---|---|{}\n",
      images["model"].get<std::string>(), images["images"].get<std::size_t>(), images["images_in_cache"].get<std::size_t>(),
      has_pages ? "They lie on pages of 2 MB, as `lutgen predict` has them, but for one column, in which they lie on pages of 4 KB.\n" : "",
      has_pages ? " on small pages |" : "", has_pages ? "---|" : "");
  for (const io::Json& row : images["targets"]) {
    const std::string pages = has_pages ? " " + figure(row["images_per_second_small_pages"], 1e6, 2) + " |" : "";
    text += fmt::format("| {} | {} |{} {} | {:.0f} |\n", row["target"].get<std::string>(), figure(row["images_per_second"], 1e6, 2), pages,
                        figure(row["images_per_second_in_cache"], 1e6, 2), row["images_per_second"]["median"].get<double>() / plain);
  }
  return text + fmt::format("| plain C++, a table lookup a neuron | {} |{} | 1 |\n", figure(images["plain_images_per_second"], 1e6, 3),
                            has_pages ? " |" : "");
}

std::string codegen_section(const io::Json& result) {
  std::string text =
      "\n## Making the code\n\nFrom the logic form to code in memory, random tables of six inputs; milliseconds.\n\n"
      "| target | 2,000 tables | 100,000 tables |\n|---|---|---|\n";
  for (const io::Json& row : result["codegen"]) {
    text += fmt::format("| {} | {} | {} |\n", row["target"].get<std::string>(), figure(row["codegen_ms_2000"], 1, 1),
                        figure(row["codegen_ms_100000"], 1, 0));
  }
  if (result.contains("c")) {
    text += fmt::format("| gcc -O2, -O3 on the same network as C (wall time, once) | {:.0f}, {:.0f} | |\n",
                        1000 * result["c"]["compile_seconds_o2"].get<double>(), 1000 * result["c"]["compile_seconds"].get<double>());
  }
  return text;
}

}  // namespace

std::string eval_page(const io::Json& result) {
  std::string text = fmt::format(
      "# Evaluation by generated code\n\nMade from [eval.json](eval.json) by `scripts/bench eval-page`; the figures by `scripts/bench eval`.\n\n"
      "{}, one core of a busy machine, {}. Median of the runs (least to most), processor time; every answer was compared with the golden\n"
      "model or the simple evaluator before anything was timed. Verilator's figure is wall time.\n\n",
      result["machine"]["processor"].get<std::string>(), result["machine"]["compiler"].get<std::string>());
  if (result.contains("targets")) text += tables_section(result);
  if (result.contains("images")) text += images_section(result["images"]);
  if (result.contains("codegen")) text += codegen_section(result);
  return text;
}

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/ratio_page.hpp"

#include <string>

#include <fmt/core.h>

namespace lutgen::bench {

void print_ratio(const io::Json& ratio) {
  fmt::print("\n## LUTNet against the pruned binary network\n\n"
             "784-256-256-256-256-10, each with options of its own, measured by `scripts/bench ratio`. Cells: LUTs after mapping (xc7, pixels as bits), sums,\n"
             "thresholds and argmax included; the smaller of the goals area and balanced counts.\n\n"
             "| network | seed | held back, % | test, % | LUTs, goal area | LUTs, balanced | training, s |\n|---|---|---|---|---|---|---|\n");
  for (const io::Json& row : ratio["rows"]) {
    fmt::print("| {} | {} | {:.2f} | {:.2f} | {} | {} | {:.0f} |\n", row["network"].get<std::string>(), row["seed"].get<int>(),
               100 * row["held_back"].get<double>(), 100 * row["accuracy"].get<double>(), row["cells"]["area"].get<int>(),
               row["cells"]["balanced"].get<int>(), row["train_seconds"].get<double>());
  }
  const io::Json& mean = ratio["mean"];
  if (!mean.contains("lutnet")) return;
  fmt::print("\n| network | seeds | held back, mean, % | test, mean, % | LUTs, mean | LUTs by the LUTNet's |\n|---|---|---|---|---|---|\n");
  for (const char* name : {"lutnet", "bnn-small", "bnn-equal", "bnn-large"}) {
    if (!mean.contains(name)) continue;
    const io::Json& row = mean[name];
    fmt::print("| {} | {:.0f} | {:.2f} | {:.2f} | {:.0f} | {:.2f} |\n", name, row["seeds"].get<double>(), 100 * row["held_back"].get<double>(),
               100 * row["accuracy"].get<double>(), row["cells"].get<double>(), row["cells"].get<double>() / mean["lutnet"]["cells"].get<double>());
  }
  fmt::print("\n");
  const io::Json ratios = mean.value("bnn_by_lutnet", io::Json::object());
  if (ratios.contains("equal")) {
    const io::Json& points = ratios["points"];
    fmt::print("bnn-equal is {:+.2f} points from the LUTNet on held-back samples, {:+.2f} on the test split, and takes **{:.2f}** times its LUTs.\n",
               points["held_back"].get<double>(), points["test"].get<double>(), ratios["equal"].get<double>());
  }
  if (ratios.contains("interpolated")) {
    fmt::print("On the line between bnn-small and bnn-large (logarithm of LUTs), at the LUTNet's held-back accuracy: {:.1f}.\n", ratios["interpolated"].get<double>());
  }
  fmt::print("\n");
  for (const io::Json& row : ratio["rows"]) {
    if (row["seed"] == 1) fmt::print("- {}: `{}`\n", row["network"].get<std::string>(), row["command"].get<std::string>());
  }
}

}  // namespace lutgen::bench

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
  if (!mean.contains("bnn_by_lutnet")) return;
  fmt::print("\n| network | seeds | held back, mean, % | test, mean, % | LUTs, mean | LUTs by the LUTNet's |\n|---|---|---|---|---|---|\n");
  for (const char* name : {"lutnet", "bnn-small", "bnn-large"}) {
    const io::Json& row = mean[name];
    fmt::print("| {} | {:.0f} | {:.2f} | {:.2f} | {:.0f} | {:.2f} |\n", name, row["seeds"].get<double>(), 100 * row["held_back"].get<double>(),
               100 * row["accuracy"].get<double>(), row["cells"].get<double>(), row["cells"].get<double>() / mean["lutnet"]["cells"].get<double>());
  }
  fmt::print("\nAt the LUTNet's held-back accuracy, on the line between the two binary networks (logarithm of LUTs): **{:.1f}**.\n\n",
             mean["bnn_by_lutnet"]["interpolated"].get<double>());
  for (const io::Json& row : ratio["rows"]) {
    if (row["seed"] == 1) fmt::print("- {}: `{}`\n", row["network"].get<std::string>(), row["command"].get<std::string>());
  }
}

}  // namespace lutgen::bench

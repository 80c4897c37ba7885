// SPDX-License-Identifier: Apache-2.0
// LUTNet against the pruned binary network: trains both with the same data and seeds, asks `lutgen eval` for the accuracy on
// the whole test split and `lutgen emit` for the cells after mapping, and keeps the figures under "ratio" of the result. Rows that the
// result has already, by the same command, are left as they are: a run that was stopped goes on.
// usage: bench_ratio RESULT.json WORK_FOLDER LUTGEN THREADS [NETWORK[,NETWORK] [SEEDS]]
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/io/json.hpp"

using namespace lutgen;

namespace {

/// A network and the options that make it, chosen by held-back samples of the training split.
struct Network {
  const char* name;
  const char* recipe;
  const char* options;
};

// One binary network is as accurate as the LUTNet, the two others stand on both sides of it.
constexpr std::array kNetworks = {
    Network{"lutnet", "lutnet", "--residual 1 --inputs 6 --expand-first --learn-inputs 0.5 --soft 0.5 --first-density 0.01 --density 0.02 "
                                "--last-density 0.2 --augment light --batch 250 --step-epochs 2,1,14"},
    Network{"bnn-large", "bnn", "--residual 2 --first-density 0.1 --density 0.1 --last-density 0.2 --augment light --batch 100 --step-epochs 6,3,6"},
    Network{"bnn-equal", "bnn", "--residual 2 --first-density 0.065 --density 0.065 --last-density 0.2 --augment light --batch 100 --step-epochs 6,3,6"},
    Network{"bnn-small", "bnn", "--first-density 0.05 --density 0.05 --augment light --batch 100 --step-epochs 5,2,5"},
};

/// Runs a verb with its words between blanks that prints JSON, and reads that.
Result<io::Json> ask(const std::string& program, const std::string& verb, const std::filesystem::path& log) {
  const std::string line = fmt::format("exec \"$1\" {} --json >\"$2\"", verb);
  const std::string out = log.string() + ".json";
  LUTGEN_TRY_VOID(base::run_process({.arguments = {"/bin/sh", "-c", line, "sh", program, out}, .folder = {}, .environment = {}, .log = log}));
  LUTGEN_TRY(const std::string text, base::read_file(out));
  return io::parse_json(text, out);
}

std::uint64_t count_luts(const io::Json& emitted) {
  std::uint64_t count = 0;
  for (const auto& [cell, number] : emitted["cells"].items()) count += cell.starts_with("LUT") ? number.get<std::uint64_t>() : 0;
  return count;
}

std::string command_of(const Network& network, int seed) {
  return fmt::format("train mnist --recipe {} --seed {} {}", network.recipe, seed, network.options);
}

Result<io::Json> measure(const Network& network, int seed, const std::string& program, const std::string& threads, const std::filesystem::path& folder) {
  const std::string name = fmt::format("{}-seed{}", network.name, seed);
  LUTGEN_TRY_VOID(base::make_folder(folder / fmt::format("seed{}", seed)));
  const std::string model = (folder / fmt::format("seed{}", seed) / fmt::format("mnist-lfc-{}.safetensors", network.name)).string();
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(const io::Json trained,
             ask(program, fmt::format("{} --threads {} -o '{}'", command_of(network, seed), threads, model), folder / (name + ".train.log")));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  LUTGEN_TRY(const io::Json accuracy, ask(program, fmt::format("eval '{}' --data mnist", model), folder / (name + ".eval.log")));
  io::Json row = {{"network", network.name},
                  {"seed", seed},
                  {"command", "lutgen " + command_of(network, seed)},
                  {"held_back", trained["epochs"].back()["validation"]},
                  {"accuracy", accuracy["accuracy"]},
                  {"cells", io::Json::object()},
                  {"train_seconds", seconds}};
  for (const char* goal : {"area", "balanced"}) {
    const std::string design = (folder / (name + "-" + goal)).string();
    LUTGEN_TRY(const io::Json emitted, ask(program, fmt::format("emit '{}' --family xc7 --input bits --goal {} -o '{}'", model, goal, design),
                                           folder / fmt::format("{}.{}.log", name, goal)));
    row["cells"][goal] = count_luts(emitted);
  }
  return row;
}

/// Fewest cells of all goals.
double cells_of(const io::Json& row) { return std::min(row["cells"]["area"].get<double>(), row["cells"]["balanced"].get<double>()); }

/// Means over the seeds of each network that there is, and what one recipe's are of the other's.
io::Json summarize(const io::Json& rows) {
  io::Json summary = io::Json::object();
  for (const Network& network : kNetworks) {
    double count = 0;
    double cells = 0;
    double held_back = 0;
    double accuracy = 0;
    for (const io::Json& row : rows) {
      if (row["network"] != network.name) continue;
      count += 1;
      cells += cells_of(row);
      held_back += row["held_back"].get<double>();
      accuracy += row["accuracy"].get<double>();
    }
    if (count == 0) continue;
    summary[network.name] = {{"seeds", count}, {"cells", cells / count}, {"held_back", held_back / count}, {"accuracy", accuracy / count}};
  }
  const auto figure = [&](const char* name, const char* what) { return summary[name][what].get<double>(); };
  if (summary.contains("lutnet") && summary.contains("bnn-equal")) {
    summary["bnn_by_lutnet"]["equal"] = figure("bnn-equal", "cells") / figure("lutnet", "cells");
    summary["bnn_by_lutnet"]["points"] = {{"held_back", 100 * (figure("bnn-equal", "held_back") - figure("lutnet", "held_back"))},
                                          {"test", 100 * (figure("bnn-equal", "accuracy") - figure("lutnet", "accuracy"))}};
  }
  if (!summary.contains("lutnet") || !summary.contains("bnn-small") || !summary.contains("bnn-large")) return summary;
  // Cells of a binary network as accurate as the LUTNet: on the straight line between two, in the logarithm of the cells.
  const double part = (figure("lutnet", "held_back") - figure("bnn-small", "held_back")) / (figure("bnn-large", "held_back") - figure("bnn-small", "held_back"));
  const double cells = figure("bnn-small", "cells") * std::pow(figure("bnn-large", "cells") / figure("bnn-small", "cells"), part);
  summary["bnn_by_lutnet"]["small"] = figure("bnn-small", "cells") / figure("lutnet", "cells");
  summary["bnn_by_lutnet"]["large"] = figure("bnn-large", "cells") / figure("lutnet", "cells");
  summary["bnn_by_lutnet"]["interpolated"] = cells / figure("lutnet", "cells");
  return summary;
}

Result<void> run(const std::filesystem::path& path, const std::filesystem::path& folder, const std::string& program, const std::string& threads, const std::string& names,
                 int seeds) {
  io::Json result = {{"points", io::Json::array()}};
  if (std::filesystem::exists(path)) {
    LUTGEN_TRY(const std::string text, base::read_file(path));
    LUTGEN_TRY(result, io::parse_json(text, path.string()));
  }
  io::Json rows = result.contains("ratio") ? result["ratio"]["rows"] : io::Json::array();
  LUTGEN_TRY_VOID(base::make_folder(folder));
  for (int seed = 1; seed <= seeds; ++seed) {
    for (const Network& network : kNetworks) {
      if (("," + names + ",").find(fmt::format(",{},", network.name)) == std::string::npos) continue;
      const std::string command = "lutgen " + command_of(network, seed);
      if (std::any_of(rows.begin(), rows.end(), [&](const io::Json& row) { return row["command"] == command; })) continue;
      LUTGEN_TRY(io::Json row, measure(network, seed, program, threads, folder));
      fmt::print(stderr, "{}\n", row.dump());
      std::erase_if(rows.get_ref<io::Json::array_t&>(), [&](const io::Json& old) { return old["network"] == row["network"] && old["seed"] == row["seed"]; });
      rows.push_back(std::move(row));
      result["ratio"]["rows"] = rows;
      LUTGEN_TRY_VOID(base::write_file(path, io::to_text(result)));
    }
  }
  // Of all rows that there are, those of earlier runs too.
  result["ratio"] = {{"rows", rows}, {"mean", summarize(rows)}};
  return base::write_file(path, io::to_text(result));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "usage: bench_ratio RESULT.json WORK_FOLDER LUTGEN THREADS [NETWORK[,NETWORK] [SEEDS]]\n");
    return 2;
  }
  const auto done = run(argv[1], argv[2], argv[3], argv[4], argc > 5 ? argv[5] : "lutnet,bnn-equal,bnn-large,bnn-small", argc > 6 ? std::atoi(argv[6]) : 3);
  if (done) return 0;
  fmt::print(stderr, "{}", to_text(done.error()));
  return 1;
}

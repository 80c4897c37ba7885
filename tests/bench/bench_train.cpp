// SPDX-License-Identifier: Apache-2.0
// Trains each network of the list with each of its seeds, asks `lutgen eval` for its accuracy on the whole test split, builds it
// with `lutgen build --measure`, which proves it and reads it back after routing, and keeps the figures. Hours: a run that was
// stopped goes on, because rows that the result has already, by the same command, are left as they are.
// usage: bench_train RESULT.json WORK_FOLDER LUTGEN [NAME[,NAME]]      train and measure (all, or these)
//        bench_train RESULT.json --page                               print the tables
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/io/json.hpp"
#include "tests/bench/ratio_page.hpp"

using namespace lutgen;

namespace {

/// A network, the command that makes it, and what it is measured on.
struct Recipe {
  const char* name;
  const char* data;
  const char* arguments;  // of lutgen train, behind the data
  const char* board;
  std::array<int, 3> seeds;
};

// Chosen by held-back samples of the training split; never by the test split.
constexpr std::array kRecipes = {
    Recipe{"mnist-lut6-530", "mnist", "--neurons 530 --epochs 40 --augment light --validation 0", "arty-a7-35t", {1, 2, 3}},
    Recipe{"mnist-lut6-900", "mnist", "--neurons 900 --epochs 40 --augment light --temperature 4.7 --validation 0", "arty-a7-35t", {1, 2, 3}},
    Recipe{"mnist-lut6-1200", "mnist", "--neurons 1200 --levels 3 --price 3e-5 --epochs 40 --augment light --temperature 5.5 --validation 0", "arty-a7-35t", {1, 2, 3}},
    Recipe{"mnist-lut4-1500", "mnist", "--neurons 1500 --inputs 4 --epochs 40 --augment light --temperature 5 --validation 0", "ice40-hx8k", {1, 2, 3}},
    Recipe{"optdigits-lut6-400", "optdigits", "--neurons 400 --levels 7 --batch 64 --epochs 100 --augment strong --validation 0", "arty-a7-35t", {1, 2, 3}},
};

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) result.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

/// Runs a verb that prints JSON, and reads that.
Result<io::Json> ask(const std::string& program, const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<std::string> command = {"/bin/sh", "-c", "out=$1; shift; exec \"$@\" >\"$out\"", "sh", log.string() + ".json", program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.emplace_back("--json");
  LUTGEN_TRY_VOID(base::run_process({.arguments = command, .folder = {}, .environment = {}, .log = log}));
  LUTGEN_TRY(const std::string text, base::read_file(log.string() + ".json"));
  return io::parse_json(text, log.string() + ".json");
}

/// `lutgen train` without the file that it writes.
std::vector<std::string> command_of(const Recipe& recipe, int seed) {
  std::vector<std::string> command = {"train", recipe.data, "--seed", std::to_string(seed)};
  const std::vector<std::string> more = words(recipe.arguments);
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

std::string text_of(const std::vector<std::string>& command) { return fmt::format("lutgen {}", fmt::join(command, " ")); }

Result<io::Json> measure(const Recipe& recipe, int seed, const std::string& program, const std::filesystem::path& folder) {
  const std::string name = fmt::format("{}-seed{}", recipe.name, seed);
  const std::string model = (folder / (name + ".safetensors")).string();
  std::vector<std::string> command = command_of(recipe, seed);
  const std::string text = text_of(command);
  command.insert(command.end(), {"-o", model});
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(const io::Json trained, ask(program, command, folder / (name + ".train.log")));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  LUTGEN_TRY(const io::Json accuracy, ask(program, {"eval", model, "--data", recipe.data}, folder / (name + ".eval.log")));
  // Bytes where the encoder is more than wires.
  const bool is_wire = std::string(recipe.arguments).find("--levels") == std::string::npos;
  const std::vector<std::string> build = {"build", model, "--measure", "--board", recipe.board, "--input", is_wire ? "bits" : "features",
                                          "--data", recipe.data, "-o", (folder / name).string()};
  LUTGEN_TRY(const io::Json built, ask(program, build, folder / (name + ".build.log")));
  return io::Json{{"model", recipe.name},
                  {"data", recipe.data},
                  {"accuracy", accuracy["accuracy"]},
                  {"luts", built["luts"]},
                  {"fmax_mhz", built["fmax_mhz"]},
                  {"seed", seed},
                  {"command", text},
                  {"latency_cycles", built["latency_cycles"]},
                  {"flops", built["ffs"]},
                  {"part", built["part"]},
                  {"loss", trained["epochs"].back()["loss"]},
                  {"train_seconds", seconds}};
}

bool has_row(const io::Json& points, const std::string& command) {
  return std::any_of(points.begin(), points.end(), [&](const io::Json& row) { return row["command"] == command; });
}

/// Puts a row in the place of the one of the same network and seed, or at the end.
void keep(io::Json& points, io::Json row) {
  for (io::Json& old : points) {
    if (old["model"] == row["model"] && old["seed"] == row["seed"]) {
      old = std::move(row);
      return;
    }
  }
  points.push_back(std::move(row));
}

void print_page(const io::Json& result) {
  fmt::print("# Trained networks\n\nMade from [train.json](train.json) by `scripts/bench train-page`; the figures by `scripts/bench train`.\n\n"
             "Accuracy on the full test split, which nothing was chosen by. LUT positions and clock after place and route; encoder, tables,\n"
             "counters and argmax included. With one threshold the encoder is the top bit of a byte, a wire. Seconds of training: wall time, on a busy machine.\n\n"
             "| network | seed | accuracy, % | LUT positions | Fmax, MHz | latency | training, s | part |\n|---|---|---|---|---|---|---|---|\n");
  for (const io::Json& row : result["points"]) {
    fmt::print("| {} | {} | {:.2f} | {} | {:.0f} | {} | {:.0f} | {} |\n", row["model"].get<std::string>(), row["seed"].get<int>(),
               100 * row["accuracy"].get<double>(), row["luts"].get<int>(), row["fmax_mhz"].get<double>(), row["latency_cycles"].get<int>(),
               row["train_seconds"].get<double>(), row["part"].get<std::string>());
  }
  fmt::print("\n| network | seeds | mean accuracy, % | least to most | command |\n|---|---|---|---|---|\n");
  std::string last;
  for (const io::Json& row : result["points"]) {
    if (row["model"] == last) continue;
    last = row["model"].get<std::string>();
    std::vector<double> accuracies;
    for (const io::Json& other : result["points"]) {
      if (other["model"] == last) accuracies.push_back(100 * other["accuracy"].get<double>());
    }
    const auto [least, most] = std::minmax_element(accuracies.begin(), accuracies.end());
    const double mean = std::accumulate(accuracies.begin(), accuracies.end(), 0.0) / static_cast<double>(accuracies.size());
    fmt::print("| {} | {} | {:.2f} | {:.2f} to {:.2f} | `{}` |\n", last, accuracies.size(), mean, *least, *most, row["command"].get<std::string>());
  }
  if (result.contains("ratio")) bench::print_ratio(result["ratio"]);
}

Result<void> run(const std::filesystem::path& path, const std::filesystem::path& folder, const std::string& program, const std::string& names) {
  io::Json result = {{"points", io::Json::array()}};
  if (std::filesystem::exists(path)) {
    LUTGEN_TRY(const std::string text, base::read_file(path));
    LUTGEN_TRY(result, io::parse_json(text, path.string()));
  }
  LUTGEN_TRY_VOID(base::make_folder(folder));
  for (const Recipe& recipe : kRecipes) {
    if (names != "all" && ("," + names + ",").find(fmt::format(",{},", recipe.name)) == std::string::npos) continue;
    for (const int seed : recipe.seeds) {
      if (has_row(result["points"], text_of(command_of(recipe, seed)))) continue;
      LUTGEN_TRY(io::Json row, measure(recipe, seed, program, folder));
      fmt::print(stderr, "{}\n", row.dump());
      keep(result["points"], std::move(row));
      LUTGEN_TRY_VOID(base::write_file(path, io::to_text(result)));
    }
  }
  return {};
}

Result<void> page(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const io::Json result, io::parse_json(text, path.string()));
  print_page(result);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: bench_train RESULT.json WORK_FOLDER LUTGEN [NAME[,NAME]] | RESULT.json --page\n");
    return 2;
  }
  const bool is_page = std::string(argv[2]) == "--page";
  if (!is_page && argc < 4) return 2;
  const auto done = is_page ? page(argv[1]) : run(argv[1], argv[2], argv[3], argc > 4 ? argv[4] : "all");
  if (done) return 0;
  fmt::print(stderr, "{}", to_text(done.error()));
  return 1;
}

// SPDX-License-Identifier: Apache-2.0
// Co-simulation at scale: networks of 1,000 to 100,000 tables from nothing to a simulator and through it, against plain Verilator
// on the same files. Nothing is timed before the co-simulation has found no difference.
// usage: bench_cosim RESULT.json WORK_FOLDER TABLES LIMIT_S   measure networks up to TABLES tables (one, below 1,000);
//                                                            plain Verilator is stopped after LIMIT_S
//        bench_cosim RESULT.json --page                       print the tables
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/cosim/bench_source.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/cosim/harness_files.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/bench/cosim_page.hpp"
#include "tests/bench/measures.hpp"

using namespace lutgen;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kLayers = 5;
constexpr std::uint32_t kInputs = 784;
constexpr int kRuns = 11;  // of a simulator
constexpr std::array<std::uint32_t, 3> kTables = {1'000, 10'000, 100'000};

/// `tables` random tables of six inputs in five layers, each on the one before; ten sums, argmax.
model::Model layered_network(std::uint32_t tables, std::uint64_t seed) {
  base::Rng rng(seed);
  model::Model model;
  model.name = fmt::format("layers_{}", tables);
  model.input = {{kInputs}, model::FeatureType::bit};
  for (std::uint32_t layer = 0; layer < kLayers; ++layer) {
    model::LutLayer luts;
    luts.neurons = tables / kLayers;
    luts.fan_in = 6;
    const std::uint32_t sources = layer == 0 ? kInputs : luts.neurons;
    for (std::uint32_t i = 0; i < luts.neurons * 6; ++i) luts.inputs.push_back(static_cast<std::uint32_t>(rng.below(sources)));
    for (std::uint32_t i = 0; i < luts.neurons * 8; ++i) luts.tables.push_back(static_cast<std::uint8_t>(rng.next()));
    model.layers.push_back({.name = {}, .operation = std::move(luts), .sources = {static_cast<std::int32_t>(layer) - 1}});
  }
  model.layers.push_back({.name = {}, .operation = model::GroupSum{10}, .sources = {static_cast<std::int32_t>(kLayers) - 1}});
  model.layers.push_back({.name = {}, .operation = model::Argmax{}, .sources = {static_cast<std::int32_t>(kLayers)}});
  return model;
}

double load_average() {
  std::array<double, 1> load{};
  return ::getloadavg(load.data(), 1) == 1 ? load[0] : -1;
}

/// A network, emitted, and what to send.
struct Subject {
  std::uint32_t tables;
  model::Model model;
  data::Dataset samples;
  verilog::Manifest manifest;
  fs::path folder;
};

/// Builds from nothing `builds` times.
struct Builds {
  std::vector<double> seconds, verilator, verilator_cpu, verilator_mib, compiler, compiler_cpu, compiler_mib;

  void add(double all, const base::ProcessUsage& first, const base::ProcessUsage& second) {
    seconds.push_back(all);
    verilator.push_back(first.seconds);
    verilator_cpu.push_back(first.cpu_seconds);
    verilator_mib.push_back(static_cast<double>(first.peak_kb) / 1024);
    compiler.push_back(second.seconds);
    compiler_cpu.push_back(second.cpu_seconds);
    compiler_mib.push_back(static_cast<double>(second.peak_kb) / 1024);
  }

  [[nodiscard]] io::Json json() const {
    return {{"build_seconds", bench::spread(seconds)},        {"verilator_seconds", bench::spread(verilator)}, {"verilator_cpu_seconds", bench::spread(verilator_cpu)},
            {"verilator_mib", bench::spread(verilator_mib)},  {"compiler_seconds", bench::spread(compiler)},   {"compiler_cpu_seconds", bench::spread(compiler_cpu)},
            {"compiler_mib", bench::spread(compiler_mib)}};
  }
};

/// What a simulator did in its runs.
struct Runs {
  std::vector<double> cycles, samples;

  void add(std::uint64_t cycle_count, std::uint64_t sample_count, double seconds) {
    cycles.push_back(static_cast<double>(cycle_count) / seconds);
    samples.push_back(static_cast<double>(sample_count) / seconds);
  }

  void put(std::uint32_t tables, io::Json& row) const {
    std::vector<double> luts = cycles;
    for (double& it : luts) it *= tables;
    row["cycles_per_second"] = bench::spread(cycles);
    row["samples_per_second"] = bench::spread(samples);
    row["lut6_per_second"] = bench::spread(luts);
  }
};

Result<cosim::CosimReport> simulate(const Subject& subject) {
  cosim::CosimOptions options;
  options.work = subject.folder / "work";
  options.threads = base::hardware_threads();
  LUTGEN_TRY(cosim::CosimReport report,
             cosim::run_cosim({.design = subject.folder / "design", .model = subject.model, .model_sha256 = {}, .dataset = subject.samples, .options = options}));
  if (!report.passed()) return fail(Code::tool_failed, subject.model.name, "differs from the golden model: nothing was timed");
  return report;
}

Result<io::Json> measure_lutgen(const Subject& subject, int builds, io::Json& row) {
  Builds built;
  Runs runs;
  for (int build = 0; build < builds; ++build) {
    std::error_code ignored;
    fs::remove_all(subject.folder / "work", ignored);
    LUTGEN_TRY(const cosim::CosimReport report, simulate(subject));
    built.add(report.build_seconds, report.verilator, report.compiler);
    row["expanded_cells"] = report.expanded_cells;
  }
  for (int run = 0; run < kRuns; ++run) {
    LUTGEN_TRY(const cosim::CosimReport report, simulate(subject));
    runs.add(report.cycles, report.samples, report.simulation_seconds);
  }
  io::Json result = built.json();
  runs.put(subject.tables, result);
  return result;
}

/// The same sources as files for Verilator, as a person would put them together.
Result<fs::path> write_plain(const Subject& subject) {
  const fs::path folder = subject.folder / "plain";
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  base::FileSet files(folder);
  for (const cosim::HarnessFile& file : cosim::harness_files()) {
    const fs::path path(file.path);
    if (file.path.starts_with("lutgen_sim/")) files.add(std::string(file.path), std::string(file.content));
    if (file.path.starts_with("cells/xc7/")) files.add("cells/" + path.filename().string(), std::string(file.content));
  }
  LUTGEN_TRY(std::string text, base::read_file(subject.folder / "design" / subject.manifest.files.front()));
  files.add("design.v", std::move(text));
  files.add("bench.v", cosim::bench_verilog(subject.manifest, {}));
  files.add("main.cpp", cosim::bench_main(subject.manifest, 0));
  LUTGEN_TRY_VOID(files.commit());
  return folder;
}

/// Plain Verilator: one command, its own settings, as a shell starts it. The stimulus is the one that lutgen left.
Result<io::Json> measure_plain(const Subject& subject, double limit_seconds) {
  LUTGEN_TRY(const fs::path folder, write_plain(subject));
  const std::vector<std::string> verilate = {"verilator", "--cc", "--exe", "-O3", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--Mdir", "obj", "-y", "cells",
                                             "-CFLAGS", "-std=c++20 -I..", "--top-module", std::string(cosim::kBenchModule), "bench.v", "design.v", "main.cpp"};
  // The two steps of --build, one after the other, so that each is measured.
  const auto first = base::measure_process({.arguments = verilate, .folder = folder, .environment = bench::shell_environment(), .log = folder / "verilator.log", .limit_seconds = limit_seconds});
  if (!first) return io::Json{{"failed", first.error().message}};
  const auto second = base::measure_process({.arguments = {"make", "-C", "obj", "-f", fmt::format("V{}.mk", cosim::kBenchModule), "-j", std::to_string(base::hardware_threads())},
                                             .folder = folder, .environment = bench::shell_environment(), .log = folder / "build.log", .limit_seconds = limit_seconds - first->seconds});
  if (!second) return io::Json{{"failed", fmt::format("Verilator took {:.0f} s; {}", first->seconds, second.error().message)}};
  Builds built;
  built.add(first->seconds + second->seconds, *first, *second);
  io::Json result = built.json();
  Runs runs;
  for (int run = 0; run < kRuns; ++run) {
    LUTGEN_TRY_VOID(base::run_process({.arguments = {(folder / "obj" / fmt::format("V{}", cosim::kBenchModule)).string(),
                                                     (subject.folder / "work" / "run" / "stimulus.bin").string(), (folder / "result").string()},
                                       .folder = {}, .environment = bench::shell_environment(), .log = folder / "simulator.log"}));
    LUTGEN_TRY(const std::string text, base::read_file(folder / "result"));
    LUTGEN_TRY(const io::Json json, io::parse_json(text, "result"));
    if (json["mismatches"] != 0) return fail(Code::tool_failed, "plain", "differs from the golden model");
    runs.add(json["cycles"].get<std::uint64_t>(), json["samples"].get<std::uint64_t>(), json["seconds"].get<double>());
  }
  runs.put(subject.tables, result);
  return result;
}

Result<io::Json> measure_network(std::uint32_t tables, const fs::path& work, double limit_seconds) {
  Subject subject{tables, layered_network(tables, 1), {}, {}, work / fmt::format("tables_{}", tables)};
  io::Json row = {{"tables", tables}, {"load", load_average()}};
  LUTGEN_TRY_VOID(model::validate_model(subject.model, subject.model.name));
  verilog::EmitOptions options;
  options.passes = {};
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(subject.model, options));
  LUTGEN_TRY_VOID(verilog::write_design(design, subject.folder / "design"));
  subject.manifest = design.manifest;
  subject.samples = eval::draw_samples(subject.model, tables < 100'000 ? 2'000 : 1'000, 1);
  row["samples"] = subject.samples.sample_count();
  row["cells"] = design.mapped.netlist.cell_count();
  LUTGEN_TRY(row["lutgen"], measure_lutgen(subject, tables == kTables.front() ? 3 : 1, row));
  LUTGEN_TRY(row["plain"], measure_plain(subject, limit_seconds));
  return row;
}

Result<void> run(const fs::path& path, const fs::path& work, std::uint32_t largest, double limit_seconds) {
  ::setenv("CCACHE_DISABLE", "1", 1);  // a build from nothing is measured
  const std::string version = base::capture_output({"verilator", "--version"}).value_or("");
  io::Json result = {{"machine",
                      {{"processor", bench::processor_name()},
                       {"cores", base::hardware_threads()},
                       {"compiler", fmt::format("GCC {}", __VERSION__)},
                       {"verilator", version.substr(0, version.find('\n'))}}},
                     {"limit_seconds", limit_seconds},
                     {"networks", io::Json::array()}};
  std::vector<std::uint32_t> sizes;
  std::copy_if(kTables.begin(), kTables.end(), std::back_inserter(sizes), [&](std::uint32_t tables) { return tables <= largest; });
  if (sizes.empty()) sizes.push_back(largest - largest % (10 * kLayers));
  for (const std::uint32_t tables : sizes) {
    LUTGEN_TRY(io::Json row, measure_network(tables, work, limit_seconds));
    result["networks"].push_back(std::move(row));
    LUTGEN_TRY_VOID(base::write_file(path, io::to_text(result)));  // a run that is stopped leaves the smaller ones
  }
  return {};
}

Result<void> page(const fs::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const io::Json result, io::parse_json(text, path.string()));
  fmt::print("{}", bench::cosim_page(result));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_page = argc == 3 && std::string(argv[2]) == "--page";
  if (!is_page && argc != 5) {
    fmt::print(stderr, "usage: bench_cosim RESULT.json WORK_FOLDER TABLES LIMIT_S | RESULT.json --page\n");
    return 2;
  }
  const auto done = is_page ? page(argv[1]) : run(argv[1], argv[2], static_cast<std::uint32_t>(std::stoul(argv[3])), std::stod(argv[4]));
  if (done) return 0;
  fmt::print(stderr, "{}", to_text(done.error()));
  return 1;
}

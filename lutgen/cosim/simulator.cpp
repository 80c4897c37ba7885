// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/simulator.hpp"

#include <string_view>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/cosim/bench_source.hpp"
#include "lutgen/cosim/harness_files.hpp"

namespace lutgen::cosim {
namespace {

namespace fs = std::filesystem;

/// Leaves a file with that content alone, so that make sees no change.
Result<void> write_if_changed(const fs::path& path, std::string_view content) {
  std::error_code error;
  if (fs::file_size(path, error) == content.size() && !error) {
    const auto old = base::read_file(path);
    if (old && *old == content) return {};
  }
  LUTGEN_TRY_VOID(base::make_folder(path.parent_path()));
  return base::write_file(path, content);
}

/// Folder below the work folder: builds with and without traces or probes share no objects.
std::string folder_name(const SimulatorJob& job) {
  if (!job.probes.empty()) return "replay";
  switch (job.trace) {
    case TraceFormat::none: return "run";
    case TraceFormat::vcd: return "run-vcd";
    case TraceFormat::fst: return "run-fst";
  }
  return {};
}

Result<void> write_sources(const SimulatorJob& job, const fs::path& folder) {
  const std::string cells = "cells/" + job.manifest.family + "/";
  for (const HarnessFile& file : harness_files()) {
    const fs::path name = fs::path(file.path).filename();
    if (file.path.starts_with("lutgen_sim/"))
      LUTGEN_TRY_VOID(write_if_changed(folder / "lutgen_sim" / name, file.content));
    if (file.path.starts_with(cells))
      LUTGEN_TRY_VOID(write_if_changed(folder / "cells" / name, file.content));
  }
  for (const std::string& file : job.manifest.files) {
    LUTGEN_TRY(const std::string text, base::read_file(job.design / file));
    LUTGEN_TRY_VOID(write_if_changed(folder / "design" / fs::path(file).filename(), text));
  }
  LUTGEN_TRY_VOID(write_if_changed(folder / fmt::format("{}.v", kBenchModule),
                                   bench_verilog(job.manifest, job.probes)));
  return write_if_changed(folder / "main.cpp", bench_main(job.manifest, job.probes.size()));
}

/// All paths are relative to the folder, so that ccache finds the objects of another work folder.
std::vector<std::string> verilator_command(const SimulatorJob& job) {
  std::vector<std::string> command = {
      "verilator",  "--cc",   "--exe",       "-O3",       "--output-split-cfuncs", "500",
      "--x-assign", "fast",   "--x-initial", "fast",      "-Wno-fatal",            "-Wno-lint",
      "-Wno-style", "--Mdir", "obj",         "-y",        "cells",                 "-CFLAGS",
      "-I..",       "--top-module",          std::string(kBenchModule)};
  if (job.trace == TraceFormat::vcd) command.emplace_back("--trace");
  if (job.trace == TraceFormat::fst) command.emplace_back("--trace-fst");
  command.push_back(fmt::format("{}.v", kBenchModule));
  for (const std::string& file : job.manifest.files)
    command.push_back("design/" + fs::path(file).filename().string());
  command.emplace_back("main.cpp");
  return command;
}

/// -O1 is the best bargain. The starter network on 2 cores: -O1 compiles in 22 s of processor time
/// and runs 190,000 to 230,000 cycles a second; -O0 17 s and 28,000; -O2 is no faster than -O1. Functions of
/// at most 500 statements (above) run half as fast again as unlimited ones.
std::vector<std::string> make_command(const SimulatorJob& job) {
  return {"make", "-C", "obj", "-f", fmt::format("V{}.mk", kBenchModule), "-j",
          std::to_string(job.threads), "OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1",
          "CFG_CXXFLAGS_STD=-std=gnu++20"};
}

}  // namespace

Result<Simulator> build_simulator(const SimulatorJob& job) {
  std::error_code error;
  const fs::path work = fs::absolute(job.work, error);
  const fs::path folder = work / folder_name(job);
  LUTGEN_TRY_VOID(base::make_folder(folder));
  LUTGEN_TRY_VOID(write_sources(job, folder));
  LUTGEN_TRY_VOID(base::run_process({.arguments = verilator_command(job), .folder = folder,
                                     .environment = {}, .log = folder / "verilator.log"}));
  std::vector<std::pair<std::string, std::string>> environment;
  if (base::find_program("ccache")) environment.emplace_back("OBJCACHE", "ccache");
  LUTGEN_TRY_VOID(base::run_process({.arguments = make_command(job), .folder = folder,
                                     .environment = environment, .log = folder / "build.log"}));
  return Simulator{folder / "obj" / fmt::format("V{}", kBenchModule), folder};
}

Result<std::string> run_simulator(const Simulator& simulator, const sim::Stimulus& stimulus,
                                  const std::vector<std::string>& arguments) {
  const fs::path input = simulator.folder / "stimulus.bin";
  const fs::path output = simulator.folder / "result";
  LUTGEN_TRY_VOID(base::write_file(input, sim::encode_stimulus(stimulus)));
  std::vector<std::string> command = {simulator.program.string(), input.string(), output.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  LUTGEN_TRY_VOID(base::run_process({.arguments = command, .folder = {}, .environment = {},
                                     .log = simulator.folder / "simulator.log"}));
  return base::read_file(output);
}

}  // namespace lutgen::cosim

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/simulator.hpp"

#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/cosim/bench_source.hpp"
#include "lutgen/cosim/expand_cells.hpp"
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

/// The design's Verilog files, as Verilator is to read them.
struct DesignText {
  std::vector<std::pair<std::string, std::string>> files;  // name without folder, text
  std::size_t expanded_cells = 0;                          // 0: not a large design
};

/// Text of every cell model of a family.
std::vector<std::string_view> cell_models(const std::string& family) {
  std::vector<std::string_view> models;
  for (const HarnessFile& file : harness_files())
    if (file.path.starts_with("cells/" + family + "/")) models.push_back(file.content);
  return models;
}

Result<DesignText> read_design(const SimulatorJob& job) {
  DesignText design;
  for (const std::string& file : job.manifest.files) {
    LUTGEN_TRY(std::string text, base::read_file(job.design / file));
    design.files.emplace_back(fs::path(file).filename().string(), std::move(text));
  }
  const std::vector<std::string_view> models = cell_models(job.manifest.family);
  std::vector<std::string> expanded;
  std::size_t cells = 0;
  for (const auto& [name, text] : design.files) {
    ExpandedCells result = expand_cells(text, models);
    cells += result.cells;
    expanded.push_back(std::move(result.text));
  }
  if (cells == 0 || cells < job.large_design_cells) return design;
  design.expanded_cells = cells;
  for (std::size_t i = 0; i < expanded.size(); ++i) design.files[i].second = std::move(expanded[i]);
  return design;
}

/// Lets all objects of the model share its headers, compiled once for each level of optimisation: the class has a member for
/// each net, and reading it again for each file would cost more than the file. -Og takes half the time of -O1 and the
/// program runs as fast.
constexpr std::string_view kLargeMakefile = R"(# Made by lutgen cosim for a large design.
include VTOP.mk
define header
$(1)/all.h:
	mkdir -p $(1)
	printf '#include "verilated.h"\n#include "../VTOP___024root.h"\n#include "../VTOP__Syms.h"\n' > $$@
$(1)/all.h.gch: $(1)/all.h VTOP.mk VTOP___024root.h VTOP__Syms.h
	$$(CXX) -x c++-header $$(CXXFLAGS) $$(CPPFLAGS) $(2) -o $$@ $$<
endef
$(eval $(call header,fast,-Og))
$(eval $(call header,slow,-O0))
$(VK_FAST_OBJS) $(VK_USER_OBJS): fast/all.h.gch
$(VK_SLOW_OBJS): slow/all.h.gch
)";

std::string large_makefile() {
  constexpr std::string_view kTop = "VTOP";
  std::string text(kLargeMakefile);
  for (std::size_t at = text.find(kTop); at != std::string::npos; at = text.find(kTop, at))
    text.replace(at, kTop.size(), fmt::format("V{}", kBenchModule));
  return text;
}

Result<void> write_sources(const SimulatorJob& job, const DesignText& design, const fs::path& folder) {
  const std::string cells = "cells/" + job.manifest.family + "/";
  for (const HarnessFile& file : harness_files()) {
    const fs::path name = fs::path(file.path).filename();
    if (file.path.starts_with("lutgen_sim/"))
      LUTGEN_TRY_VOID(write_if_changed(folder / "lutgen_sim" / name, file.content));
    if (file.path.starts_with(cells))
      LUTGEN_TRY_VOID(write_if_changed(folder / "cells" / name, file.content));
  }
  for (const auto& [name, text] : design.files)
    LUTGEN_TRY_VOID(write_if_changed(folder / "design" / name, text));
  if (design.expanded_cells > 0) LUTGEN_TRY_VOID(write_if_changed(folder / "large.mk", large_makefile()));
  LUTGEN_TRY_VOID(write_if_changed(folder / fmt::format("{}.v", kBenchModule),
                                   bench_verilog(job.manifest, job.probes)));
  return write_if_changed(folder / "main.cpp", bench_main(job.manifest, job.probes.size()));
}

/// All paths are relative to the folder, so that ccache finds the objects of another work folder.
std::vector<std::string> verilator_command(const SimulatorJob& job, const DesignText& design) {
  std::vector<std::string> command = {
      "verilator",  "--cc",   "--exe",       "-O3",       "--output-split-cfuncs", "500",
      "--x-assign", "fast",   "--x-initial", "fast",      "-Wno-fatal",            "-Wno-lint",
      "-Wno-style", "--Mdir", "obj",         "-y",        "cells",                 "-CFLAGS",
      "-I..",       "--top-module",          std::string(kBenchModule)};
  // Tables leave nothing for the data-flow optimiser. 100,000 operations are about 3.5 MB of C++ and 400 MB in the compiler.
  if (design.expanded_cells > 0) command.insert(command.end(), {"-fno-dfg", "--output-split", "100000"});
  if (job.trace == TraceFormat::vcd) command.emplace_back("--trace");
  if (job.trace == TraceFormat::fst) command.emplace_back("--trace-fst");
  command.push_back(fmt::format("{}.v", kBenchModule));
  for (const auto& [name, text] : design.files) command.push_back("design/" + name);
  command.emplace_back("main.cpp");
  return command;
}

/// In a large design's files the compiler gathers garbage two fifths of its time; without it takes an eighth more memory.
constexpr std::string_view kNoGarbage = "--param ggc-min-expand=1000 --param ggc-min-heapsize=2000000";  // percent, KiB

/// -O1 is the best bargain for small designs. The starter network on 2 cores: -O1 compiles in 22 s of processor time
/// and runs 190,000 to 230,000 cycles a second; -O0 17 s and 28,000; -O2 is no faster than -O1. Functions of
/// at most 500 statements (above) run half as fast again as unlimited ones.
std::vector<std::string> make_command(const SimulatorJob& job, bool is_large) {
  std::vector<std::string> command = {"make", "-C", "obj", "-f", is_large ? "../large.mk" : fmt::format("V{}.mk", kBenchModule),
                                      "-j", std::to_string(job.threads), "OPT_GLOBAL=-O1", "CFG_CXXFLAGS_STD=-std=gnu++20"};
  command.emplace_back(is_large ? fmt::format("OPT_FAST=-Og {} -include fast/all.h", kNoGarbage) : "OPT_FAST=-O1");
  command.emplace_back(is_large ? fmt::format("OPT_SLOW=-O0 {} -include slow/all.h", kNoGarbage) : "OPT_SLOW=-O0");
  return command;
}

/// How many C++ files of a folder have been compiled, and of how many.
void show_compiled(base::ProgressSink& progress, const fs::path& folder) {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".cpp") continue;
    ++total;
    const auto object = fs::last_write_time(fs::path(entry.path()).replace_extension(".o"), error);
    if (!error && object >= fs::last_write_time(entry.path(), error)) ++done;
  }
  progress.update("C++ compiler", done, total);
}

/// Shows the last "progress DONE TOTAL" that a simulator has printed.
void show_simulated(base::ProgressSink& progress, const fs::path& log) {
  const std::string text = base::read_file(log).value_or("");
  const std::size_t at = text.rfind("progress ");
  if (at == std::string::npos || text.find('\n', at) == std::string::npos) return;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data() + at + 9, end, done);
  if (first.ptr == end || std::from_chars(first.ptr + 1, end, total).ec != std::errc()) return;
  progress.update("simulating", done, total);
}

}  // namespace

Result<Simulator> build_simulator(const SimulatorJob& job) {
  std::error_code error;
  const fs::path work = fs::absolute(job.work, error);
  const fs::path folder = work / folder_name(job);
  LUTGEN_TRY_VOID(base::make_folder(folder));
  Simulator simulator{.program = folder / "obj" / fmt::format("V{}", kBenchModule), .folder = folder, .verilator = {}, .compiler = {}};
  base::ProcessSpec verilator{.arguments = {}, .folder = folder, .environment = {}, .log = folder / "verilator.log"};
  base::ProcessSpec compiler{.arguments = {}, .folder = folder, .environment = {}, .log = folder / "build.log"};
  {
    LUTGEN_TRY(const DesignText design, read_design(job));
    LUTGEN_TRY_VOID(write_sources(job, design, folder));
    simulator.expanded_cells = design.expanded_cells;
    verilator.arguments = verilator_command(job, design);
  }
  const bool is_large = simulator.expanded_cells > 0;
  compiler.arguments = make_command(job, is_large);
  if (!is_large && base::find_program("ccache")) compiler.environment.emplace_back("OBJCACHE", "ccache");
  if (job.progress != nullptr) {
    verilator.tick = [&] { job.progress->update("Verilator", 0, 0); };
    compiler.tick = [&] { show_compiled(*job.progress, folder / "obj"); };
  }
  LUTGEN_TRY(simulator.verilator, base::measure_process(verilator));
  LUTGEN_TRY(simulator.compiler, base::measure_process(compiler));
  return simulator;
}

Result<std::string> run_simulator(const Simulator& simulator, const sim::Stimulus& stimulus,
                                  const std::vector<std::string>& arguments,
                                  base::ProgressSink* progress) {
  const fs::path input = simulator.folder / "stimulus.bin";
  const fs::path output = simulator.folder / "result";
  LUTGEN_TRY_VOID(base::write_file(input, sim::encode_stimulus(stimulus)));
  std::vector<std::string> command = {simulator.program.string(), input.string(), output.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  base::ProcessSpec spec{.arguments = command, .folder = {}, .environment = {}, .log = simulator.folder / "simulator.log"};
  if (progress != nullptr) {
    spec.arguments.emplace_back("--progress");
    spec.tick = [&] { show_simulated(*progress, spec.log); };
  }
  LUTGEN_TRY_VOID(base::run_process(spec));
  return base::read_file(output);
}

}  // namespace lutgen::cosim

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/cosim.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/cli/emit_options.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string design;
  std::string folder = "build/cosim";
  HardwareChoice hardware;
  DataChoice data;
  std::uint64_t seed = 1;
  std::string vcd;
  std::string fst;
  Common common;
};

cosim::CosimOptions cosim_options(const Options& options, base::ProgressSink& progress) {
  cosim::CosimOptions result;
  result.seed = options.seed;
  result.work = options.folder;
  result.threads = thread_count(options.common);
  result.progress = &progress;
  if (!options.vcd.empty()) {
    result.trace = cosim::TraceFormat::vcd;
    result.trace_path = options.vcd;
  } else if (!options.fst.empty()) {
    result.trace = cosim::TraceFormat::fst;
    result.trace_path = options.fst;
  }
  return result;
}

void print_report(const cosim::CosimReport& report) {
  fmt::print("design     {} ({}), simulated by {}\n", report.top, report.family, report.simulator);
  fmt::print("latency    {} cycles, interval {}: asserted in every cycle\n", report.latency_cycles,
             report.interval_cycles);
  fmt::print("samples    {} of {}, {} lost in a reset and sent again\n", report.samples, report.data,
             report.lost_in_reset);
  fmt::print("mismatches {}\nwrong out_valid {}\n", report.mismatches, report.valid_errors);
  fmt::print("speed      {} cycles in {:.2f} s: {:.0f} cycles a second; built in {:.1f} s\n", report.cycles,
             report.simulation_seconds, report.cycles_per_second(), report.build_seconds);
  if (report.mismatch) fmt::print("\n{}", to_text(*report.mismatch));
}

/// Emits the design, unless the user named one that is there already.
Result<std::filesystem::path> prepare_design(const Options& options, const LoadedModel& loaded) {
  if (!options.design.empty()) return std::filesystem::path(options.design);
  LUTGEN_TRY(const verilog::EmitOptions emit_with, emit_options(options.hardware, loaded));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(loaded.model, emit_with));
  const std::filesystem::path folder = std::filesystem::path(options.folder) / "design";
  LUTGEN_TRY_VOID(verilog::write_design(design, folder));
  return folder;
}

Result<cosim::CosimReport> simulate(const Options& options) {
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  LUTGEN_TRY(const data::Dataset dataset, load(options.data));
  LUTGEN_TRY(const std::filesystem::path design, prepare_design(options, loaded));
  const auto progress = make_progress(std::chrono::seconds(3));
  return cosim::run_cosim({.design = design,
                           .model = loaded.model,
                           .model_sha256 = loaded.sha256,
                           .dataset = dataset,
                           .options = cosim_options(options, *progress)});
}

Exit run(const Options& options) {
  const auto result = simulate(options);
  if (!result) return report(result.error());
  if (options.common.json) {
    print(to_json(*result));
  } else {
    print_report(*result);
  }
  return result->passed() ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_cosim(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("cosim", "simulate the emitted Verilog with Verilator against the golden model");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("--design", options->design, "folder that lutgen emit wrote; left out: emitted anew");
  verb->add_option("-o,--output", options->folder, "work folder: design, simulator, logs; used again by the next run")
      ->capture_default_str();
  add_data_options(*verb, options->data);
  add_hardware_options(*verb, options->hardware);
  verb->add_option("--seed", options->seed, "seed of the gaps in in_valid and of the garbage in them")
      ->capture_default_str();
  auto* vcd = verb->add_option("--vcd", options->vcd, "write all signals to this VCD file (slow, large)");
  verb->add_option("--fst", options->fst, "write all signals to this FST file (slow)")->excludes(vcd);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <optional>

#include <fmt/core.h>

#include "lutgen/board/board.hpp"
#include "lutgen/cli/build_report.hpp"
#include "lutgen/cli/emit_options.hpp"
#include "lutgen/cli/proof.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string board = "arty-a7-35t";
  std::string folder = "build/build";
  std::string pipeline = "auto";
  std::string goal = "area";
  std::string input = "features";
  bool measure = false;
  bool yardstick = false;
  double freq_mhz = 0;  // 0: the board's clock, or 200 for --measure
  std::uint32_t seed = 1;
  std::uint32_t seeds = 1;
  std::string data;
  std::size_t samples = 1000;
  bool no_prove = false;
  Common common;
};

flow::RouteOptions route_options(const Options& options, base::ProgressSink* progress) {
  flow::RouteOptions route;
  route.freq_mhz = options.freq_mhz;
  route.seeds.clear();
  for (std::uint32_t s = 0; s < options.seeds; ++s) route.seeds.push_back(options.seed + s);
  route.threads = thread_count(options.common);
  route.progress = progress;
  return route;
}

/// Where and how: the board's own figures, with what was asked for instead.
struct Job {
  board::Board board;
  LoadedModel loaded;
  verilog::EmitOptions emit;
  std::optional<data::Dataset> samples;

  [[nodiscard]] flow::BuildSamples build_samples() const { return samples ? &*samples : nullptr; }
};

Result<Job> make_job(const Options& options) {
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(board::Board board, board::find_board(options.board, folders));
  LUTGEN_TRY(LoadedModel loaded, load_model(options.model));
  const HardwareChoice hardware{.family = std::string(board::family_name(board.family)),
                                .pipeline = options.pipeline,
                                .input = options.input,
                                .top = {},
                                .scores = false,
                                .optimize = "on",
                                .goal = options.goal};
  LUTGEN_TRY(verilog::EmitOptions emit, emit_options(hardware, loaded));
  std::optional<data::Dataset> samples;
  if (!options.data.empty()) {
    LUTGEN_TRY(samples, load({.source = options.data, .split = "test", .limit = options.samples, .file = {}}));
  }
  return Job{std::move(board), std::move(loaded), std::move(emit), std::move(samples)};
}

/// Proves the core that was built; a bitstream of one that is not proven is removed. `emit` as the core was emitted.
///
/// core  the Verilog file that Yosys read for place and route
Result<std::optional<prove::ProveReport>> prove_core(const Options& options, const Job& job, const verilog::EmitOptions& emit,
                                                     const std::filesystem::path& core, const flow::Bitstream& bitstream,
                                                     base::ProgressSink* progress) {
  std::optional<prove::ProveReport> proof;
  if (options.no_prove) return proof;
  LUTGEN_TRY(prove::ProveOptions with, proof_options(emit, std::filesystem::path(options.folder) / "prove"));
  with.progress = progress;
  LUTGEN_TRY(proof, prove::prove(job.loaded.model, core, with));
  if (!proof->passed()) {
    std::error_code ignored;
    std::filesystem::remove(bitstream.path, ignored);
    fmt::print(stderr, "{}the bitstream was removed; please report this with the model\n", to_text(*proof));
  }
  return proof;
}

/// The second witness of a build, in its report.
void print_proof(const std::optional<prove::ProveReport>& proof) {
  if (!proof) {
    fmt::print("proof      SKIPPED: --no-prove\n");
  } else {
    fmt::print("proof      core as Yosys reads it against the model, all inputs: {} ({:.2f} s)\n",
               prove::verdict_name(proof->verdict), proof->seconds_read + proof->seconds_prove);
  }
}

io::Json proof_json(const std::optional<prove::ProveReport>& proof) {
  return proof ? to_json(*proof) : io::Json{{"verdict", "skipped"}, {"reason", "--no-prove"}};
}

/// Prints a report with its proof; whether the build may be used.
template <class Report, class... Extra>
bool print_with_proof(const Options& options, const Job& job, const Report& report,
                      const std::optional<prove::ProveReport>& proof, const Extra&... extra) {
  if (options.common.json) {
    io::Json json = to_json(report, job.board, job.loaded.model, extra...);
    json["proof"] = proof_json(proof);
    print(json);
  } else {
    print_table(report, job.board, job.loaded.model);
    print_proof(proof);
  }
  return !proof || proof->passed();
}

Result<bool> measure(const Options& options, const Job& job, flow::RouteOptions route) {
  if (route.freq_mhz == 0) route.freq_mhz = 200;
  const flow::MeasureOptions measure{route, options.yardstick, options.folder, job.build_samples()};
  LUTGEN_TRY(const flow::MeasureReport report, flow::measure(job.loaded.model, job.emit, job.board, measure));
  const auto core = std::filesystem::path(options.folder) / "core" / (report.top + ".v");
  LUTGEN_TRY(const auto proof, prove_core(options, job, job.emit, core, report.bitstream, route.progress));
  return print_with_proof(options, job, report, proof, route.freq_mhz);
}

Result<bool> build_for_board(const Options& options, const Job& job, const flow::RouteOptions& route) {
  LUTGEN_TRY(const flow::BoardBuildReport report,
             flow::build_board(job.loaded.model, job.emit, job.board, {route, options.folder, job.build_samples()}));
  verilog::EmitOptions emit = job.emit;  // as build_board chooses
  emit.input = logic::InputForm::bits;
  emit.map.scores_output = true;
  const auto core = std::filesystem::path(options.folder) / (report.top + ".v");
  LUTGEN_TRY(const auto proof, prove_core(options, job, emit, core, report.bitstream, route.progress));
  return print_with_proof(options, job, report, proof);
}

Result<bool> build(const Options& options) {
  LUTGEN_TRY(const Job job, make_job(options));
  const auto progress = make_progress();
  const flow::RouteOptions route = route_options(options, progress.get());
  return options.measure ? measure(options, job, route) : build_for_board(options, job, route);
}

Exit run(const Options& options) {
  const auto done = build(options);
  if (!done) return report(done.error());
  return *done ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_build(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("build", "place and route a network behind a board's UART, down to the bitstream");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_flag("--measure", options->measure, "instead, measure the core alone, in a chain of flip-flops, on the board's device");
  verb->add_option("--board", options->board, "the board; lutgen boards lists them")
      ->capture_default_str();
  verb->add_flag("--yardstick", options->yardstick,
                 "with --measure: also build the network as behavioural Verilog through Yosys, and compare")
      ->needs("--measure");
  add_goal_option(*verb, options->goal);
  verb->add_option("--pipeline", options->pipeline, "registers: none, a number N of LUT levels, or auto")
      ->capture_default_str();
  verb->add_option("--input", options->input, "with --measure: what the input port takes, features or bits (encoder left out)")
      ->capture_default_str()
      ->check(CLI::IsMember({"features", "bits"}));
  verb->add_option("--freq", options->freq_mhz, "clock that place and route aims at, MHz; left out: 200 for --measure, else the board's")
      ->check(CLI::Range(1.0, 1000.0));
  verb->add_option("--seed", options->seed, "first placement seed")->capture_default_str();
  verb->add_option("--seeds", options->seeds, "number of seeds, one run each")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb->add_option("--data", options->data,
                   "samples for the simulation after routing, as lutgen eval takes them; left out: 1,000 are drawn");
  verb->add_option("--samples", options->samples, "with --data: how many of the test split; 0 = all")
      ->capture_default_str();
  verb->add_flag("--no-prove", options->no_prove, "leave out the proof of the core (lutgen prove)");
  verb->add_option("-o,--output", options->folder, "work folder: sources, scripts, logs and results, kept")
      ->capture_default_str();
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

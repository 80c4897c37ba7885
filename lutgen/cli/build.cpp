// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "lutgen/board/board.hpp"
#include "lutgen/cli/build_report.hpp"
#include "lutgen/cli/emit_options.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string board = "arty-a7-35t";
  std::string folder = "build/build";
  std::string pipeline = "auto";
  std::string input = "features";
  bool measure = false;
  bool yardstick = false;
  double freq_mhz = 0;  // 0: the board's clock, or 200 for --measure
  std::uint32_t seed = 1;
  std::uint32_t seeds = 1;
  std::string data;
  std::size_t samples = 1000;
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
                                .scores = false};
  LUTGEN_TRY(verilog::EmitOptions emit, emit_options(hardware, loaded));
  std::optional<data::Dataset> samples;
  if (!options.data.empty()) {
    LUTGEN_TRY(samples, load({.source = options.data, .split = "test", .limit = options.samples}));
  }
  return Job{std::move(board), std::move(loaded), std::move(emit), std::move(samples)};
}

Result<void> measure(const Options& options, const Job& job, flow::RouteOptions route) {
  if (route.freq_mhz == 0) route.freq_mhz = 200;
  const flow::MeasureOptions measure{route, options.yardstick, options.folder, job.build_samples()};
  LUTGEN_TRY(const flow::MeasureReport report, flow::measure(job.loaded.model, job.emit, job.board, measure));
  if (options.common.json) {
    print(to_json(report, job.board, job.loaded.model, route.freq_mhz));
  } else {
    print_table(report, job.board, job.loaded.model);
  }
  return {};
}

Result<void> build_for_board(const Options& options, const Job& job, const flow::RouteOptions& route) {
  LUTGEN_TRY(const flow::BoardBuildReport report,
             flow::build_board(job.loaded.model, job.emit, job.board, {route, options.folder, job.build_samples()}));
  if (options.common.json) {
    print(to_json(report, job.board, job.loaded.model));
  } else {
    print_table(report, job.board, job.loaded.model);
  }
  return {};
}

Result<void> build(const Options& options) {
  LUTGEN_TRY(const Job job, make_job(options));
  const auto progress = make_progress();
  const flow::RouteOptions route = route_options(options, progress.get());
  return options.measure ? measure(options, job, route) : build_for_board(options, job, route);
}

Exit run(const Options& options) {
  const auto done = build(options);
  return done ? Exit::ok : report(done.error());
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
  verb->add_option("-o,--output", options->folder, "work folder: sources, scripts, logs and results, kept")
      ->capture_default_str();
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "lutgen/board/board.hpp"
#include "lutgen/cli/emit_options.hpp"
#include "lutgen/flow/measure.hpp"

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
  double freq_mhz = 200;
  std::uint32_t seed = 1;
  std::uint32_t seeds = 1;
  Common common;
};

/// Best, middle and worst of one figure over all seeds.
struct Spread {
  double minimum = 0;
  double median = 0;
  double maximum = 0;
};

template <class Figure>
Spread spread_of(const std::vector<flow::MeasureRun>& runs, Figure&& figure) {
  std::vector<double> values;
  for (const flow::MeasureRun& run : runs) values.push_back(static_cast<double>(figure(run)));
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

Spread fmax_of(const std::vector<flow::MeasureRun>& runs) {
  return spread_of(runs, [](const auto& run) { return run.routed.fmax_mhz; });
}
Spread luts_of(const std::vector<flow::MeasureRun>& runs) {
  return spread_of(runs, [](const auto& run) { return run.placement.core.luts; });
}

io::Json to_json(const Spread& spread) {
  return {{"min", spread.minimum}, {"median", spread.median}, {"max", spread.maximum}};
}

io::Json to_json(const flow::MeasureRun& run, const model::Model* model) {
  const flow::Occupancy& core = run.placement.core;
  io::Json json = {{"seed", run.routed.seed},
                   {"luts", core.luts},
                   {"lut_cells", core.lut_cells},
                   {"feed_throughs", run.feed_throughs},
                   {"route_throughs", run.route_throughs},
                   {"ffs", core.flops},
                   {"harness_ffs", run.placement.rest.flops},
                   {"carries", core.carries},
                   {"fmax_mhz", run.routed.fmax_mhz},
                   {"seconds", run.routed.seconds}};
  if (model == nullptr) return json;
  json["sections"] = io::Json::array();
  for (std::size_t l = 0; l < run.placement.by_layer.size(); ++l) {
    const flow::Occupancy& part = run.placement.by_layer[l];
    json["sections"].push_back({{"label", l < model->layers.size() ? model::layer_label(*model, l) : "other"},
                                {"luts", part.luts},
                                {"lut_cells", part.lut_cells},
                                {"ffs", part.flops},
                                {"carries", part.carries}});
  }
  return json;
}

io::Json to_json(const flow::MeasureReport& report, const board::Board& board, const model::Model& model,
                 double freq_mhz) {
  io::Json json = {{"board", board.id},
                   {"part", board.part},
                   {"family", board::family_name(board.family)},
                   {"kind", "measure"},
                   {"top", report.top},
                   {"latency_cycles", report.latency_cycles},
                   {"freq_mhz", freq_mhz},
                   {"yosys", report.yosys},
                   {"nextpnr", report.nextpnr},
                   {"luts", to_json(luts_of(report.core))},
                   {"fmax_mhz", to_json(fmax_of(report.core))},
                   {"runs", io::Json::array()}};
  for (const auto& run : report.core) json["runs"].push_back(to_json(run, &model));
  if (report.yardstick.empty()) return json;
  io::Json yardstick = {{"latency_cycles", report.yardstick_latency_cycles},
                        {"luts", to_json(luts_of(report.yardstick))},
                        {"fmax_mhz", to_json(fmax_of(report.yardstick))},
                        {"runs", io::Json::array()}};
  for (const auto& run : report.yardstick) yardstick["runs"].push_back(to_json(run, nullptr));
  json["lut_ratio"] = luts_of(report.core).median / luts_of(report.yardstick).median;
  json["fmax_ratio"] = fmax_of(report.core).median / fmax_of(report.yardstick).median;
  json["yardstick"] = std::move(yardstick);
  return json;
}

void print_runs(const std::vector<flow::MeasureRun>& runs) {
  fmt::print("{:>6} {:>8} {:>10} {:>14} {:>15} {:>8} {:>9} {:>9}\n", "seed", "LUTs", "LUT cells", "feed-throughs",
             "route-throughs", "carries", "Fmax MHz", "seconds");
  for (const auto& run : runs) {
    const flow::Occupancy& core = run.placement.core;
    fmt::print("{:>6} {:>8} {:>10} {:>14} {:>15} {:>8} {:>9.1f} {:>9.1f}\n", run.routed.seed, core.luts, core.lut_cells,
               run.feed_throughs, run.route_throughs, core.carries, run.routed.fmax_mhz, run.routed.seconds);
  }
}

void print_table(const flow::MeasureReport& report, const board::Board& board, const model::Model& model) {
  fmt::print("core alone on {} ({}), after place and route; latency {} cycles\n\n", board.part, board.id,
             report.latency_cycles);
  print_runs(report.core);
  fmt::print("\n{:<28} {:>8} {:>10} {:>8} {:>8}   (seed {})\n", "part", "LUTs", "LUT cells", "flops", "carries",
             report.core.front().routed.seed);
  const flow::Placement& first = report.core.front().placement;
  for (std::size_t l = 0; l < first.by_layer.size(); ++l) {
    const flow::Occupancy& part = first.by_layer[l];
    fmt::print("{:<28} {:>8} {:>10} {:>8} {:>8}\n", l < model.layers.size() ? model::layer_label(model, l) : "other",
               part.luts, part.lut_cells, part.flops, part.carries);
  }
  if (report.yardstick.empty()) return;
  fmt::print("\nthe same network as behavioural Verilog through Yosys; latency {} cycles\n\n",
             report.yardstick_latency_cycles);
  print_runs(report.yardstick);
  fmt::print("\nmedians: {:.3f} of its LUT positions, {:.2f} times its clock\n",
             luts_of(report.core).median / luts_of(report.yardstick).median,
             fmax_of(report.core).median / fmax_of(report.yardstick).median);
}

flow::RouteOptions route_options(const Options& options, base::ProgressSink* progress) {
  flow::RouteOptions route;
  route.freq_mhz = options.freq_mhz;
  route.seeds.clear();
  for (std::uint32_t s = 0; s < options.seeds; ++s) route.seeds.push_back(options.seed + s);
  route.threads = thread_count(options.common);
  route.progress = progress;
  return route;
}

Result<void> build(const Options& options) {
  if (!options.measure) {
    return fail(Code::build_kind_missing, "lutgen build", "expected --measure, found no kind of build",
                "builds for the board itself, with a bitstream, are not there yet");
  }
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board(options.board, folders));
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  const HardwareChoice hardware{.family = std::string(board::family_name(board.family)),
                                .pipeline = options.pipeline,
                                .input = options.input,
                                .top = {},
                                .scores = false};
  LUTGEN_TRY(const verilog::EmitOptions emit, emit_options(hardware, loaded));
  const auto progress = make_progress();
  flow::MeasureOptions measure;
  measure.route = route_options(options, progress.get());
  measure.yardstick = options.yardstick;
  measure.folder = options.folder;
  LUTGEN_TRY(const flow::MeasureReport report, flow::measure(loaded.model, emit, board, measure));
  if (options.common.json) {
    print(to_json(report, board, loaded.model, options.freq_mhz));
  } else {
    print_table(report, board, loaded.model);
  }
  return {};
}

Exit run(const Options& options) {
  const auto done = build(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_build(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("build", "place and route a network");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_flag("--measure", options->measure, "measure the core alone, in a chain of flip-flops, on the board's device");
  verb->add_option("--board", options->board, "board whose device is taken; lutgen boards lists them")
      ->capture_default_str();
  verb->add_flag("--yardstick", options->yardstick,
                 "also build the network as behavioural Verilog through Yosys, and compare");
  verb->add_option("--pipeline", options->pipeline, "registers: none, a number N of LUT levels, or auto")
      ->capture_default_str();
  verb->add_option("--input", options->input, "what the input port takes: features, or bits (encoder left out)")
      ->capture_default_str()
      ->check(CLI::IsMember({"features", "bits"}));
  verb->add_option("--freq", options->freq_mhz, "clock that place and route aims at, MHz")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 1000.0));
  verb->add_option("--seed", options->seed, "first placement seed")->capture_default_str();
  verb->add_option("--seeds", options->seeds, "number of seeds, one run each")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb->add_option("-o,--output", options->folder, "work folder: sources, scripts, logs and results, kept")
      ->capture_default_str();
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

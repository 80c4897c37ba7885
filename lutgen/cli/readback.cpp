// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/readback.hpp"

#include <fmt/core.h>

#include "lutgen/cli/emit_options.hpp"
#include "lutgen/flow/bitstream_xc7.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string netlist;
  std::string bitstream;
  std::string board = "arty-a7-35t";
  std::string kind = "measure";
  std::string pipeline = "auto";
  std::string goal = "area";
  std::string input = "features";
  DataChoice data;
  Common common;
};

/// What is read back: the routed netlist, with the tables of the bitstream where there is one.
Result<flow::ReadbackSource> make_source(const Options& options, const board::Board& board) {
  flow::ReadbackSource source;
  source.family = board.family;
  source.netlist = options.netlist;
  if (options.bitstream.empty()) return source;
  if (board.family == board::Family::ice40) {
    source.bitstream = options.bitstream;
    source.work = options.bitstream + ".readback";
    return source;
  }
  if (board.family != board::Family::xc7) {
    return fail(Code::family_unknown, "--bitstream",
                fmt::format("expected a board of family xc7 or ice40, whose bitstreams can be decoded, found {}",
                            board::family_name(board.family)),
                "leave --bitstream out: the tables of the routed netlist are taken");
  }
  flow::BitstreamJob job;
  job.bitstream = options.bitstream;
  job.part = board.pack_device;
  LUTGEN_TRY(job.database, flow::find_prjxray_database());
  LUTGEN_TRY(const flow::Tool reader, flow::find_tool(flow::ToolId::bitread));
  job.tools.bitread = reader.path.string();
  LUTGEN_TRY(source.luts, flow::read_bitstream_luts(job));
  source.database = job.database;
  source.part = job.part;
  return source;
}

Result<flow::ReadbackReport> read_back(const Options& options) {
  const bool is_board = options.kind == "board";
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board(options.board, folders));
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  const HardwareChoice hardware{.family = std::string(board::family_name(board.family)),
                                .pipeline = options.pipeline,
                                .input = is_board ? "bits" : options.input,
                                .top = {},
                                .scores = is_board,
                                .optimize = "on",
                                .goal = options.goal};
  LUTGEN_TRY(const verilog::EmitOptions emit, emit_options(hardware, loaded));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(loaded.model, emit));
  LUTGEN_TRY(const flow::ReadbackSource source, make_source(options, board));
  LUTGEN_TRY(const data::Dataset dataset, load(options.data));
  const auto progress = make_progress();
  const flow::ReadbackOptions how{.limit = 0, .threads = thread_count(options.common), .progress = progress.get()};
  if (!is_board) return flow::read_back_measure(source, loaded.model, design, dataset, how);
  LUTGEN_TRY(const board::BoardSources sources, board::build_board_sources(loaded.model, board, design.manifest));
  return flow::read_back_board(source, loaded.model, board, design, sources, dataset, how);
}

void print_report(const flow::ReadbackReport& report, bool is_board) {
  fmt::print("source     {}\n", report.source);
  if (is_board) {
    fmt::print("samples    {}, each sent into the UART\nmismatches {}\n", report.samples, report.mismatches);
  } else {
    fmt::print("samples    {}, {} of them shifted in through the chain\n", report.samples, report.shifted);
    fmt::print("mismatches {}\nwrong out_valid {}\n", report.mismatches, report.valid_errors);
  }
  fmt::print("speed      {} cycles of {} runs in {:.2f} s: {:.0f} million a second\n", report.cycles, report.runs,
             report.seconds, report.run_cycles_per_second() / 1e6);
  if (report.mismatch) fmt::print("\n{}", cosim::to_text(*report.mismatch));
}

Exit run(const Options& options) {
  const auto result = read_back(options);
  if (!result) return report(result.error());
  if (options.common.json) {
    print(to_json(*result));
  } else {
    print_report(*result, options.kind == "board");
  }
  return result->passed() ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_readback(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("readback", "simulate a build after place and route against the golden model");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("netlist", options->netlist, "routed netlist, as nextpnr --write leaves it")->required();
  verb->add_option("--bitstream", options->bitstream, "take the tables (xc7), or everything (ice40), out of this bitstream");
  verb->add_option("--board", options->board, "board that it was built for; lutgen boards lists them")
      ->capture_default_str();
  verb->add_option("--kind", options->kind, "what was built: measure (the core alone), or board")
      ->capture_default_str()
      ->check(CLI::IsMember({"measure", "board"}));
  add_goal_option(*verb, options->goal);
  verb->add_option("--pipeline", options->pipeline, "registers: none, a number N of LUT levels, or auto")
      ->capture_default_str();
  verb->add_option("--input", options->input, "measure: what the input port takes, features or bits")
      ->capture_default_str()
      ->check(CLI::IsMember({"features", "bits"}));
  add_data_options(*verb, options->data);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

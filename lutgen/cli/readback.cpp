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
  std::string pipeline = "auto";
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
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board(options.board, folders));
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  const HardwareChoice hardware{.family = std::string(board::family_name(board.family)),
                                .pipeline = options.pipeline,
                                .input = options.input,
                                .top = {},
                                .scores = false};
  LUTGEN_TRY(const verilog::EmitOptions emit, emit_options(hardware, loaded));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(loaded.model, emit));
  LUTGEN_TRY(const flow::ReadbackSource source, make_source(options, board));
  LUTGEN_TRY(const data::Dataset dataset, load(options.data));
  const auto progress = make_progress();
  return flow::read_back_measure(source, loaded.model, design, dataset,
                                 {.limit = 0, .threads = thread_count(options.common), .progress = progress.get()});
}

void print_report(const flow::ReadbackReport& report) {
  fmt::print("source     {}\n", report.source);
  fmt::print("samples    {}, {} of them shifted in through the chain\n", report.samples, report.shifted);
  fmt::print("mismatches {}\nwrong out_valid {}\n", report.mismatches, report.valid_errors);
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
    print_report(*result);
  }
  return result->passed() ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_readback(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("readback", "simulate a measuring build after routing against the golden model");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("netlist", options->netlist, "routed netlist, as nextpnr --write leaves it")->required();
  verb->add_option("--bitstream", options->bitstream, "xc7: take the tables out of this .bit file");
  verb->add_option("--board", options->board, "board that it was built for; lutgen boards lists them")
      ->capture_default_str();
  verb->add_option("--pipeline", options->pipeline, "registers: none, a number N of LUT levels, or auto")
      ->capture_default_str();
  verb->add_option("--input", options->input, "what the input port takes: features, or bits (encoder left out)")
      ->capture_default_str()
      ->check(CLI::IsMember({"features", "bits"}));
  add_data_options(*verb, options->data);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

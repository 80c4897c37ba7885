// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/board_build.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lutgen/board/constraints.hpp"
#include "lutgen/board/top.hpp"
#include "lutgen/flow/capacity.hpp"
#include "lutgen/flow/family_tools.hpp"

namespace lutgen::flow {
namespace {

constexpr const char* kCore = "core.";

Result<void> check_clock(const std::string& top, const Routed& best, const board::Board& board, std::size_t seeds) {
  if (best.fmax_mhz >= board.freq_mhz) return {};
  return fail(Code::build_misses_clock, top,
              fmt::format("expected at least the board's {} MHz, found {:.1f} MHz (the best of {} seeds)", board.freq_mhz,
                          best.fmax_mhz, seeds),
              "try more --seeds, or more registers: --pipeline 1; no bitstream was written");
}

}  // namespace

Result<BoardBuildReport> build_board(const model::Model& model, const verilog::EmitOptions& emit, const board::Board& board,
                                     const BoardBuildOptions& options) {
  LUTGEN_TRY(const RouteTools tools, find_route_tools(board.family));
  verilog::EmitOptions core_options = emit;
  core_options.input = logic::InputForm::bits;
  core_options.map.scores_output = true;
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, core_options));
  const verilog::Manifest& manifest = design.manifest;
  LUTGEN_TRY_VOID(check_capacity(
      manifest.top, compute_need(design.mapped.netlist, design.mapped.netlist.feature_bits.size()), board));
  LUTGEN_TRY(const board::BoardSources sources, board::build_board_sources(model, board, manifest));
  const std::string core = manifest.top + ".v";
  RouteJob job;
  job.folder = options.folder;
  job.stage = board.id;
  job.carries = CarryCells::rewritten;
  std::vector<std::string> files;
  for (const board::SourceFile& file : sources.files) {
    files.push_back(file.name);
    job.sources.emplace_back(file.name, file.text);
  }
  job.sources.emplace_back(core, verilog::verilog_text(design));
  job.script = wrap_script(board.family, std::string(board::kBoardTop), files, core);
  job.constraints = board::constraints_text(board);
  RouteOptions route = options.route;
  route.freq_mhz = std::max(route.freq_mhz, board.freq_mhz);
  LUTGEN_TRY(const std::vector<Routed> routed, place_and_route(job, board, tools, route));
  BoardBuildReport report;
  report.top = manifest.top;
  report.latency_cycles = manifest.latency_cycles;
  report.yosys = tools.yosys.version;
  report.nextpnr = tools.nextpnr.version;
  for (const Routed& each : routed) {
    LUTGEN_TRY(Placement placement, read_placement(board.family, each.netlist, kCore, model.layers.size()));
    report.runs.push_back({each, std::move(placement)});
  }
  report.best = best_run(routed);
  const Routed& best = report.runs[report.best].routed;
  LUTGEN_TRY_VOID(check_clock(manifest.top, best, board, route.seeds.size()));
  const std::string name = fmt::format("{}.{}", manifest.top, family_tools(board.family).bitstream_suffix);
  if (route.progress != nullptr) route.progress->update(job.stage + ": bitstream", 0, 1);
  LUTGEN_TRY(report.bitstream, write_bitstream(board, best, options.folder / name));
  if (route.progress != nullptr) route.progress->update(job.stage + ": bitstream", 1, 1);
  LUTGEN_TRY(const ReadbackSource source, readback_source(board, best, report.bitstream, options.folder));
  data::Dataset drawn;
  LUTGEN_TRY(report.readback, read_back_board(source, model, board, design, sources, choose_samples(options.samples, model, drawn),
                                              {.threads = route.threads, .progress = route.progress}));
  LUTGEN_TRY_VOID(require_equal(report.readback, report.bitstream));
  return report;
}

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/measure.hpp"

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/board/constraints.hpp"
#include "lutgen/flow/capacity.hpp"
#include "lutgen/flow/family_tools.hpp"
#include "lutgen/flow/scan_harness.hpp"
#include "lutgen/verilog/behavioural.hpp"

namespace lutgen::flow {
namespace {

using verilog::Manifest;
using verilog::Port;

constexpr const char* kCore = "core.";

/// Flops of the harness: one for each bit of a port.
std::uint64_t harness_flops(const Manifest& manifest) {
  std::uint64_t flops = 0;
  for (const Port& port : manifest.ports) flops += std::uint64_t{port.elements} * port.bits_per_element;
  return flops;
}

/// What was placed, read back. The harness has no LUTs: those outside `core_prefix` are feed-throughs.
///
/// core_prefix  of the core's cells in the flattened netlist; "" counts everything
Result<MeasureRun> count_run(const Routed& routed, board::Family family, std::string_view core_prefix, std::size_t layers) {
  MeasureRun run;
  run.routed = routed;
  LUTGEN_TRY(run.placement, read_placement(family, routed.netlist, core_prefix, layers));
  run.feed_throughs = run.placement.rest.luts;
  for (Occupancy* part : {&run.placement.core, &run.placement.by_layer.back()}) {
    part->luts += run.placement.rest.luts;
    part->lut_cells += run.placement.rest.lut_cells;
  }
  run.placement.rest.luts = run.placement.rest.lut_cells = 0;
  run.route_throughs = run.placement.core.route_throughs;
  if (family == board::Family::xc7) {
    LUTGEN_TRY(const std::string fasm, base::read_file(routed.config));
    const std::uint64_t with_init = count_fasm_luts(fasm);
    run.route_throughs = with_init > run.placement.core.luts ? with_init - run.placement.core.luts : 0;
  }
  return run;
}

class Measurement {
 public:
  Measurement(const board::Board& board, const RouteTools& tools, const MeasureOptions& options, const Manifest& manifest)
      : board_(board), tools_(tools), options_(options), manifest_(manifest) {
    board_.freq_mhz = options.route.freq_mhz;
  }

  /// Builds one Verilog text of the core within the harness, once a seed.
  Result<std::vector<MeasureRun>> run(const std::string& stage, const std::string& verilog, std::string script,
                                      std::string_view core_prefix, std::size_t layers, CarryCells carries) const {
    const std::string harness(kScanHarness);
    const std::vector<board::BoundPort> ports = {{"clk_pin", true, &board_.clock}, {"scan_pin", true, &board_.uart_rx}};
    const RouteJob job{options_.folder / stage,
                       {{manifest_.top + ".v", verilog}, {harness + ".v", print_scan_harness(board_.family, manifest_)}},
                       std::move(script),
                       board::constraints_text(board_, ports),
                       stage,
                       carries};
    LUTGEN_TRY(const std::vector<Routed> routed, place_and_route(job, board_, tools_, options_.route));
    std::vector<MeasureRun> runs;
    for (const Routed& each : routed) {
      LUTGEN_TRY(MeasureRun one, count_run(each, board_.family, core_prefix, layers));
      runs.push_back(std::move(one));
    }
    return runs;
  }

 private:
  board::Board board_;
  const RouteTools& tools_;
  const MeasureOptions& options_;
  const Manifest& manifest_;
};

/// The texts of a measuring build, as Yosys is told: the core's, then the harness'.
std::vector<std::string> source_names(const Manifest& manifest) {
  return {manifest.top + ".v", fmt::format("{}.v", kScanHarness)};
}

}  // namespace

Result<std::vector<MeasureRun>> measure_yardstick(const std::string& verilog, const Manifest& manifest,
                                                  const board::Board& board, const MeasureOptions& options) {
  LUTGEN_TRY(const RouteTools tools, find_route_tools(board.family));
  const std::string script = synthesis_script(board.family, std::string(kScanHarness), source_names(manifest));
  return Measurement(board, tools, options, manifest).run("yardstick", verilog, script, "", 0, CarryCells::as_written);
}

Result<MeasureReport> measure(const model::Model& model, const verilog::EmitOptions& emit, const board::Board& board,
                              const MeasureOptions& options) {
  LUTGEN_TRY(const RouteTools tools, find_route_tools(board.family));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, emit));
  const Manifest& manifest = design.manifest;
  LUTGEN_TRY_VOID(
      check_capacity(manifest.top, compute_need(design.mapped.netlist, harness_flops(manifest)), board));
  verilog::Behavioural yardstick;
  if (options.yardstick) {
    LUTGEN_TRY(yardstick, verilog::print_behavioural(model, emit.input, manifest.top));
  }
  MeasureReport report;
  report.top = manifest.top;
  report.latency_cycles = manifest.latency_cycles;
  report.yosys = tools.yosys.version;
  report.nextpnr = tools.nextpnr.version;
  const Measurement measurement(board, tools, options, manifest);
  const std::string script = read_script(board.family, std::string(kScanHarness), source_names(manifest));
  LUTGEN_TRY(report.core, measurement.run("core", verilog::verilog_text(design), script, kCore, model.layers.size(), CarryCells::rewritten));
  std::vector<Routed> routed;
  for (const MeasureRun& run : report.core) routed.push_back(run.routed);
  report.best = best_run(routed);
  const std::string bitstream = fmt::format("{}.{}", report.top, family_tools(board.family).bitstream_suffix);
  LUTGEN_TRY(report.bitstream,
             write_bitstream(board, report.core[report.best].routed, options.folder / "core" / bitstream));
  LUTGEN_TRY(const ReadbackSource source,
             readback_source(board, report.core[report.best].routed, report.bitstream, options.folder / "core"));
  data::Dataset drawn;
  LUTGEN_TRY(report.readback, read_back_measure(source, model, design, choose_samples(options.samples, model, drawn),
                                                {.threads = options.route.threads, .progress = options.route.progress}));
  LUTGEN_TRY_VOID(require_equal(report.readback, report.bitstream));
  if (options.yardstick) {
    report.yardstick_latency_cycles = yardstick.latency_cycles;
    LUTGEN_TRY(report.yardstick, measure_yardstick(yardstick.verilog, manifest, board, options));
  }
  return report;
}

}  // namespace lutgen::flow

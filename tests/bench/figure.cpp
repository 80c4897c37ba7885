// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/figure.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lutgen/flow/measure.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::bench {
namespace {

Result<board::Board> open_board(const std::string& id) {
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  return board::find_board(id, folders);
}

/// Whether the row can hold this failure: it is the figure of a program that gave up.
bool is_figure(const Diagnostic& error) { return error.code == Code::tool_failed || error.code == Code::build_does_not_fit; }

/// What Yosys made of the same thing, compared with the golden model after routing.
Result<flow::MeasureRun> measure_yosys(const Case& what, verilog::Design design, const verilog::Behavioural& text,
                                       const board::Board& board, const flow::MeasureOptions& options) {
  LUTGEN_TRY(std::vector<flow::MeasureRun> runs, flow::measure_yardstick(text.verilog, design.manifest, board, options));
  design.manifest.latency_cycles = text.latency_cycles;
  const flow::ReadbackSource source{.family = board.family, .netlist = runs[0].routed.netlist, .luts = {}, .bitstream = {},
                                    .work = {}, .database = {}, .part = {}};
  data::Dataset drawn;
  LUTGEN_TRY(const flow::ReadbackReport readback,
             flow::read_back_measure(source, what.model, design, flow::choose_samples(nullptr, what.model, drawn), {}));
  if (!readback.passed()) {
    return fail(Code::readback_mismatch, what.name,
                fmt::format("expected Yosys' version to compute the model, found {} of {} samples wrong", readback.mismatches,
                            readback.samples),
                "the yardstick's text is wrong, and with it every figure of this row");
  }
  return std::move(runs[0]);
}

}  // namespace

std::string failure_text(const Diagnostic& error) {
  const std::size_t word = std::min(error.message.find(' '), error.message.size());
  const std::size_t slash = error.message.substr(0, word).rfind('/');
  return slash == std::string::npos ? error.message : error.message.substr(slash + 1);
}

Result<io::Json> measure_case(Case what, const Limits& limits) {
  LUTGEN_TRY_VOID(model::validate_model(what.model, what.model.name));
  LUTGEN_TRY(const board::Board board, open_board(what.board));
  verilog::EmitOptions emit{.map = {}, .passes = what.passes, .input = what.input, .top = {}, .model_sha256 = {}, .place = what.name};
  emit.map.family = *tech::find_family(board::family_name(board.family));
  LUTGEN_TRY(verilog::Design design, verilog::build_design(what.model, emit));
  flow::MeasureOptions options{.route = {}, .yardstick = false, .folder = limits.folder / what.name};
  options.route.limit_seconds = limits.limit_seconds;
  const auto each = [&](std::uint64_t luts) { return static_cast<double>(luts) / what.copies; };
  io::Json row = {{"copies", what.copies}, {"luts", nullptr}, {"yosys_luts", nullptr}, {"ratio", nullptr}, {"fmax_mhz", nullptr},
                  {"yosys_fmax_mhz", nullptr}, {"latency_cycles", design.manifest.latency_cycles}};
  const auto core = flow::measure(what.model, emit, board, options);
  if (core) {
    row["luts"] = each(core->core[0].placement.core.luts);
    row["fmax_mhz"] = core->core[0].routed.fmax_mhz;
    const flow::Routed& routed = core->core[0].routed;
    if (!routed.carry_failure.empty()) row["carry_failure"] = routed.carry_failure;
    if (!routed.pair_failure.empty()) row["pair_failure"] = routed.pair_failure;
  } else if (is_figure(core.error())) {
    row["failed"] = failure_text(core.error());
  } else {
    return tl::unexpected(core.error());
  }
  if (!what.yardstick) return row;
  verilog::Behavioural text;
  if (what.text) {
    text = *what.text;
  } else {
    LUTGEN_TRY(text, verilog::print_behavioural(what.model, what.input, design.manifest.top));
  }
  row["yosys_latency_cycles"] = text.latency_cycles;
  const auto yosys = measure_yosys(what, std::move(design), text, board, options);
  if (yosys) {
    row["yosys_luts"] = each(yosys->placement.core.luts);
    row["yosys_fmax_mhz"] = yosys->routed.fmax_mhz;
    if (core) row["ratio"] = row["luts"].get<double>() / row["yosys_luts"].get<double>();
  } else if (is_figure(yosys.error())) {
    row["yosys_failed"] = failure_text(yosys.error());
  } else {
    return tl::unexpected(yosys.error());
  }
  return row;
}

Result<io::Json> describe_device(const std::string& id) {
  LUTGEN_TRY(const board::Board board, open_board(id));
  LUTGEN_TRY(const flow::RouteTools tools, flow::find_route_tools(board.family));
  return io::Json{{"board", id}, {"device", board.part}, {"yosys", tools.yosys.version}, {"nextpnr", tools.nextpnr.version}};
}

}  // namespace lutgen::bench

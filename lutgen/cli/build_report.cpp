// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cli/build_report.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

namespace lutgen::cli {
namespace {

using flow::Occupancy;

/// Best, middle and worst of one figure over all seeds.
struct Spread {
  double minimum = 0;
  double median = 0;
  double maximum = 0;
};

template <class Run, class Figure>
Spread spread_of(const std::vector<Run>& runs, Figure&& figure) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(static_cast<double>(figure(run)));
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

template <class Run>
Spread fmax_of(const std::vector<Run>& runs) {
  return spread_of(runs, [](const Run& run) { return run.routed.fmax_mhz; });
}

/// What a run counts for: the core of a measuring build, everything of a board build.
Occupancy total_of(const flow::MeasureRun& run) { return run.placement.core; }
Occupancy total_of(const flow::BoardRun& run) {
  Occupancy total = run.placement.core;
  total.luts += run.placement.rest.luts;
  total.lut_cells += run.placement.rest.lut_cells;
  total.flops += run.placement.rest.flops;
  total.carries += run.placement.rest.carries;
  total.route_throughs += run.placement.rest.route_throughs;
  return total;
}

template <class Run>
Spread luts_of(const std::vector<Run>& runs) {
  return spread_of(runs, [](const Run& run) { return total_of(run).luts; });
}

io::Json to_json(const Spread& spread) {
  return {{"min", spread.minimum}, {"median", spread.median}, {"max", spread.maximum}};
}

template <class Run>
io::Json spread_json(const std::vector<Run>& runs) {
  return {{"luts", to_json(luts_of(runs))}, {"fmax_mhz", to_json(fmax_of(runs))}};
}

void add_figures(io::Json& json, const Occupancy& part) {
  json["luts"] = part.luts;
  json["lut_cells"] = part.lut_cells;
  json["ffs"] = part.flops;
  json["carries"] = part.carries;
}

std::string part_label(const model::Model& model, std::size_t layer) {
  return layer < model.layers.size() ? model::layer_label(model, layer) : "other";
}

io::Json sections_json(const flow::Placement& placement, const model::Model& model) {
  io::Json sections = io::Json::array();
  for (std::size_t l = 0; l < placement.by_layer.size(); ++l) {
    io::Json part = {{"label", part_label(model, l)}};
    add_figures(part, placement.by_layer[l]);
    sections.push_back(std::move(part));
  }
  return sections;
}

/// What became of the carry chains and of LUTs in pairs; see `flow::Routed`.
void add_packing(io::Json& json, const flow::Routed& routed) {
  json["carry_outs"] = routed.carry_outs;
  json["freed_positions"] = routed.freed_positions;
  json["lut_pairs"] = routed.lut_pairs;
  json["lut_pairs_by_chance"] = routed.lut_pairs_by_chance;
  if (!routed.carry_failure.empty()) json["carry_failure"] = routed.carry_failure;
  if (!routed.pair_failure.empty()) json["pair_failure"] = routed.pair_failure;
}

io::Json to_json(const flow::MeasureRun& run, const model::Model* model) {
  io::Json json = {{"seed", run.routed.seed}, {"fmax_mhz", run.routed.fmax_mhz}, {"seconds", run.routed.seconds}};
  add_figures(json, run.placement.core);
  add_packing(json, run.routed);
  json["feed_throughs"] = run.feed_throughs;
  json["route_throughs"] = run.route_throughs;
  json["harness_ffs"] = run.placement.rest.flops;
  if (model != nullptr) json["sections"] = sections_json(run.placement, *model);
  return json;
}

io::Json to_json(const flow::BoardRun& run, const model::Model& model) {
  io::Json json = {{"seed", run.routed.seed}, {"fmax_mhz", run.routed.fmax_mhz}, {"seconds", run.routed.seconds}};
  add_figures(json, total_of(run));
  add_packing(json, run.routed);
  json["core"] = io::Json::object();
  add_figures(json["core"], run.placement.core);
  json["sections"] = sections_json(run.placement, model);
  return json;
}

io::Json head_json(const model::Model& model, const board::Board& board, const char* kind, const std::string& top,
                   std::uint32_t latency) {
  return {{"model", model.name},
          {"board", board.id},
          {"part", board.part},
          {"family", board::family_name(board.family)},
          {"kind", kind},
          {"top", top},
          {"latency_cycles", latency}};
}

/// The run whose bitstream was written.
template <class Run>
void add_chosen(io::Json& json, const Run& run) {
  add_figures(json, total_of(run));
  add_packing(json, run.routed);
  json["fmax_mhz"] = run.routed.fmax_mhz;
  json["seed"] = run.routed.seed;
  json["seconds"] = run.routed.seconds;
}

void add_bitstream(io::Json& json, const flow::Bitstream& bitstream) {
  json["bitstream"] = bitstream.path.string();
  json["bytes"] = bitstream.bytes;
  if (!bitstream.check) return;
  json["check"] = {{"bits", bitstream.check->bits_found},
                   {"differences", bitstream.check->missing + bitstream.check->extra},
                   {"luts", bitstream.check->luts},
                   {"lut_differences", bitstream.check->lut_differences}};
}

void print_readback(const flow::ReadbackReport& readback) {
  fmt::print("simulated  {} samples after routing against the golden model ({}): {} mismatches\n", readback.samples,
             readback.source, readback.mismatches);
}

void print_bitstream(const flow::Bitstream& bitstream, std::uint32_t seed) {
  fmt::print("\nbitstream  {} ({} bytes, seed {}, {:.1f} s)\n", bitstream.path.string(), bitstream.bytes, seed,
             bitstream.seconds);
  if (!bitstream.check) return;
  fmt::print("read back  {} bits and {} lookup tables compared with what was asked for, no difference\n",
             bitstream.check->bits_found, bitstream.check->luts);
}

void print_runs(const std::vector<flow::MeasureRun>& runs) {
  fmt::print("{:>6} {:>8} {:>10} {:>14} {:>15} {:>8} {:>9} {:>9}\n", "seed", "LUTs", "LUT cells", "feed-throughs",
             "route-throughs", "carries", "Fmax MHz", "seconds");
  for (const auto& run : runs) {
    const Occupancy& core = run.placement.core;
    fmt::print("{:>6} {:>8} {:>10} {:>14} {:>15} {:>8} {:>9.1f} {:>9.1f}\n", run.routed.seed, core.luts, core.lut_cells,
               run.feed_throughs, run.route_throughs, core.carries, run.routed.fmax_mhz, run.routed.seconds);
  }
}

/// What the rewritten carry chains and LUTs in pairs saved, and which run had to go without them.
template <class Run>
void print_packing(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const flow::Routed& routed = run.routed;
    if (!routed.carry_failure.empty()) fmt::print("seed {}: carry chains as Yosys wrote them ({})\n", routed.seed, routed.carry_failure);
    if (!routed.pair_failure.empty()) fmt::print("seed {}: LUTs paired by chance only ({})\n", routed.seed, routed.pair_failure);
  }
  const flow::Routed& first = runs.front().routed;
  if (first.freed_positions > 0) {
    fmt::print("carry chains: {} carry outs without a LUT, {} LUT positions saved\n", first.carry_outs, first.freed_positions);
  }
  if (first.lut_pairs > 0) {
    fmt::print("LUT pairs: {} positions with two LUTs outside the carry chains; by chance there were {} (seed {})\n", first.lut_pairs,
               first.lut_pairs_by_chance, first.seed);
  }
}

void print_part(const std::string& label, const Occupancy& part) {
  fmt::print("{:<28} {:>8} {:>10} {:>8} {:>8}\n", label, part.luts, part.lut_cells, part.flops, part.carries);
}

void print_parts(const flow::Placement& placement, const model::Model& model, std::uint32_t seed) {
  fmt::print("\n{:<28} {:>8} {:>10} {:>8} {:>8}   (seed {})\n", "part", "LUTs", "LUT cells", "flops", "carries", seed);
  for (std::size_t l = 0; l < placement.by_layer.size(); ++l) print_part(part_label(model, l), placement.by_layer[l]);
}

}  // namespace

io::Json to_json(const flow::MeasureReport& report, const board::Board& board, const model::Model& model,
                 double freq_mhz) {
  io::Json json = head_json(model, board, "measure", report.top, report.latency_cycles);
  json["freq_mhz"] = freq_mhz;
  json["yosys"] = report.yosys;
  json["nextpnr"] = report.nextpnr;
  add_chosen(json, report.core[report.best]);
  add_bitstream(json, report.bitstream);
  json["readback"] = flow::to_json(report.readback);
  json["spread"] = spread_json(report.core);
  json["runs"] = io::Json::array();
  for (const auto& run : report.core) json["runs"].push_back(to_json(run, &model));
  if (report.yardstick.empty()) return json;
  json["lut_ratio"] = luts_of(report.core).median / luts_of(report.yardstick).median;
  json["fmax_ratio"] = fmax_of(report.core).median / fmax_of(report.yardstick).median;
  json["yardstick"] = {{"latency_cycles", report.yardstick_latency_cycles},
                       {"spread", spread_json(report.yardstick)},
                       {"runs", io::Json::array()}};
  for (const auto& run : report.yardstick) json["yardstick"]["runs"].push_back(to_json(run, nullptr));
  return json;
}

io::Json to_json(const flow::BoardBuildReport& report, const board::Board& board, const model::Model& model) {
  io::Json json = head_json(model, board, "board", report.top, report.latency_cycles);
  json["clock_mhz"] = board.freq_mhz;
  json["baud"] = board.baud;
  json["yosys"] = report.yosys;
  json["nextpnr"] = report.nextpnr;
  add_chosen(json, report.runs[report.best]);
  add_bitstream(json, report.bitstream);
  json["readback"] = flow::to_json(report.readback);
  json["spread"] = spread_json(report.runs);
  json["runs"] = io::Json::array();
  for (const auto& run : report.runs) json["runs"].push_back(to_json(run, model));
  return json;
}

void print_table(const flow::MeasureReport& report, const board::Board& board, const model::Model& model) {
  fmt::print("core alone on {} ({}), after place and route; latency {} cycles\n\n", board.part, board.id,
             report.latency_cycles);
  print_runs(report.core);
  print_packing(report.core);
  const flow::MeasureRun& chosen = report.core[report.best];
  print_parts(chosen.placement, model, chosen.routed.seed);
  print_bitstream(report.bitstream, chosen.routed.seed);
  print_readback(report.readback);
  if (report.yardstick.empty()) return;
  fmt::print("\nthe same network as behavioural Verilog through Yosys; latency {} cycles\n\n",
             report.yardstick_latency_cycles);
  print_runs(report.yardstick);
  fmt::print("\nmedians: {:.3f} of its LUT positions, {:.2f} times its clock\n",
             luts_of(report.core).median / luts_of(report.yardstick).median,
             fmax_of(report.core).median / fmax_of(report.yardstick).median);
}

void print_table(const flow::BoardBuildReport& report, const board::Board& board, const model::Model& model) {
  fmt::print("{} on {} ({}), clock {} MHz, UART {} baud; latency of the core {} cycles\n\n", report.top, board.name,
             board.part, board.freq_mhz, board.baud, report.latency_cycles);
  fmt::print("{:>6} {:>8} {:>10} {:>8} {:>8} {:>9} {:>9}\n", "seed", "LUTs", "LUT cells", "flops", "carries", "Fmax MHz",
             "seconds");
  for (const auto& run : report.runs) {
    const Occupancy total = total_of(run);
    fmt::print("{:>6} {:>8} {:>10} {:>8} {:>8} {:>9.1f} {:>9.1f}\n", run.routed.seed, total.luts, total.lut_cells,
               total.flops, total.carries, run.routed.fmax_mhz, run.routed.seconds);
  }
  print_packing(report.runs);
  const flow::BoardRun& chosen = report.runs[report.best];
  print_parts(chosen.placement, model, chosen.routed.seed);
  print_part("link, encoder, sample", chosen.placement.rest);
  print_bitstream(report.bitstream, chosen.routed.seed);
  print_readback(report.readback);
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/build_check.hpp"
#include "lutgen/flow/place_route.hpp"
#include "lutgen/flow/placement.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::flow {

/// Options of `measure`.
///
/// route      what place and route aims at, seeds, threads, progress
/// yardstick  also build the behavioural network, synthesised by Yosys, the same way
/// folder     work folder: sources, scripts, logs, results of every run; kept
/// samples    what the core is read back with after routing
struct MeasureOptions {
  RouteOptions route;
  bool yardstick = false;
  std::filesystem::path folder;
  BuildSamples samples = nullptr;
};

/// One run of place and route.
///
/// placement       the feed-throughs of the core's carry chains are in its `core` and in the last entry of `by_layer`
/// feed_throughs   LUT positions that the placer added for carry chains
/// route_throughs  LUT positions, or logic cells, that only carry a signal into a flop; not logic, not in `luts`
struct MeasureRun {
  Routed routed;
  Placement placement;
  std::uint64_t feed_throughs = 0;
  std::uint64_t route_throughs = 0;
};

/// What a measuring build found.
///
/// best       index of the core's run with the highest Fmax (the first of equals), of which the bitstream is
/// bitstream  FOLDER/core/<top>.<bit|bin|fs>: core and chain, to be read back; no board has use for it
/// readback   the routed core of that run in simulation against the golden model
/// yardstick  empty when it was not asked for
struct MeasureReport {
  std::string top;
  std::uint32_t latency_cycles = 0;
  std::uint32_t yardstick_latency_cycles = 0;
  std::vector<MeasureRun> core;
  std::size_t best = 0;
  Bitstream bitstream;
  ReadbackReport readback;
  std::vector<MeasureRun> yardstick;
  std::string yosys;
  std::string nextpnr;
};

/// Places and routes a behavioural text in the harness of a measuring build: what `MeasureReport::yardstick` holds, of a text that
/// may be any. Nothing of it is rewritten: it is what a user gets from the tools.
///
/// verilog   a module of the name and with the ports that `manifest` lists
/// options   route and folder; the work folder is FOLDER/yardstick
/// Errors    those of find_route_tools, place_and_route and reading a placement
[[nodiscard]] Result<std::vector<MeasureRun>> measure_yardstick(const std::string& verilog, const verilog::Manifest& manifest,
                                                                const board::Board& board, const MeasureOptions& options);

/// Places and routes an emitted network with nothing but a chain of flip-flops round it, so that the
/// figures are those of the core alone, comparable with published out-of-context ones. Yosys only reads
/// the structural netlist; it maps nothing.
///
/// board    gives the device, and the pins of the clock and of the start of the chain (its UART's receiver)
/// Errors   tool_missing, tool_failed, tool_too_old; those of build_design and of reading a placement;
///          build_does_not_fit, before place and route; those of `read_back_measure`; readback_mismatch
/// Cost     minutes: about half a minute a seed for 1,000 tables on xc7
[[nodiscard]] Result<MeasureReport> measure(const model::Model& model, const verilog::EmitOptions& emit,
                                            const board::Board& board, const MeasureOptions& options);

}  // namespace lutgen::flow

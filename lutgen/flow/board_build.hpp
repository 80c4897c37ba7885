// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/flow/build_check.hpp"
#include "lutgen/flow/place_route.hpp"
#include "lutgen/flow/placement.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::flow {

/// Options of `build_board`.
///
/// route    freq_mhz is raised to the board's clock when it is lower
/// folder   work folder: sources, scripts, logs, results of every run, the bitstream; kept
/// samples  what the whole design is read back with after routing, through its UART
struct BoardBuildOptions {
  RouteOptions route;
  std::filesystem::path folder;
  BuildSamples samples = nullptr;
};

/// One run of place and route of a whole board design, counted.
struct BoardRun {
  Routed routed;
  Placement placement;
};

/// What was built.
///
/// top             module name of the core
/// latency_cycles  of the core
/// best            index of the run with the highest Fmax (the first of equals), of which the bitstream is
/// readback        that run in simulation against the golden model
struct BoardBuildReport {
  std::string top;
  std::uint32_t latency_cycles = 0;
  std::vector<BoardRun> runs;
  std::size_t best = 0;
  Bitstream bitstream;
  ReadbackReport readback;
  std::string yosys;
  std::string nextpnr;
};

/// Builds the network behind the board's UART, down to a bitstream: Yosys maps the link and reads the core as it is,
/// nextpnr places and routes, the family's tool writes the bitstream. `FOLDER/<top>.<bit|bin|fs>` is the bitstream.
///
/// emit     family and pipeline; input and scores are chosen here
/// Errors   build_does_not_fit, before place and route; build_misses_clock when no seed reaches the board's clock, and
///          then no bitstream is written; tool_missing, tool_too_old, tool_failed; those of build_design, of reading
///          a placement, of `write_bitstream` and of `read_back_board`; readback_mismatch, and then the bitstream is
///          removed
/// Cost     minutes
[[nodiscard]] Result<BoardBuildReport> build_board(const model::Model& model, const verilog::EmitOptions& emit,
                                                   const board::Board& board, const BoardBuildOptions& options);

}  // namespace lutgen::flow

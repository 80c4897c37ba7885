// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::flow {

/// Whether nextpnr gets the carry chains of an xc7 netlist as Yosys wrote them and packs LUTs as it likes; or with chains as
/// `rewrite_carries` has them, LUTs in pairs as `plan_lut_pairs` has them, and router weights for the dense slices that this gives.
enum class CarryCells : std::uint8_t { as_written, rewritten };

/// One design on its way through Yosys and nextpnr.
///
/// folder       work folder: sources, script, logs and results of every run; kept
/// sources      (name, text) of every Verilog file
/// script       for Yosys; writes netlist.json
/// constraints  text of the constraint file
/// stage        what the progress line calls it
/// carries      matters on xc7 only
struct RouteJob {
  std::filesystem::path folder;
  std::vector<std::pair<std::string, std::string>> sources;
  std::string script;
  std::string constraints;
  std::string stage;
  CarryCells carries = CarryCells::as_written;
};

/// How it is placed and routed.
///
/// freq_mhz  what place and route aims at
/// seeds     placement seeds, one run each, at least one
/// threads   runs at the same time, >= 1
/// progress  not owned; may be null
/// limit_seconds  wall time of Yosys, and of each run of nextpnr; 0: no limit
struct RouteOptions {
  double freq_mhz = 200;
  std::vector<std::uint32_t> seeds = {1};
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
  double limit_seconds = 0;
};

/// One run of place and route.
///
/// fmax_mhz  the worst clock's, as nextpnr's own timing analysis after routing says (gowin: before routing, see
///           `read_estimated_fmax_mhz`); 0 when there is no clock
/// netlist   the routed netlist, as nextpnr --write leaves it
/// config    what the bitstream tool reads
/// seconds   of place and route alone, with runs that had to be done again
/// carry_outs       carry outs that leave their slice without a LUT position of their own
/// freed_positions  LUT positions that the rewritten carry chains save, those among them
/// lut_pairs            positions with two LUTs outside the carry chains; 0 where pairs are not chosen
/// lut_pairs_by_chance  those that the placer had made before they were chosen
/// carry_failure    why this run had to be done again with the chains as Yosys wrote them; empty when it had not
/// pair_failure     why it is one without chosen pairs: nextpnr failed on them, or missed the frequency aimed at and was faster
///                  without; empty when it has them
struct Routed {
  std::uint32_t seed = 0;
  double fmax_mhz = 0;
  std::filesystem::path netlist;
  std::filesystem::path config;
  double seconds = 0;
  std::uint64_t carry_outs = 0;
  std::uint64_t freed_positions = 0;
  std::uint64_t lut_pairs = 0;
  std::uint64_t lut_pairs_by_chance = 0;
  std::string carry_failure{};
  std::string pair_failure{};
};

/// Index of the run with the highest Fmax, the first of equals; `runs` is not empty.
[[nodiscard]] std::size_t best_run(const std::vector<Routed>& runs);

/// The two programs of a family.
struct RouteTools {
  Tool yosys;
  Tool nextpnr;
};

/// Finds them.
///
/// Errors   tool_missing, tool_too_old
[[nodiscard]] Result<RouteTools> find_route_tools(board::Family family);

/// Writes the sources, runs Yosys once and nextpnr for every seed. A design that misses its clock is no error
/// here: the run says what it reached. A run that fails with chosen pairs of LUTs or rewritten carry chains is done
/// again without; so is one with pairs that misses `freq_mhz`, and the faster of the two is taken.
///
/// Errors   tool_failed, when a program does not end within its limit, too; those of writing and reading files
/// Cost     minutes
[[nodiscard]] Result<std::vector<Routed>> place_and_route(const RouteJob& job, const board::Board& board,
                                                          const RouteTools& tools, const RouteOptions& options);

}  // namespace lutgen::flow

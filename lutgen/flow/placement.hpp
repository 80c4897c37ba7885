// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"

namespace lutgen::flow {

/// What one part of a design occupies after placement.
///
/// luts            LUT positions that hold at least one LUT cell or a carry cell (xc7: a slice and a letter; ecp5,
///                 gowin: a LUT4; ice40: a logic cell; gatemate: half a CPE)
/// lut_cells       LUT cells in them; on xc7 two small ones can share a position
/// flops           flip-flops
/// carries         carry cells: CARRY4; CCU2C; one a bit on ice40, gowin and gatemate
/// route_throughs  positions that only lead into a flop or out of a carry chain, where the placed netlist shows
///                 them (ice40, gatemate); not in `luts`
struct Occupancy {
  std::uint64_t luts = 0;
  std::uint64_t lut_cells = 0;
  std::uint64_t flops = 0;
  std::uint64_t carries = 0;
  std::uint64_t route_throughs = 0;
};

/// A placed design, counted.
///
/// core      everything under the core's instance
/// rest      everything else: harness or link, and what the placer added for carry chains. A position that core and
///           rest share is the core's
/// by_layer  [layers + 1]: the part of each model layer in `core`, by the names of its cells; the last entry holds what
///           has no layer: the valid chain
struct Placement {
  Occupancy core;
  Occupancy rest;
  std::vector<Occupancy> by_layer;
};

/// Counts a design that nextpnr placed, from the JSON of its `--write`.
///
/// core    prefix of the names of the core's cells, for example "core."
/// layers  number of layers of the model; cells are called core + "l<layer>_..."
/// Errors  file_not_found, json_*, placement_invalid
/// Cost    O(bytes), about 1 s for 1,000 tables
[[nodiscard]] Result<Placement> read_placement(board::Family family, const std::filesystem::path& json,
                                               std::string_view core, std::size_t layers);

/// Number of LUT positions that a FASM text gives an INIT: those of the netlist, and route-throughs of flops.
[[nodiscard]] std::uint64_t count_fasm_luts(std::string_view fasm);

/// The worst frequency among the clocks of a nextpnr `--report` file, in MHz; 0 when there is no clock.
///
/// Errors  file_not_found, json_*
[[nodiscard]] Result<double> read_fmax_mhz(const std::filesystem::path& report);

/// The worst frequency among the clocks before routing, with estimated wire delays, in MHz, from nextpnr's log; 0 when it
/// names none. For gowin: the pass-through LUTs that nextpnr-himbaechel-gowin 0.11.1 adds after placement have no delays,
/// so that the analysis after routing leaves most paths into flops out.
///
/// Errors  file_not_found
[[nodiscard]] Result<double> read_estimated_fmax_mhz(const std::filesystem::path& log);

}  // namespace lutgen::flow

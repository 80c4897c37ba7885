// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// What one part of a design occupies after placement.
///
/// luts       LUT positions that hold at least one LUT cell (xc7: a slice and a letter; ecp5, ice40: a LUT4)
/// lut_cells  LUT cells in them; on xc7 two small ones can share a position
/// flops      flip-flops
/// carries    carry cells: CARRY4, CCU2C pairs, or one carry bit on ice40
struct Occupancy {
  std::uint64_t luts = 0;
  std::uint64_t lut_cells = 0;
  std::uint64_t flops = 0;
  std::uint64_t carries = 0;
};

/// A placed design, counted.
///
/// core           everything under the core's instance, and the feed-throughs that its carry chains need
/// by_layer       [layers + 1]: the part of each model layer, by the names of its cells; the last entry holds
///                what has no layer: the valid chain, and feed-throughs
/// feed_throughs  LUT positions that the placer added for carry chains; they are in `core.luts`
/// harness_flops  flops outside the core: the scan chain
struct Placement {
  Occupancy core;
  std::vector<Occupancy> by_layer;
  std::uint64_t feed_throughs = 0;
  std::uint64_t harness_flops = 0;
};

/// Counts a design that nextpnr-himbaechel-xilinx placed, from the JSON of its `--write`.
///
/// core    prefix of the names of the core's cells, for example "core."
/// layers  number of layers of the model; cells are called core + "l<layer>_..."
/// Errors  file_not_found, json_*, placement_invalid
/// Cost    O(bytes), about 1 s for 1,000 tables
[[nodiscard]] Result<Placement> read_xc7_placement(const std::filesystem::path& json, std::string_view core,
                                                   std::size_t layers);

/// Number of LUT positions that a FASM text gives an INIT: those of the netlist, and route-throughs of flops.
[[nodiscard]] std::uint64_t count_fasm_luts(std::string_view fasm);

/// The worst frequency among the clocks of a nextpnr `--report` file, in MHz; 0 when there is no clock.
///
/// Errors  file_not_found, json_*
[[nodiscard]] Result<double> read_fmax_mhz(const std::filesystem::path& report);

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::flow {

/// What a design takes of a device at the least, whatever the placement.
///
/// luts   LUT positions: on xc7 two LUTs of up to five inputs share one at best; on ice40, where a logic cell has one
///        output, a flop whose input no LUT of its own drives takes a whole cell; on gowin a flop takes its input from the
///        LUT or ALU at its place only; a carry cell takes two on ecp5 (CCU2C) and one on gowin (ALU);
///        on gatemate a position is half a CPE, a flop alone takes one, CC_MX4 two
/// flops  flip-flops
struct Need {
  std::uint64_t luts = 0;
  std::uint64_t flops = 0;
};

/// The least that a netlist and `extra_flops` flops round it, each fed by a flop, take. O(pins).
///
/// Sources  UG474 (xc7), Lattice FPGA-DS-02029 (ice40: one LUT, one flop, one output a cell), FPGA-DS-02012 (ecp5), Gowin UG288 (CFU), Cologne Chip DS1001 (CPE)
[[nodiscard]] Need compute_need(const netlist::Netlist& net, std::uint64_t extra_flops);

/// Refuses what cannot fit.
///
/// top     names the design in the diagnostic
/// Errors  build_does_not_fit, with both numbers
[[nodiscard]] Result<void> check_capacity(const std::string& top, const Need& need, const board::Board& board);

}  // namespace lutgen::flow

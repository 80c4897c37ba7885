// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/capacity.hpp"

#include <vector>

#include <fmt/core.h>

namespace lutgen::flow {
namespace {

using netlist::CellId;
using tech::CellRole;

bool is_small_xc7_lut(tech::Cell cell) { return cell >= tech::Cell::lut1 && cell <= tech::Cell::lut5; }

/// LUT positions that a cell takes in any placement; small LUTs of xc7 are counted elsewhere, and the small ones of
/// gatemate not at all, because an adder may take them in.
std::uint64_t positions_of(tech::Cell cell) {
  switch (cell) {
    case tech::Cell::ccu2c:
    case tech::Cell::cc_mx4: return 2;
    case tech::Cell::gowin_alu:
    case tech::Cell::cc_addf: return 1;
    case tech::Cell::cc_lut1:
    case tech::Cell::cc_lut2: return 0;
    default: return tech::cell_type(cell).role == CellRole::lut && !is_small_xc7_lut(cell) ? 1 : 0;
  }
}

/// Flops that share no LUT's cell: their input comes from elsewhere. Where a cell has one output (`one_output`), a LUT
/// that others read as well is elsewhere, too.
std::uint64_t count_lone_flops(const netlist::Netlist& net, bool one_output) {
  std::vector<std::uint32_t> readers(net.net_count(), 0);
  std::vector<bool> from_lut(net.net_count(), false);
  for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
    for (const netlist::NetId pin : net.input_pins(CellId{c})) readers[index_of(pin)] += 1;
    const CellRole role = tech::cell_type(net.cell(CellId{c}).type).role;
    const bool is_mux = role == CellRole::mux && net.family() == tech::Family::gatemate;
    if (role != CellRole::lut && role != CellRole::carry && !is_mux) continue;
    for (const netlist::NetId pin : net.output_pins(CellId{c})) from_lut[index_of(pin)] = true;
  }
  std::uint64_t lone = 0;
  for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
    if (tech::cell_type(net.cell(CellId{c}).type).role != CellRole::flop) continue;
    bool shares = false;
    for (const netlist::NetId pin : net.input_pins(CellId{c})) {
      shares = shares || (from_lut[index_of(pin)] && (!one_output || readers[index_of(pin)] == 1));
    }
    lone += shares ? 0 : 1;
  }
  return lone;
}

}  // namespace

Need compute_need(const netlist::Netlist& net, std::uint64_t extra_flops) {
  Need need;
  std::uint64_t small = 0;
  for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
    const tech::Cell cell = net.cell(CellId{c}).type;
    small += is_small_xc7_lut(cell) ? 1 : 0;
    need.luts += positions_of(cell);
    need.flops += tech::cell_type(cell).role == CellRole::flop ? 1 : 0;
  }
  need.luts += (small + 1) / 2;
  need.flops += extra_flops;
  if (net.family() == tech::Family::ice40 || net.family() == tech::Family::gatemate) need.luts += count_lone_flops(net, true) + extra_flops;
  if (net.family() == tech::Family::gowin) need.luts += count_lone_flops(net, false) + extra_flops;
  return need;
}

Result<void> check_capacity(const std::string& top, const Need& need, const board::Board& board) {
  if (need.luts <= board.luts && need.flops <= board.flops) return {};
  return fail(Code::build_does_not_fit, top,
              fmt::format("expected at most {} LUT positions and {} flops ({}), found at least {} and {}", board.luts,
                          board.flops, board.part, need.luts, need.flops),
              "take a larger board or a smaller network; with --measure, --input bits leaves the encoder out");
}

}  // namespace lutgen::flow

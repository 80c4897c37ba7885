// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// A netlist whose carry chains cost nextpnr fewer LUT positions; on xc7 none but their own.
///
/// netlist    Yosys' JSON: each CARRY4 as the MUXCY and XORCY of its used bits; pins that read an exported carry out are
///            tied to 1
/// pre_place  Python for nextpnr's --pre-place: connects these pins to the wire from the LUT to DI of the bit, so that the
///            placer keeps the bit's output multiplexer free
/// pre_route  Python for --pre-route: moves them to CO itself
///            Likewise LUTs of five and six inputs at a bit whose DI is a wire: they are LUT4 with further pins, see the sources
/// has_scripts  whether there is anything for the two scripts to do
/// exported   carry outs that leave in this way
/// freed      LUT positions that nextpnr would spend on the netlist as it was; see `CarryChains`
struct CarryNetlist {
  std::string netlist;
  std::string pre_place;
  std::string pre_route;
  bool has_scripts = false;
  std::uint64_t exported = 0;
  std::uint64_t freed = 0;
};

/// Rewrites a netlist that Yosys wrote. nextpnr itself splits a CARRY4 into MUXCY and XORCY, all four bits of it, and it
/// leads a carry out through the sum of one more bit; both scripts fail, and nextpnr with them, where they do not find
/// the cells and wires that its version 0.11.1 makes of this netlist.
///
/// place   names the text in diagnostics
/// Errors  json_*
/// Cost    O(bytes)
[[nodiscard]] Result<CarryNetlist> rewrite_carries(std::string_view json, const std::string& place);

/// Disconnects each COUT of a CCU2C that nothing reads: nextpnr-ecp5 0.11.1 puts another CCU2C, two LUT positions, behind
/// every COUT that has a wire. No scripts.
///
/// Errors  json_*
/// Cost    O(bytes)
[[nodiscard]] Result<CarryNetlist> disconnect_unread_carries(std::string_view json, const std::string& place);

}  // namespace lutgen::flow

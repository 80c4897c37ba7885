// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/routed_netlist.hpp"

namespace lutgen::flow {

/// Reads an iCE40 bitstream back into a netlist: tables, flops and every connection come from the bits. iceunpack and
/// icebox_vlog make Verilog of the .bin file, Yosys makes gates of it. What nextpnr wrote only says where the ports
/// are and what the logic cells are called: a net is named after the wire that nextpnr put at its logic cell.
///
/// bitstream  the .bin file
/// netlist    nextpnr --write of the same run
/// work       folder for intermediate files and logs, kept
/// Errors     tool_missing, tool_too_old, tool_failed; readback_bitstream when the bitstream has no flop or table where nextpnr
///            put one; those of `parse_routed_netlist`
/// Cost       seconds: icebox_vlog is a Python program
[[nodiscard]] Result<RoutedNetlist> read_ice40_bitstream(const std::filesystem::path& bitstream,
                                                         const std::filesystem::path& netlist,
                                                         const std::filesystem::path& work);

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/flow/routed_netlist.hpp"

namespace lutgen::flow {

/// The lookup tables of an xc7 bitstream by their place in nextpnr's words, `X33Y16/SLICE_X0Y0.A`: bit a is the
/// output O6 at address {A6..A1} = a, O5 is the same at {0, A5..A1}. A place that is missing holds zeros.
using BelTables = std::map<std::string, std::uint64_t, std::less<>>;

/// What a routed netlist is read with.
///
/// family  of the cells
/// tables  xc7: the tables of the bitstream, which replace those of the file; null: the file's own. Not owned.
struct RoutedOptions {
  board::Family family = board::Family::xc7;
  const BelTables* tables = nullptr;
};

/// Reads what nextpnr leaves behind with `--write`: the design after packing, placing and routing, as JSON of
/// Yosys' form. Every cell, every connected pin and every parameter has to be understood.
///
/// text     of the file
/// place    names it in diagnostics
/// Errors   json_*; routed_unsupported: a cell, pin or parameter that is not simulated; routed_invalid: no design,
///          two drivers, a missing one, a loop, two clocks; readback_bitstream: a table of the bitstream
///          that belongs to no cell and to no wire that is led through it, or that reads a pin which is not connected
/// Cost     O(bytes log cells)
[[nodiscard]] Result<RoutedNetlist> parse_routed_netlist(std::string_view text, const std::string& place,
                                                         const RoutedOptions& options);

/// The same from a file.
///
/// Errors   file_not_found, file_read_failed; those of `parse_routed_netlist`
[[nodiscard]] Result<RoutedNetlist> read_routed_netlist(const std::filesystem::path& path, const RoutedOptions& options);

/// Reads gates and flops without reset, as Yosys' `simplemap` leaves them and `write_json` writes them.
///
/// names    for nets that are to be called otherwise than in the file
/// Errors   as `parse_routed_netlist`
[[nodiscard]] Result<RoutedNetlist> parse_gate_netlist(std::string_view text, const std::string& place,
                                                       const std::map<std::string, std::string, std::less<>>& names);

}  // namespace lutgen::flow

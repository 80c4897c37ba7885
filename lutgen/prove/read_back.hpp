// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::prove {

/// A netlist as it stands in a Verilog file, read by Yosys: nothing in it comes from the mapper.
///
/// netlist   the file's primitives; combinational cells in evaluation order, then flops; ports by their names; its
///           NetNames are empty, latency_cycles is 0
/// names     [nets]: a name of each net in the file, for messages
/// by_name   every name of the file: `l1_n17_y`, `features[3]`; looked up, never iterated
/// undriven  nets that a cell or an output port reads though nothing drives them
struct ReadNetlist {
  explicit ReadNetlist(tech::Family family) : netlist(family) {}

  netlist::Netlist netlist;
  std::vector<std::string> names;
  std::unordered_map<std::string, netlist::NetId> by_name;
  std::vector<netlist::NetId> undriven;
};

/// How to run Yosys.
///
/// yosys   the program: a path, or a name in PATH; 0.23 or newer
/// work    folder for script, log and JSON, made if need be
struct ReadBackOptions {
  std::filesystem::path yosys = "yosys";
  std::filesystem::path work;
};

/// Reads a Verilog file of primitives through Yosys (read_verilog and write_json, nothing in between).
///
/// Errors  file_not_found; tool_missing, tool_failed (yosys refuses the file: the log's line is in the message);
///         those of parse_netlist
/// Cost    Yosys' time: about 1 s for 3,000 cells
[[nodiscard]] Result<ReadNetlist> read_back(const std::filesystem::path& verilog, tech::Family family,
                                            const ReadBackOptions& options);

/// Reads what Yosys' write_json wrote; of several modules the one with most cells.
///
/// place   names the netlist in diagnostics
/// Errors  json_*; prove_netlist_invalid: a cell that is none of the family's primitives, a parameter that is missing
///         or has another value than the emitter writes, a pin without a net, two drivers of a net, a loop of
///         combinational cells, a port that is missing
/// Cost    O(size of the text)
[[nodiscard]] Result<ReadNetlist> parse_netlist(std::string_view json, tech::Family family, const std::string& place);

}  // namespace lutgen::prove

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/readback_ice40.hpp"

#include <array>
#include <map>
#include <regex>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/routed_reader.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;
using io::Json;

/// A place of the device: column, row, number within the tile.
using Place = std::array<std::uint32_t, 3>;

/// What nextpnr put where: names of the ports at their pads, of the output nets at the logic cells.
struct Placed {
  std::map<Place, std::string> ports;
  std::map<Place, std::string> nets;
};

/// The place in `X21/Y28/lc7` or `X0/Y16/io1`.
Result<Place> parse_bel(const Json& cell, std::string_view kind, const std::string& place) {
  LUTGEN_TRY(const Json* attributes, io::get_object(cell, "attributes", place));
  LUTGEN_TRY(const std::string bel, io::get_string(*attributes, "NEXTPNR_BEL", place));
  static const std::regex kBel("X([0-9]{1,3})/Y([0-9]{1,3})/([a-z]+)([0-9]{1,2})");
  std::smatch found;
  if (!std::regex_match(bel, found, kBel) || found[3].str() != kind) {
    return fail(Code::routed_invalid, place,
                fmt::format("expected a bel such as X21/Y28/{}7, found {}", kind, io::quote(bel)),
                "was the file written by nextpnr-ice40 --write?");
  }
  const auto number = [&](std::size_t i) { return static_cast<std::uint32_t>(std::stoul(found[i].str())); };
  return Place{number(1), number(2), number(4)};
}

/// The number of the one wire at a pin, or nothing.
std::optional<std::uint64_t> wire_at(const Json& cell, std::string_view pin) {
  const Json* connections = io::find_field(cell, "connections");
  const Json* bits = connections == nullptr ? nullptr : io::find_field(*connections, pin);
  if (bits == nullptr || !bits->is_array() || bits->size() != 1 || !(*bits)[0].is_number_unsigned()) return std::nullopt;
  return (*bits)[0].get<std::uint64_t>();
}

/// Names of the wires of an object of ports or nets, by number; `name[i]` in vectors.
std::map<std::uint64_t, std::string> wire_names(const Json& objects) {
  std::map<std::uint64_t, std::string> names;
  for (const auto& [name, object] : objects.items()) {
    const Json* bits = io::find_field(object, "bits");
    if (bits == nullptr || !bits->is_array()) continue;
    for (std::size_t i = 0; i < bits->size(); ++i) {
      if (!(*bits)[i].is_number_unsigned()) continue;
      names.emplace((*bits)[i].get<std::uint64_t>(), bits->size() == 1 ? name : fmt::format("{}[{}]", name, i));
    }
  }
  return names;
}

Result<Placed> read_placed(const fs::path& path) {
  const std::string place = path.string();
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const Json json, io::parse_json(text, place));
  LUTGEN_TRY(const Json* modules, io::get_object(json, "modules", place));
  Placed placed;
  for (const auto& [module, design] : modules->items()) {
    LUTGEN_TRY(const Json* cells, io::get_object(design, "cells", place));
    LUTGEN_TRY(const Json* ports, io::get_object(design, "ports", place));
    LUTGEN_TRY(const Json* nets, io::get_object(design, "netnames", place));
    const auto port_names = wire_names(*ports);
    const auto net_names = wire_names(*nets);
    for (const auto& [name, cell] : cells->items()) {
      LUTGEN_TRY(const std::string type, io::get_string(cell, "type", place));
      const bool is_pad = type == "SB_IO";
      if (!is_pad && type != "ICESTORM_LC") continue;
      const auto wire = wire_at(cell, is_pad ? "PACKAGE_PIN" : "O");
      const auto& names = is_pad ? port_names : net_names;
      const auto found = wire ? names.find(*wire) : names.end();
      if (found == names.end()) continue;
      LUTGEN_TRY(const Place at, parse_bel(cell, is_pad ? "io" : "lc", place));
      (is_pad ? placed.ports : placed.nets).emplace(at, found->second);
    }
  }
  return placed;
}

/// The name that a line of icebox_vlog assigns to: `assign n19 = n31;`, `always @(...) if (n3) n22 <= ...`. An escaped name
/// loses its backslash.
std::string assigned_name(std::string_view line) {
  std::size_t end = line.find("<=");
  if (end == std::string_view::npos) end = line.find('=');
  line = line.substr(0, std::min(end, line.size()));
  while (line.ends_with(' ')) line.remove_suffix(1);
  line.remove_prefix(line.rfind(' ') + 1);
  if (line.starts_with('\\')) line.remove_prefix(1);
  return std::string(line);
}

/// What icebox_vlog calls the output of each logic cell: its lines begin with `/* FF 21 26 6 */`, flop or not.
std::map<Place, std::string> output_names(const std::string& verilog) {
  static const std::regex kLine(R"(/\* FF +(\d{1,3}) +(\d{1,3}) +(\d) \*/ (.*))");
  std::map<Place, std::string> names;
  for (std::size_t at = 0; at < verilog.size();) {
    const std::size_t end = std::min(verilog.find('\n', at), verilog.size());
    const std::string line = verilog.substr(at, end - at);
    at = end + 1;
    std::smatch found;
    if (!line.starts_with("/* FF") || !std::regex_match(line, found, kLine)) continue;
    const auto number = [&](std::size_t i) { return static_cast<std::uint32_t>(std::stoul(found[i].str())); };
    names.emplace(Place{number(1), number(2), number(3)}, assigned_name(found[4].str()));
  }
  return names;
}

Result<void> run(ToolId tool, std::vector<std::string> arguments, const fs::path& folder, const std::string& log) {
  LUTGEN_TRY(const Tool found, find_tool(tool));
  arguments.insert(arguments.begin(), found.path.string());
  return base::run_process({.arguments = std::move(arguments), .folder = folder, .environment = {}, .log = folder / log});
}

}  // namespace

Result<RoutedNetlist> read_ice40_bitstream(const fs::path& bitstream, const fs::path& netlist, const fs::path& work) {
  LUTGEN_TRY(const Placed placed, read_placed(netlist));
  std::string pins;
  for (const auto& [at, port] : placed.ports) pins += fmt::format("set_io {} {} {} {}\n", port, at[0], at[1], at[2]);
  LUTGEN_TRY_VOID(base::make_folder(work));
  LUTGEN_TRY_VOID(base::write_file(work / "ports.pcf", pins));
  LUTGEN_TRY_VOID(run(ToolId::iceunpack, {fs::absolute(bitstream).string(), "bitstream.asc"}, work, "iceunpack.log"));
  LUTGEN_TRY_VOID(run(ToolId::icebox_vlog, {"-s", "-p", "ports.pcf", "bitstream.asc"}, work, "bitstream.v"));
  LUTGEN_TRY_VOID(run(ToolId::yosys, {"-q", "-p", "read_verilog bitstream.v; proc; simplemap; write_json bitstream.json"}, work,
                      "yosys.log"));
  LUTGEN_TRY(const std::string verilog, base::read_file(work / "bitstream.v"));
  const auto outputs = output_names(verilog);
  std::map<std::string, std::string, std::less<>> names;
  for (const auto& [at, name] : placed.nets) {
    const auto found = outputs.find(at);
    if (found != outputs.end()) {
      names.emplace(found->second, name);
    } else if (!name.starts_with("$PACKER_")) {
      return fail(Code::readback_bitstream, bitstream.string(),
                  fmt::format("expected a logic cell in use at column {}, row {}, number {}, where nextpnr put {}, found none", at[0],
                              at[1], at[2], io::quote(name)),
                  "bitstream and routed netlist are not of the same run");
    }
  }
  LUTGEN_TRY(const std::string gates, base::read_file(work / "bitstream.json"));
  return parse_gate_netlist(gates, (work / "bitstream.json").string(), names);
}

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/family_tools.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lutgen::flow {
namespace {

using board::Family;

constexpr std::array kFamilies = std::to_array<FamilyTools>({
    {Family::xc7, ToolId::nextpnr_xc7, "+/xilinx/cells_sim.v", "synth_xilinx -flatten -abc9",
     "synth_xilinx -flatten -abc9 -noiopad -noclkbuf", "fasm", "bit"},
    {Family::ecp5, ToolId::nextpnr_ecp5, "+/ecp5/cells_sim.v +/ecp5/cells_bb.v", "synth_ecp5 -abc9",
     "synth_ecp5 -abc9", "config", "bit"},
    {Family::ice40, ToolId::nextpnr_ice40, "+/ice40/cells_sim.v", "synth_ice40 -abc9", "synth_ice40 -abc9", "asc",
     "bin"},
    {Family::gowin, ToolId::nextpnr_gowin, "-specify +/gowin/cells_sim.v", "synth_gowin",
     "synth_gowin -noiopads", "json",
     "fs"},
    {Family::gatemate, ToolId::nextpnr_gatemate, "+/gatemate/cells_sim.v +/gatemate/cells_bb.v",
     "synth_gatemate -luttree", "synth_gatemate -luttree -noiopad -noclkbuf", "txt", "bit"},
});

/// Takes the hierarchy away without touching a primitive: the library's models are boxes, not logic.
constexpr std::string_view kFlatten =
    "blackbox =A:whitebox\nflatten\nopt_clean -purge\ncheck -assert\nwrite_json netlist.json\n";

}  // namespace

const FamilyTools& family_tools(Family family) { return kFamilies[static_cast<std::size_t>(family)]; }

std::string read_script(Family family, const std::string& top, const std::vector<std::string>& files) {
  return fmt::format("read_verilog -lib {}\nread_verilog {}\nhierarchy -check -top {}\n{}", family_tools(family).cells,
                     fmt::join(files, " "), top, kFlatten);
}

std::string wrap_script(Family family, const std::string& top, const std::vector<std::string>& files,
                        const std::string& core) {
  const FamilyTools& tools = family_tools(family);
  return fmt::format(
      "read_verilog {}\nread_verilog -lib {}\n{} -top {}\nread_verilog -lib -overwrite {}\n"
      "read_verilog -overwrite {}\nhierarchy -check -top {}\n{}",
      fmt::join(files, " "), core, tools.synthesis, top, tools.cells, core, top, kFlatten);
}

std::string synthesis_script(Family family, const std::string& top, const std::vector<std::string>& files) {
  return fmt::format("read_verilog {}\n{} -top {}\nwrite_json netlist.json\n", fmt::join(files, " "),
                     family_tools(family).yardstick, top);
}

std::vector<std::string> file_arguments(Family family, const std::string& constraints, const std::string& config) {
  switch (family) {
    case Family::xc7: return {"-o", "xdc=" + constraints, "-o", "fasm=" + config};
    case Family::ecp5: return {"--lpf", constraints, "--textcfg", config};
    // The default router (0.11.1) never ends where two pins of one LUT have one wire, as in map/carry_chain: it leads
    // both through one pin, in turns. Tables of four different wires each, eight to a tile, are more than a tile's local wires
    // take: spread wider, 1,200 such tables in two thirds of an HX8K route in 84 rounds, else not in 1,600.
    case Family::ice40: return {"--pcf", constraints, "--asc", config, "--router", "router2", "--placer-heap-beta", "0.5"};
    // The default router takes twice as long there; on gatemate a tighter placement routes with far fewer conflicts.
    case Family::gowin: return {"--vopt", "cst=" + constraints, "--router", "router2"};
    case Family::gatemate: return {"--vopt", "ccf=" + constraints, "--vopt", "out=" + config, "--router", "router2",
                                     "--placer-heap-beta", "0.6"};
  }
  return {};
}

}  // namespace lutgen::flow

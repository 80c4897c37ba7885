// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/board/board.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::flow {

/// What the tools of one device family are told. All texts are static.
///
/// cells             Yosys: the files of the family's primitives, read as black boxes
/// synthesis         Yosys: the command that maps behavioural Verilog to the family, pads and clock buffers included
/// yardstick         the same for the behavioural network within a harness that has its own pads
/// config_suffix     of the file that nextpnr writes for the bitstream tool: "fasm", "config", "asc", "txt"; "json"
///                   where that tool reads the routed netlist itself
/// bitstream_suffix  of the file that the loader takes
/// Sources           `help synth_<family>` of Yosys 0.66; `nextpnr-<family> --help` of 0.11.1
struct FamilyTools {
  board::Family family;
  ToolId nextpnr;
  std::string_view cells;
  std::string_view synthesis;
  std::string_view yardstick;
  std::string_view config_suffix;
  std::string_view bitstream_suffix;
};

/// The tools of a family. O(1).
[[nodiscard]] const FamilyTools& family_tools(board::Family family);

/// A Yosys script that only reads: `files` with the structural core and a structural harness `top`, flattened
/// into netlist.json. No cell is mapped, merged or resized; only what drives nothing goes.
[[nodiscard]] std::string read_script(board::Family family, const std::string& top,
                                      const std::vector<std::string>& files);

/// A Yosys script that maps the behavioural `files` round the core, which is a black box meanwhile, and puts the
/// structural `core` file in afterwards, as it is. Writes netlist.json.
[[nodiscard]] std::string wrap_script(board::Family family, const std::string& top,
                                      const std::vector<std::string>& files, const std::string& core);

/// A Yosys script that maps everything: the yardstick's.
[[nodiscard]] std::string synthesis_script(board::Family family, const std::string& top,
                                           const std::vector<std::string>& files);

/// The arguments that hand nextpnr its constraint file and tell it where to write what the bitstream tool reads.
///
/// constraints  file of the kind of `board::constraints_suffix`
/// config       file to be written; not used where `config_suffix` is "json"
[[nodiscard]] std::vector<std::string> file_arguments(board::Family family, const std::string& constraints,
                                                      const std::string& config);

}  // namespace lutgen::flow

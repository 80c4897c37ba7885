// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// The programs that take a netlist to a bitstream and onto a board.
enum class ToolId : std::uint8_t {
  yosys,
  nextpnr_xc7,
  nextpnr_ecp5,
  nextpnr_ice40,
  nextpnr_gowin,
  nextpnr_gatemate,
  xc7frames2bit,
  bitread,
  ecppack,
  ecpunpack,
  icepack,
  iceunpack,
  icebox_vlog,
  gowin_pack,
  gmpack,
  openfpgaloader,
};

/// The first three numbers of a program's version, ordered as versions are.
struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

/// Finds the version in what a program says of itself: the first number of the form A.B or A.B.C
/// that stands at the start of a word, a leading "v" or "nextpnr-" apart.
///
/// "Yosys 0.57+148 (git sha1 ...)" is 0.57.0, "(Version nextpnr-0.9-41-gabc)" is 0.9.0. Nothing when
/// there is no such number. O(text.size()).
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

/// `0.57`, or `1.2.1` when the third number is not 0.
[[nodiscard]] std::string to_text(const Version& version);

/// What is known of a tool without looking for it. All texts are static.
///
/// program    its name, as scripts/toolchain installs it
/// family     the device family that needs it, as `scripts/toolchain --only` takes it; empty: all of them
/// needed_for what it does here, a few words
/// minimum    the oldest version that will do; 0.0 when it does not say its version
struct ToolInfo {
  ToolId id;
  std::string_view program;
  std::string_view family;
  std::string_view needed_for;
  Version minimum;
};

/// All tools, in the order of `ToolId`. O(1).
[[nodiscard]] std::span<const ToolInfo> all_tools();

/// One of them. O(1).
[[nodiscard]] const ToolInfo& tool_info(ToolId id);

/// The families of the tools, in the order of `scripts/toolchain --list`: xc7, ecp5, ice40, gowin, gatemate.
[[nodiscard]] std::span<const std::string_view> tool_families();

/// Where a tool was found: in a folder of PATH, or where scripts/toolchain puts what PATH lacks.
enum class Origin : std::uint8_t { path, toolchain };

/// `PATH` or `scripts/toolchain`.
[[nodiscard]] std::string_view to_text(Origin origin);

/// A tool that was found and is new enough.
///
/// path     the program, absolute; run it with `base::run_process`, whatever its origin
/// version  the line that tells its version; that of its package when it does not tell; may be empty
struct Tool {
  ToolId id;
  std::filesystem::path path;
  std::string version;
  Origin origin;
};

/// The folders that tools are looked for in.
///
/// path       the folders of PATH, in order
/// toolchain  what scripts/toolchain made: programs in bin/, data in share/
/// database   prjxray's database when the environment names one; else empty
struct ToolPlaces {
  std::vector<std::filesystem::path> path;
  std::filesystem::path toolchain;
  std::filesystem::path database;
};

/// The places that the environment names: PATH, LUTGEN_TOOLCHAIN (else lutgen/toolchain in the user's cache
/// folder), PRJXRAY_DB_DIR.
[[nodiscard]] ToolPlaces tool_places();

/// Finds a tool: the first in PATH that is new enough, else that of the toolchain folder. Starts each
/// candidate once to ask its version (milliseconds).
///
/// Errors   tool_missing when there is none; tool_too_old when there are only older ones; both say which
///          command installs it
[[nodiscard]] Result<Tool> find_tool(ToolId id, const ToolPlaces& places = tool_places());

/// Finds prjxray's database, the folder that holds artix7/, spartan7/, zynq7/ and so on: PRJXRAY_DB_DIR,
/// else beside the `bitread` of PATH (../share/prjxray/database), else the toolchain folder's.
///
/// Errors   xray_database_missing, which says which command installs it
[[nodiscard]] Result<std::filesystem::path> find_prjxray_database(const ToolPlaces& places = tool_places());

}  // namespace lutgen::flow

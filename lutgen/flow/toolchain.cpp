// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/toolchain.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;

// scripts/toolchain has the same table with the packages; tests/flow compares the two.
constexpr std::array kTools = std::to_array<ToolInfo>({
    {ToolId::yosys, "yosys", "", "reads the netlist for nextpnr", {0, 40, 0}},
    {ToolId::nextpnr_xc7, "nextpnr-himbaechel-xilinx", "xc7", "place and route", {0, 10, 0}},
    {ToolId::nextpnr_ecp5, "nextpnr-ecp5", "ecp5", "place and route", {0, 7, 0}},
    {ToolId::nextpnr_ice40, "nextpnr-ice40", "ice40", "place and route", {0, 7, 0}},
    {ToolId::nextpnr_gowin, "nextpnr-himbaechel-gowin", "gowin", "place and route", {0, 10, 0}},
    {ToolId::nextpnr_gatemate, "nextpnr-himbaechel-gatemate", "gatemate", "place and route", {0, 10, 0}},
    {ToolId::xc7frames2bit, "xc7frames2bit", "xc7", "writes the bitstream", {}},
    {ToolId::bitread, "bitread", "xc7", "reads the bitstream back", {}},
    {ToolId::ecppack, "ecppack", "ecp5", "writes the bitstream", {1, 2, 0}},
    {ToolId::ecpunpack, "ecpunpack", "ecp5", "reads the bitstream back", {1, 2, 0}},
    {ToolId::icepack, "icepack", "ice40", "writes the bitstream", {}},
    {ToolId::iceunpack, "iceunpack", "ice40", "reads the bitstream back", {}},
    {ToolId::icebox_vlog, "icebox_vlog", "ice40", "turns the bitstream back into Verilog", {}},
    {ToolId::gowin_pack, "gowin_pack", "gowin", "writes the bitstream", {}},
    {ToolId::gmpack, "gmpack", "gatemate", "writes the bitstream", {}},
    {ToolId::openfpgaloader, "openFPGALoader", "", "sends a bitstream to a board", {0, 10, 0}},
});

constexpr std::array<std::string_view, 5> kFamilies = {"xc7", "ecp5", "ice40", "gowin", "gatemate"};

/// How a program that tells its version is asked for it.
std::string_view version_flag(ToolId id) {
  switch (id) {
    case ToolId::yosys:
    case ToolId::openfpgaloader: return "-V";
    case ToolId::ecpunpack: return "--help";
    default: return "--version";
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a number at `text[at]` and moves `at` behind it; false when there is none that fits.
bool read_number(std::string_view text, std::size_t& at, std::uint32_t& value) {
  const char* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  at += static_cast<std::size_t>(end - begin);
  return true;
}

std::optional<Version> version_at(std::string_view text, std::size_t at) {
  Version version;
  if (!read_number(text, at, version.major)) return std::nullopt;
  if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) return std::nullopt;
  if (!read_number(text, ++at, version.minor)) return std::nullopt;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    if (!read_number(text, ++at, version.patch)) return std::nullopt;
  }
  return version;
}

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// The line of `text` that holds a version, or nothing.
std::optional<std::string> version_line(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (parse_version(line)) return std::string(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return std::nullopt;
}

/// The programs of PATH that can be this tool, in order. OSS CAD Suite has one nextpnr for all himbaechel
/// devices; the folder of its chip databases tells which ones it can do.
std::vector<fs::path> candidates(const ToolInfo& tool, const ToolPlaces& places) {
  constexpr std::string_view kShared = "nextpnr-himbaechel";
  std::vector<fs::path> own;
  std::vector<fs::path> shared;
  for (const fs::path& folder : places.path) {
    if (folder == places.toolchain / "bin") continue;
    if (is_program(folder / tool.program)) own.push_back(folder / tool.program);
    if (!tool.program.starts_with(fmt::format("{}-", kShared)) || !is_program(folder / kShared)) continue;
    const std::string_view devices = tool.program.substr(kShared.size() + 1);
    if (is_folder(folder / "../share/nextpnr/himbaechel" / devices)) shared.push_back(folder / kShared);
  }
  own.insert(own.end(), shared.begin(), shared.end());
  return own;
}

/// The line with which a program tells its version; empty when it is one of those that tell none; nothing
/// when it does not start or tells none all the same.
std::optional<std::string> ask_version(const ToolInfo& tool, const fs::path& program) {
  if (tool.minimum == Version{}) return "";
  const auto said = base::capture_output({program.string(), std::string(version_flag(tool.id))});
  return version_line(said.value_or(""));
}

/// "fpga-icestorm 1.1-1" for a program that tells no version, from the list that scripts/toolchain leaves.
std::string package_version(const ToolInfo& tool, const fs::path& toolchain) {
  std::string_view package;
  switch (tool.id) {
    case ToolId::xc7frames2bit:
    case ToolId::bitread: package = "prjxray"; break;
    case ToolId::icepack:
    case ToolId::iceunpack:
    case ToolId::icebox_vlog: package = "fpga-icestorm"; break;
    case ToolId::gowin_pack: package = "python3-apycula"; break;
    case ToolId::gmpack: package = "fpga-peppercorn"; break;
    default: return "";
  }
  const std::string list = "\n" + base::read_file(toolchain / "packages").value_or("");
  const std::size_t at = list.find(fmt::format("\n{} ", package));
  return at == std::string::npos ? "" : list.substr(at + 1, list.find('\n', at + 1) - at - 1);
}

std::string how_to_get(std::string_view family) {
  return family.empty() ? "run scripts/toolchain"
                        : fmt::format("run scripts/toolchain --only {}", family);
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    const char before = i == 0 ? ' ' : text[i - 1];
    const bool starts = before == ' ' || before == '(' || before == '-' || before == 'v' || before == '\n';
    if (const auto version = starts ? version_at(text, i) : std::nullopt) return version;
    while (i + 1 < text.size() && (is_digit(text[i + 1]) || text[i + 1] == '.')) ++i;
  }
  return std::nullopt;
}

std::string to_text(const Version& version) {
  return version.patch == 0 ? fmt::format("{}.{}", version.major, version.minor)
                            : fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

std::span<const ToolInfo> all_tools() { return kTools; }

const ToolInfo& tool_info(ToolId id) {
  const auto index = static_cast<std::size_t>(id);
  LUTGEN_CHECK(index < kTools.size() && kTools[index].id == id);
  return kTools[index];
}

std::span<const std::string_view> tool_families() { return kFamilies; }

std::string_view to_text(Origin origin) {
  return origin == Origin::path ? "PATH" : "scripts/toolchain";
}

ToolPlaces tool_places() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  ToolPlaces places;
  const std::string path = variable("PATH");
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    if (end > at) places.path.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  const std::string cache = variable("XDG_CACHE_HOME");
  places.toolchain = variable("LUTGEN_TOOLCHAIN");
  if (places.toolchain.empty()) {
    const fs::path base = cache.empty() ? fs::path(variable("HOME")) / ".cache" : fs::path(cache);
    places.toolchain = base / "lutgen" / "toolchain";
  }
  places.database = variable("PRJXRAY_DB_DIR");
  return places;
}

Result<Tool> find_tool(ToolId id, const ToolPlaces& places) {
  const ToolInfo& tool = tool_info(id);
  std::string refused;  // what was found and cannot be used
  for (const fs::path& program : candidates(tool, places)) {
    const auto version = ask_version(tool, program);
    if (version && (version->empty() || *parse_version(*version) >= tool.minimum)) {
      return Tool{id, program, *version, Origin::path};
    }
    if (refused.empty()) refused = fmt::format("{} ({})", program.string(), version.value_or("tells no version"));
  }
  const fs::path own = places.toolchain / "bin" / tool.program;
  if (is_program(own)) {
    const auto version = ask_version(tool, own);
    if (version && (version->empty() || *parse_version(*version) >= tool.minimum)) {
      return Tool{id, own, version->empty() ? package_version(tool, places.toolchain) : *version, Origin::toolchain};
    }
    if (refused.empty()) refused = fmt::format("{} ({})", own.string(), version.value_or("tells no version"));
  }
  if (!refused.empty()) {
    return fail(Code::tool_too_old, std::string(tool.program),
                fmt::format("expected version {} or newer, found {}", to_text(tool.minimum), refused),
                how_to_get(tool.family));
  }
  return fail(Code::tool_missing, std::string(tool.program),
              fmt::format("expected the program '{}' in PATH or in {}, found none", tool.program,
                          (places.toolchain / "bin").string()),
              how_to_get(tool.family) + ", or `lutgen doctor` to see every tool and what it is for");
}

Result<fs::path> find_prjxray_database(const ToolPlaces& places) {
  std::vector<fs::path> folders;
  if (!places.database.empty()) folders.push_back(places.database);
  for (const fs::path& folder : places.path) {
    if (is_program(folder / "bitread")) folders.push_back(folder / "../share/prjxray/database");
  }
  folders.push_back(places.toolchain / "share/prjxray/database");
  for (const fs::path& folder : folders) {
    if (is_folder(folder / "artix7")) return folder.lexically_normal();
  }
  return fail(Code::xray_database_missing, folders.front().lexically_normal().string(),
              "expected prjxray's database, a folder that holds artix7/, found none",
              how_to_get("xc7") + ", or name the folder in PRJXRAY_DB_DIR");
}

}  // namespace lutgen::flow

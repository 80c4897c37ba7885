// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "lutgen/base/process.hpp"
#include "lutgen/cli/cli.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::cli {
namespace {

/// An external program: how to ask for its version, and what needs it.
struct Tool {
  std::string_view program;
  std::string_view version_flag;
  std::string_view package;
  std::string_view needed_for;
  bool required;
};

constexpr std::array kTools = std::to_array<Tool>({
    {"verilator", "--version", "verilator", "lutgen cosim", true},
    {"g++", "--version", "g++", "lutgen cosim (compiles what Verilator writes)", true},
    {"make", "--version", "make", "lutgen cosim (runs that compilation)", true},
    {"ccache", "--version", "ccache", "lutgen cosim: a repeated build takes a fraction of the time", false},
    {"yosys", "-V", "yosys", "tests: emitted Verilog is read back and checked", false},
    {"iverilog", "-V", "iverilog", "tests: a second simulator takes the emitted Verilog", false},
    {"clang++", "--version", "clang", "tests: fuzzing of the file readers", false},
});

struct Finding {
  const Tool* tool;
  std::string path;     // empty: not found
  std::string version;  // first line of what the tool says
};

Finding probe(const Tool& tool) {
  Finding finding{&tool, {}, {}};
  const auto path = base::find_program(tool.program);
  if (!path) return finding;
  finding.path = path->string();
  const auto said = base::capture_output({finding.path, std::string(tool.version_flag)});
  finding.version = said ? said->substr(0, said->find('\n')) : "does not start";
  return finding;
}

struct Options {
  Common common;
  std::string family;  // empty: no tool of place and route is required
};

void print_entry(std::string_view state, std::string_view name, const std::string& found, const std::string& purpose) {
  fmt::print("{:<8} {:<27} {}\n{:<36} {}\n", state, name, found, "", purpose);
}

/// Tools of compiler, simulator and tests: from PATH. False when a required one is missing.
bool check_host_tools(const Options& options, io::Json& json) {
  bool complete = true;
  json["tools"] = io::Json::array();
  for (const Tool& tool : kTools) {
    const Finding finding = probe(tool);
    const bool found = !finding.path.empty();
    complete = complete && (found || !tool.required);
    json["tools"].push_back({{"program", tool.program},
                             {"found", found},
                             {"path", finding.path},
                             {"version", finding.version},
                             {"needed_for", tool.needed_for},
                             {"required", tool.required}});
    if (options.common.json) continue;
    print_entry(found ? "ok" : tool.required ? "MISSING" : "missing", tool.program,
                found ? finding.path + "  " + finding.version : fmt::format("apt-get install {}", tool.package),
                fmt::format("for {}", tool.needed_for));
  }
  return complete;
}

/// One thing that place and route needs: a tool, or the database.
struct FlowEntry {
  std::string program;
  std::string_view family;  // empty: all
  std::string_view needed_for;
  std::string minimum;  // empty: any version will do
  Result<flow::Tool> found;
};

std::vector<FlowEntry> probe_flow() {
  std::vector<FlowEntry> entries;
  const flow::ToolPlaces places = flow::tool_places();
  for (const flow::ToolInfo& tool : flow::all_tools()) {
    const bool any = tool.minimum == flow::Version{};
    entries.push_back({std::string(tool.program), tool.family, tool.needed_for,
                       any ? "" : flow::to_text(tool.minimum), flow::find_tool(tool.id, places)});
  }
  auto database = flow::find_prjxray_database(places);
  const auto as_tool = [&](const std::filesystem::path& folder) {
    const bool ours = folder.string().starts_with(places.toolchain.string());
    return flow::Tool{flow::ToolId::bitread, folder, "", ours ? flow::Origin::toolchain : flow::Origin::path};
  };
  entries.push_back({"prjxray-database", "xc7", "says which bit each feature is", "", std::move(database).map(as_tool)});
  return entries;
}

io::Json to_json(const FlowEntry& entry, bool required) {
  io::Json json = {{"program", entry.program},
                   {"family", entry.family.empty() ? "all" : entry.family},
                   {"found", entry.found.has_value()},
                   {"path", entry.found ? entry.found->path.string() : ""},
                   {"version", entry.found ? entry.found->version : ""},
                   {"origin", entry.found ? flow::to_text(entry.found->origin) : ""},
                   {"minimum", entry.minimum},
                   {"needed_for", entry.needed_for},
                   {"required", required}};
  if (!entry.found) {
    const Diagnostic& problem = entry.found.error();
    json["problem"] = {{"code", code_name(problem.code)}, {"message", problem.message}, {"hint", problem.hint}};
  }
  return json;
}

void print_entry(const FlowEntry& entry, bool required) {
  const bool old = !entry.found && entry.found.error().code == Code::tool_too_old;
  const std::string_view state = entry.found ? "ok" : required ? "MISSING" : old ? "too old" : "missing";
  const std::string purpose = fmt::format("for {}: {}", entry.family.empty() ? "all boards" : entry.family, entry.needed_for);
  if (entry.found) {
    const flow::Tool& tool = *entry.found;
    const std::string_view gap = tool.version.empty() ? "" : "  ";
    print_entry(state, entry.program,
                fmt::format("{}{}{}  (from {})", tool.path.string(), gap, tool.version, flow::to_text(tool.origin)), purpose);
  } else {
    print_entry(state, entry.program, old ? entry.found.error().message : "scripts/toolchain", purpose);
  }
}

/// Tools of place and route, from PATH or scripts/toolchain. False when one of the family asked for is missing.
bool check_flow_tools(const Options& options, io::Json& json) {
  bool complete = true;
  std::set<std::string_view> lacking;
  json["flow"] = io::Json::array();
  if (!options.common.json) fmt::print("\nFor bitstreams:\n");
  for (const FlowEntry& entry : probe_flow()) {
    const bool required = !options.family.empty() && (entry.family.empty() || entry.family == options.family);
    json["flow"].push_back(to_json(entry, required));
    if (!options.common.json) print_entry(entry, required);
    if (entry.found) continue;
    for (const std::string_view family : flow::tool_families()) {
      if (entry.family.empty() || entry.family == family) lacking.insert(family);
    }
    if (required) report(entry.found.error());
    complete = complete && !required;
  }
  std::string command = "scripts/toolchain --only ";
  for (const std::string_view family : flow::tool_families()) {
    json["families"][std::string(family)] = !lacking.contains(family);
    if (lacking.contains(family)) command += fmt::format("{}{}", command.back() == ' ' ? "" : ",", family);
  }
  if (!options.common.json && !lacking.empty()) fmt::print("\nWhat is missing for bitstreams: {}\n", command);
  return complete;
}

Exit run(const Options& options) {
  io::Json json;
  json["version"] = LUTGEN_VERSION;
  if (!options.common.json) fmt::print("lutgen {}\n\n", LUTGEN_VERSION);
  const bool host = check_host_tools(options, json);
  const bool flow = check_flow_tools(options, json);
  json["complete"] = host && flow;
  if (options.common.json) {
    print(json);
  } else {
    fmt::print("\n{}\n", !host  ? "Something that is needed is missing; scripts/setup installs it."
                         : !flow ? "Something that is needed is missing; scripts/toolchain installs it."
                                 : "Everything that is needed is there.");
  }
  return host && flow ? Exit::ok : Exit::tool;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("doctor", "say which external tools are there, and what for");
  const auto families = flow::tool_families();
  verb->add_option("--family", options->family, "fail unless the tools of this family are there: xc7, ecp5, ice40, gowin or gatemate")
      ->check(CLI::IsMember(std::vector<std::string>(families.begin(), families.end())));
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

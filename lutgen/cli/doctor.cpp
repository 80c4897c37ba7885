// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/core.h>

#include "lutgen/base/process.hpp"
#include "lutgen/cli/cli.hpp"

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

Exit run(const Common& common) {
  bool complete = true;
  io::Json json;
  json["version"] = LUTGEN_VERSION;
  json["tools"] = io::Json::array();
  if (!common.json) fmt::print("lutgen {}\n\n", LUTGEN_VERSION);
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
    if (common.json) continue;
    const std::string_view state = found ? "ok" : tool.required ? "MISSING" : "missing";
    fmt::print("{:<8} {:<10} {}\n", state, tool.program, found ? finding.path + "  " + finding.version
                                                              : fmt::format("apt-get install {}", tool.package));
    fmt::print("{:<19} for {}\n", "", tool.needed_for);
  }
  json["complete"] = complete;
  if (common.json) {
    print(json);
  } else {
    fmt::print("\n{}\n", complete ? "Everything that is needed is there."
                                  : "Something that is needed is missing; scripts/setup installs it.");
  }
  return complete ? Exit::ok : Exit::tool;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  auto common = std::make_shared<Common>();
  CLI::App* verb = app.add_subcommand("doctor", "say which external tools are there, and what for");
  add_json_option(*verb, *common);
  verb->callback([&action, common] { action = [common] { return run(*common); }; });
}

}  // namespace lutgen::cli

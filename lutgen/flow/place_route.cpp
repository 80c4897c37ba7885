// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/place_route.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/board/constraints.hpp"
#include "lutgen/flow/carry_netlist.hpp"
#include "lutgen/flow/family_tools.hpp"
#include "lutgen/flow/placement.hpp"

namespace lutgen::flow {
namespace {

std::string constraints_name(board::Family family) { return fmt::format("pins.{}", board::constraints_suffix(family)); }

constexpr std::string_view kNetlist = "netlist.json";
constexpr std::string_view kCarryNetlist = "carries.json";
constexpr const char* kPrePlace = "carries_pre_place.py";
constexpr const char* kPreRoute = "carries_pre_route.py";

/// What nextpnr is given.
///
/// options          in addition to those of every run
/// carry_outs, ...  see `Routed`
struct Input {
  std::string_view netlist = kNetlist;
  std::vector<std::string> options{};
  std::uint64_t carry_outs = 0;
  std::uint64_t freed_positions = 0;
};

/// Yosys' netlist, as it is.
Input plain_input(const RouteJob& job, board::Family family) {
  if (family != board::Family::xc7 || job.carries == CarryCells::as_written) return {};
  // Slices full of LUTs with six inputs crowd the wires before them: with its usual weights nextpnr's router ends up moving the
  // same conflicts about (254 rounds and no end on the starter network, 151 with these).
  return {.options = {"--router2-alt-weights"}};
}

/// The same, or the rewritten netlist beside it.
Result<Input> choose_input(const RouteJob& job, board::Family family) {
  Input input = plain_input(job, family);
  if (family != board::Family::xc7 || job.carries == CarryCells::as_written) return input;
  const std::filesystem::path path = job.folder / kNetlist;
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const CarryNetlist carries, rewrite_carries(text, path.string()));
  if (carries.freed == 0) return input;
  base::FileSet files(job.folder);
  files.add(std::string(kCarryNetlist), carries.netlist);
  files.add(kPrePlace, carries.pre_place);
  files.add(kPreRoute, carries.pre_route);
  LUTGEN_TRY_VOID(files.commit());
  input.netlist = kCarryNetlist;
  input.carry_outs = carries.exported;
  input.freed_positions = carries.freed;
  if (carries.has_scripts) {
    for (const char* option : {"--pre-place", kPrePlace, "--pre-route", kPreRoute}) input.options.emplace_back(option);
  }
  return input;
}

Result<Routed> run_seed(const RouteJob& job, const board::Board& board, const Tool& nextpnr,
                        const RouteOptions& options, std::uint32_t seed, const Input& input) {
  const auto start = std::chrono::steady_clock::now();
  const auto file = [&](std::string_view ending) { return fmt::format("seed{}.{}", seed, ending); };
  const std::string_view config_suffix = family_tools(board.family).config_suffix;
  const std::string netlist = file("routed.json");
  const std::string config = config_suffix == "json" ? netlist : file(config_suffix);
  const std::string report = file("report.json");
  std::vector<std::string> arguments = {nextpnr.path.string()};
  arguments.insert(arguments.end(), board.nextpnr.begin(), board.nextpnr.end());
  arguments.insert(arguments.end(), input.options.begin(), input.options.end());
  for (std::string& argument : file_arguments(board.family, constraints_name(board.family), config)) {
    arguments.push_back(std::move(argument));
  }
  for (const std::string& argument :
       {std::string("--json"), std::string(input.netlist), std::string("--report"), report, std::string("--freq"),
        fmt::format("{}", options.freq_mhz), std::string("--seed"), fmt::format("{}", seed), std::string("--write"), netlist,
        std::string("--timing-allow-fail")}) {
    arguments.push_back(argument);
  }
  LUTGEN_TRY_VOID(base::run_process({.arguments = std::move(arguments),
                                     .folder = job.folder,
                                     .environment = {},
                                     .log = job.folder / file("log"),
                                     .limit_seconds = options.limit_seconds}));
  Routed run{.seed = seed, .netlist = job.folder / netlist, .config = job.folder / config};
  run.carry_outs = input.carry_outs;
  run.freed_positions = input.freed_positions;
  if (board.family == board::Family::gowin) {
    LUTGEN_TRY(run.fmax_mhz, read_estimated_fmax_mhz(job.folder / file("log")));
  } else {
    LUTGEN_TRY(run.fmax_mhz, read_fmax_mhz(job.folder / report));
  }
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

/// The same, and once more with Yosys' own netlist where nextpnr fails on the rewritten one: it may lack Python, or pack
/// carry chains in another way. The log of what failed is kept as seed<N>.carries.log.
Result<Routed> run_seed_safely(const RouteJob& job, const board::Board& board, const Tool& nextpnr,
                               const RouteOptions& options, std::uint32_t seed, const Input& input) {
  Result<Routed> run = run_seed(job, board, nextpnr, options, seed, input);
  if (run || input.netlist == kNetlist) return run;
  std::string failure = run.error().message;
  std::error_code ignored;
  std::filesystem::rename(job.folder / fmt::format("seed{}.log", seed), job.folder / fmt::format("seed{}.carries.log", seed), ignored);
  run = run_seed(job, board, nextpnr, options, seed, plain_input(job, board.family));
  if (run) run->carry_failure = std::move(failure);
  return run;
}

}  // namespace

std::size_t best_run(const std::vector<Routed>& runs) {
  const auto slower = [](const Routed& a, const Routed& b) { return a.fmax_mhz < b.fmax_mhz; };
  return static_cast<std::size_t>(std::max_element(runs.begin(), runs.end(), slower) - runs.begin());
}

Result<RouteTools> find_route_tools(board::Family family) {
  RouteTools tools;
  LUTGEN_TRY(tools.yosys, find_tool(ToolId::yosys));
  LUTGEN_TRY(tools.nextpnr, find_tool(family_tools(family).nextpnr));
  return tools;
}

Result<std::vector<Routed>> place_and_route(const RouteJob& job, const board::Board& board, const RouteTools& tools,
                                            const RouteOptions& options) {
  const auto show = [&](std::string_view what, std::size_t done, std::size_t total) {
    if (options.progress != nullptr) options.progress->update(fmt::format("{}: {}", job.stage, what), done, total);
  };
  base::FileSet files(job.folder);
  for (const auto& [name, text] : job.sources) files.add(name, text);
  files.add("netlist.ys", job.script);
  files.add(constraints_name(board.family), job.constraints);
  LUTGEN_TRY_VOID(files.commit());
  show("yosys", 0, 1);
  LUTGEN_TRY_VOID(base::run_process({.arguments = {tools.yosys.path.string(), "-q", "netlist.ys"},
                                     .folder = job.folder,
                                     .environment = {},
                                     .log = job.folder / "yosys.log",
                                     .limit_seconds = options.limit_seconds}));
  LUTGEN_TRY(const Input input, choose_input(job, board.family));
  show("place and route", 0, options.seeds.size());
  std::vector<Result<Routed>> runs(options.seeds.size());
  std::size_t done = 0;
  std::mutex mutex;
  base::parallel_for(runs.size(), options.threads, [&](std::size_t i) {
    runs[i] = run_seed_safely(job, board, tools.nextpnr, options, options.seeds[i], input);
    const std::scoped_lock lock(mutex);
    if (runs[i] && !runs[i]->carry_failure.empty()) {
      show(fmt::format("seed {} without rewritten carry chains ({})", options.seeds[i], runs[i]->carry_failure), done, runs.size());
    }
    show("place and route", ++done, runs.size());
  });
  std::vector<Routed> result;
  for (auto& each : runs) {
    LUTGEN_TRY(Routed one, std::move(each));
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace lutgen::flow

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
#include "lutgen/flow/lut_pairs.hpp"
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
/// has_pairs        LUTs are to share positions; see `lut_pairs.hpp`
/// carry_outs, ...  see `Routed`
struct Input {
  std::string_view netlist = kNetlist;
  std::vector<std::string> options{};
  bool has_pairs = false;
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
  const bool is_xc7 = family == board::Family::xc7;
  if ((!is_xc7 && family != board::Family::ecp5) || job.carries == CarryCells::as_written) return input;
  input.has_pairs = is_xc7;
  const std::filesystem::path path = job.folder / kNetlist;
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const CarryNetlist carries, (is_xc7 ? rewrite_carries : disconnect_unread_carries)(text, path.string()));
  if (carries.freed == 0) return input;
  base::FileSet files(job.folder);
  files.add(std::string(kCarryNetlist), carries.netlist);
  if (is_xc7) {
    files.add(kPrePlace, carries.pre_place);
    files.add(kPreRoute, carries.pre_route);
  }
  LUTGEN_TRY_VOID(files.commit());
  input.netlist = kCarryNetlist;
  input.carry_outs = carries.exported;
  input.freed_positions = carries.freed;
  if (carries.has_scripts) {
    for (const char* option : {"--pre-place", kPrePlace, "--pre-route", kPreRoute}) input.options.emplace_back(option);
  }
  return input;
}

std::string seed_file(std::uint32_t seed, std::string_view ending) { return fmt::format("seed{}.{}", seed, ending); }

/// One nextpnr.
///
/// written  name of the design that it writes
/// log      name of its log
Result<void> run_nextpnr(const RouteJob& job, const board::Board& board, const RouteTools& tools, const RouteOptions& options,
                         std::uint32_t seed, const Input& input, const std::string& written, const std::string& log) {
  const std::string_view config_suffix = family_tools(board.family).config_suffix;
  const std::string config = config_suffix == "json" ? written : seed_file(seed, config_suffix);
  std::vector<std::string> arguments = {tools.nextpnr.path.string()};
  arguments.insert(arguments.end(), board.nextpnr.begin(), board.nextpnr.end());
  arguments.insert(arguments.end(), input.options.begin(), input.options.end());
  for (std::string& argument : file_arguments(board.family, constraints_name(board.family), config)) {
    arguments.push_back(std::move(argument));
  }
  for (const std::string& argument :
       {std::string("--json"), std::string(input.netlist), std::string("--report"), seed_file(seed, "report.json"),
        std::string("--freq"), fmt::format("{}", options.freq_mhz), std::string("--seed"), fmt::format("{}", seed), std::string("--write"),
        written, std::string("--timing-allow-fail")}) {
    arguments.push_back(argument);
  }
  return base::run_process({.arguments = std::move(arguments),
                            .folder = job.folder,
                            .environment = {},
                            .log = job.folder / log,
                            .limit_seconds = options.limit_seconds});
}

Result<Routed> run_seed(const RouteJob& job, const board::Board& board, const RouteTools& tools, const RouteOptions& options,
                        std::uint32_t seed, const Input& input) {
  const std::string_view config_suffix = family_tools(board.family).config_suffix;
  const std::string netlist = seed_file(seed, "routed.json");
  LUTGEN_TRY_VOID(run_nextpnr(job, board, tools, options, seed, input, netlist, seed_file(seed, "log")));
  Routed run;
  run.seed = seed;
  run.netlist = job.folder / netlist;
  run.config = job.folder / (config_suffix == "json" ? netlist : seed_file(seed, config_suffix));
  run.carry_outs = input.carry_outs;
  run.freed_positions = input.freed_positions;
  if (board.family == board::Family::gowin) {
    LUTGEN_TRY(run.fmax_mhz, read_estimated_fmax_mhz(job.folder / seed_file(seed, "log")));
  } else {
    LUTGEN_TRY(run.fmax_mhz, read_fmax_mhz(job.folder / seed_file(seed, "report.json")));
  }
  return run;
}

/// Places, chooses pairs of LUTs by where they are, and places and routes from there.
Result<Routed> run_seed_with_pairs(const RouteJob& job, const board::Board& board, const RouteTools& tools, const RouteOptions& options,
                                   std::uint32_t seed, Input input) {
  const std::filesystem::path placed = job.folder / seed_file(seed, "placed.json");
  const std::string script = seed_file(seed, "pairs.py");
  Input first = input;
  first.options.emplace_back("--no-route");
  LUTGEN_TRY_VOID(run_nextpnr(job, board, tools, options, seed, first, placed.filename().string(), seed_file(seed, "placed.log")));
  LUTGEN_TRY(const std::string text, base::read_file(placed));
  LUTGEN_TRY(const LutPairPlan plan, plan_lut_pairs(text, placed.string()));
  base::FileSet files(job.folder);
  files.add(script, plan.pre_place);
  LUTGEN_TRY_VOID(files.commit());
  // The placer's table of control sets has no entry for slices that are full before it starts.
  for (const char* option : {"--pre-place", script.c_str(), "--placer-heap-no-ctrl-set"}) input.options.emplace_back(option);
  LUTGEN_TRY(Routed run, run_seed(job, board, tools, options, seed, input));
  LUTGEN_TRY(const std::string routed, base::read_file(run.netlist));
  LUTGEN_TRY(run.lut_pairs, count_lut_pairs(routed, run.netlist.string()));
  run.lut_pairs_by_chance = plan.by_chance;
  std::error_code ignored;
  std::filesystem::remove(placed, ignored);
  return run;
}

/// One seed without chosen pairs, and once more with Yosys' own netlist where nextpnr fails on the rewritten one: it may lack
/// Python, or pack carry chains in another way. The log of what failed is kept as seed<N>.carries.log.
Result<Routed> run_seed_by_chance(const RouteJob& job, const board::Board& board, const RouteTools& tools, const RouteOptions& options,
                                  std::uint32_t seed, const Input& input) {
  Result<Routed> run = run_seed(job, board, tools, options, seed, input);
  if (run || input.netlist == kNetlist) return run;
  std::string failure = run.error().message;
  std::error_code ignored;
  std::filesystem::rename(job.folder / seed_file(seed, "log"), job.folder / seed_file(seed, "carries.log"), ignored);
  run = run_seed(job, board, tools, options, seed, plain_input(job, board.family));
  if (run) run->carry_failure = std::move(failure);
  return run;
}

/// Renames what a run wrote.
void rename_run(const RouteJob& job, std::uint32_t seed, std::string_view from, std::string_view to) {
  for (const char* ending : {"log", "report.json", "routed.json", "fasm"}) {
    std::error_code ignored;
    std::filesystem::rename(job.folder / fmt::format("seed{}.{}{}", seed, from, ending),
                            job.folder / fmt::format("seed{}.{}{}", seed, to, ending), ignored);
  }
}

/// One seed, with pairs of LUTs where the family has them. A run with pairs that fails is done again without; so is one that
/// misses the frequency aimed at, and the faster of the two is taken. What is not taken is kept as seed<N>.pairs.* or
/// seed<N>.chance.*.
Result<Routed> run_seed_safely(const RouteJob& job, const board::Board& board, const RouteTools& tools, const RouteOptions& options,
                               std::uint32_t seed, const Input& input) {
  if (!input.has_pairs) return run_seed_by_chance(job, board, tools, options, seed, input);
  std::error_code ignored;
  std::filesystem::remove(job.folder / seed_file(seed, "log"), ignored);
  Result<Routed> paired = run_seed_with_pairs(job, board, tools, options, seed, input);
  const bool is_good = paired && (paired->fmax_mhz >= options.freq_mhz || paired->lut_pairs <= paired->lut_pairs_by_chance);
  if (is_good) return paired;
  rename_run(job, seed, "", "pairs.");
  Result<Routed> run = run_seed_by_chance(job, board, tools, options, seed, input);
  if (!run && !paired) return run;
  if (run && (!paired || run->fmax_mhz > paired->fmax_mhz)) {
    run->pair_failure = paired ? fmt::format("{:.1f} MHz with pairs, {:.1f} MHz without", paired->fmax_mhz, run->fmax_mhz)
                               : paired.error().message;
    return run;
  }
  rename_run(job, seed, "", "chance.");
  rename_run(job, seed, "pairs.", "");
  return paired;
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
    const auto start = std::chrono::steady_clock::now();
    runs[i] = run_seed_safely(job, board, tools, options, options.seeds[i], input);
    if (runs[i]) runs[i]->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::scoped_lock lock(mutex);
    const auto tell = [&](std::string_view what, const std::string& failure) {
      if (!failure.empty()) show(fmt::format("seed {} without {} ({})", options.seeds[i], what, failure), done, runs.size());
    };
    if (runs[i]) {
      tell("LUTs in pairs", runs[i]->pair_failure);
      tell("rewritten carry chains", runs[i]->carry_failure);
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

// SPDX-License-Identifier: Apache-2.0
// Time and memory of optimise, map and prove for one network, on standard output as one JSON object. A process of its own for
// each network: what an earlier one left behind would be in its memory.
// usage: bench_scale tables|lutnet COUNT WORK_FOLDER [LIMIT_S]
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/prove/prove.hpp"
#include "lutgen/verilog/print.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/networks.hpp"
#include "tests/support/lutnet_model.hpp"

using namespace lutgen;

namespace {

/// What this process (RUSAGE_SELF), or its children that have ended (RUSAGE_CHILDREN), used so far.
rusage take_usage(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return usage;
}

double cpu_seconds(const rusage& usage) {
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

/// Runs a step and notes what it took: wall time; processor time, which other programs on the machine do not change; memory.
template <class Step>
auto timed(io::Json& row, const char* name, Step&& step) {
  bench::take_peak_mib();
  const double cpu_start = cpu_seconds(take_usage(RUSAGE_SELF));
  const auto start = std::chrono::steady_clock::now();
  auto result = step();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  row[name] = {{"seconds", seconds}, {"cpu_seconds", cpu_seconds(take_usage(RUSAGE_SELF)) - cpu_start}, {"mib", bench::take_peak_mib()}};
  return result;
}

Result<model::Model> make_network(const std::string& shape, std::uint32_t count) {
  // As many neurons of 2,304 lanes as give about `count` operators: 11.3 % of the lanes each.
  model::Model model = shape == "tables" ? bench::table_network(count, 1) : test::lutnet_model({(count + 129) / 260, 2304, 1}, 1);
  LUTGEN_TRY_VOID(model::validate_model(model, shape));
  return model;
}

Result<io::Json> run(const std::string& shape, std::uint32_t count, const std::filesystem::path& folder, double limit_seconds) {
  LUTGEN_TRY(const flow::Tool yosys, flow::find_tool(flow::ToolId::yosys));
  LUTGEN_TRY(const model::Model model, make_network(shape, count));
  LUTGEN_TRY(logic::Lowered lowered, logic::lower(model, {}));
  io::Json row = {{"tables", std::get<model::LutLayer>(model.layers[0].operation).neurons}};
  const prove::ProveOptions options;
  const optimize::Optimized optimized = timed(row, "optimize", [&] {
    return optimize::optimize(std::move(lowered), optimize::options_for(options.map.family, options.passes));
  });
  const map::Mapped mapped = timed(row, "map", [&] { return map::map_to_netlist(optimized.lowered, options.map); });
  row["cells"] = mapped.netlist.cell_count();
  base::FileSet files(folder);
  files.add("netlist.v", verilog::print_module(mapped.netlist, {.top = "network", .header = {}, .layer_labels = {"", "", ""}}));
  files.add("read.ys", "read_verilog netlist.v\nwrite_json netlist.json\n");
  LUTGEN_TRY_VOID(files.commit());
  const auto ended = timed(row, "read", [&] {
    return base::run_process({.arguments = {yosys.path.string(), "-q", "read.ys"}, .folder = folder, .environment = {},
                              .log = folder / "yosys.log", .limit_seconds = limit_seconds});
  });
  if (!ended) {
    row["failed"] = bench::failure_text(ended.error());
    return row;
  }
  const rusage yosys_usage = take_usage(RUSAGE_CHILDREN);  // the largest child: of what this process had when it started it, at least
  row["read"]["cpu_seconds"] = cpu_seconds(yosys_usage);
  row["read"]["mib"] = static_cast<double>(yosys_usage.ru_maxrss) / 1024;
  const auto read = timed(row, "parse", [&]() -> Result<prove::ReadNetlist> {
    LUTGEN_TRY(const std::string json, base::read_file(folder / "netlist.json"));
    return prove::parse_netlist(json, options.map.family, "netlist.json");
  });
  if (!read) return tl::unexpected(read.error());
  const prove::ProveReport report =
      timed(row, "prove", [&] { return prove_netlist(model, optimized.lowered, mapped, *read, options); });
  row["verdict"] = prove::verdict_name(report.verdict);
  std::filesystem::remove(folder / "netlist.json");
  // No time is worth anything where the answer is wrong.
  if (report.verdict != prove::Verdict::proven) row["failed"] = fmt::format("the netlist is {}", prove::verdict_name(report.verdict));
  return row;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4 || count > 5 || (std::string(arguments[1]) != "tables" && std::string(arguments[1]) != "lutnet")) {
    std::fprintf(stderr, "usage: bench_scale tables|lutnet COUNT WORK_FOLDER [LIMIT_S]\n");
    return 2;
  }
  const auto row = run(arguments[1], static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10)), arguments[3],
                       count > 4 ? std::strtod(arguments[4], nullptr) : 0);
  if (!row) {
    std::fprintf(stderr, "%s", to_text(row.error()).c_str());
    return 1;
  }
  std::printf("%s", io::to_text(*row).c_str());
  return 0;
}

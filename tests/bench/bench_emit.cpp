// SPDX-License-Identifier: Apache-2.0
// The generator at scale: from a model file to Verilog, networks of 1,000 to 5,000,000 tables, step by step and as the whole command;
// against Yosys reading and writing the same netlist. Every answer is compared before anything is timed.
// usage: bench_emit RESULT.json WORK_FOLDER LUTGEN [PART[,PART] [LARGEST]]   measure (steps, command, yosys; all when left out)
//        bench_emit RESULT.json --page                                       print the tables
//        bench_emit --compare NETLIST.v MODEL                                fails where the netlist (emit --optimize off) is not the model
//        bench_emit --one TABLES RUNS WRITES WORK_FOLDER                     the steps of one network, on standard output
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/model/validate.hpp"
#include "tests/bench/emit_page.hpp"
#include "tests/bench/emit_steps.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/netlist_text.hpp"
#include "tests/bench/networks.hpp"

using namespace lutgen;

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::uint32_t, 8> kSizes = {1'000, 10'000, 30'000, 100'000, 300'000, 1'000'000, 2'000'000, 5'000'000};
constexpr std::uint32_t kNetlistTables = 1'000'000;  // of the netlist that Yosys gets
constexpr std::uint32_t kSlopeFrom = 10'000;
constexpr double kYosysLimitSeconds = 3600;

/// What is measured, and where.
struct Job {
  fs::path result;
  fs::path folder;
  fs::path program;  // this one
  fs::path lutgen;
  std::string parts = "steps,command,yosys";
  std::uint32_t largest = kSizes.back();

  [[nodiscard]] bool wants(std::string_view part) const { return parts == "all" || parts.find(part) != std::string::npos; }
};

/// Runs of a whole network: many where they are short.
std::uint64_t runs_of(std::uint32_t tables) { return tables <= 100'000 ? 11 : tables <= 300'000 ? 5 : tables <= 1'000'000 ? 3 : 1; }

/// Times that its netlist is written; a small one takes a thousandth of a second.
std::uint64_t writes_of(std::uint32_t tables) { return tables <= 30'000 ? 101 : 11; }

void note(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  std::fflush(stderr);
}

Result<io::Json> run_one(const Job& job, std::uint32_t tables) {
  const fs::path log = job.folder / "one.json";
  LUTGEN_TRY_VOID(base::run_process({.arguments = {job.program.string(), "--one", std::to_string(tables), std::to_string(runs_of(tables)),
                                                   std::to_string(writes_of(tables)), (job.folder / "one").string()},
                                     .folder = {}, .environment = bench::shell_environment(), .log = log}));
  LUTGEN_TRY(const std::string text, base::read_file(log));
  return io::parse_json(text, log.string());
}

/// Least squares through log(size), log(time): the exponent with which time grows.
double slope(const std::vector<std::pair<double, double>>& points) {
  double x = 0;
  double y = 0;
  for (const auto& [size, time] : points) {
    x += std::log(size) / static_cast<double>(points.size());
    y += std::log(time) / static_cast<double>(points.size());
  }
  double above = 0;
  double below = 0;
  for (const auto& [size, time] : points) {
    above += (std::log(size) - x) * (std::log(time) - y);
    below += (std::log(size) - x) * (std::log(size) - x);
  }
  return above / below;
}

/// The exponent with which a value of the rows grows from kSlopeFrom tables on; nothing where fewer than two sizes were measured.
template <class Value>
std::optional<double> growth(const io::Json& rows, const Value& value) {
  std::vector<std::pair<double, double>> points;
  for (const io::Json& row : rows) {
    if (row["tables"].get<std::uint32_t>() >= kSlopeFrom) points.emplace_back(row["tables"].get<double>(), value(row));
  }
  return points.size() > 1 ? std::optional(slope(points)) : std::nullopt;
}

double step_seconds(const io::Json& row, std::string_view step) { return row[fmt::format("{}_seconds", step)]["median"].get<double>(); }

/// Of each step, of their sum, and of the text alone.
io::Json slopes_of(const io::Json& rows) {
  io::Json slopes = io::Json::object();
  const auto add = [&](const char* name, const auto& value) {
    if (const auto exponent = growth(rows, value)) slopes[name] = *exponent;
  };
  for (const char* step : bench::kEmitSteps) add(step, [&](const io::Json& row) { return step_seconds(row, step); });
  add("all", [](const io::Json& row) {
    double sum = 0;
    for (const char* step : bench::kEmitSteps) sum += step_seconds(row, step);
    return sum;
  });
  add("text", [](const io::Json& row) { return step_seconds(row, "text"); });
  return slopes;
}

/// Of the whole command's processor time.
io::Json command_slopes_of(const io::Json& rows) {
  io::Json slopes = io::Json::object();
  for (const char* passes : {"off", "on"}) {
    io::Json some = io::Json::array();
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(some), [&](const io::Json& row) { return row["optimize"] == passes; });
    if (const auto exponent = growth(some, [](const io::Json& row) { return row["cpu_seconds"]["median"].get<double>(); })) slopes[passes] = *exponent;
  }
  return slopes;
}

Result<void> measure_all_steps(const Job& job, io::Json& result) {
  io::Json rows = io::Json::array();
  for (const std::uint32_t tables : kSizes) {
    if (tables > job.largest) break;
    note(fmt::format("{} tables: the steps", tables));
    LUTGEN_TRY(io::Json row, run_one(job, tables));
    rows.push_back(std::move(row));
  }
  result["steps"] = rows;
  result["slopes"] = slopes_of(rows);
  return {};
}

Result<fs::path> write_network(const Job& job, std::uint32_t tables) {
  model::Model model = bench::layer_network(tables, 4, 1);
  LUTGEN_TRY_VOID(model::validate_model(model, "network"));
  const fs::path file = job.folder / fmt::format("{}.safetensors", tables);
  LUTGEN_TRY_VOID(model::write_model(model, file));
  return file;
}

/// Fails where a netlist that was written without optimiser is not its model.
Result<void> check_text(const fs::path& verilog, const fs::path& file) {
  LUTGEN_TRY(const model::Model model, model::read_model(file));
  LUTGEN_TRY(const std::string difference, bench::find_text_difference(verilog, model));
  if (difference.empty()) return {};
  return fail(Code::tool_failed, verilog.string(), fmt::format("the written text is not the model: {}", difference), "");
}

/// The whole command, one process a run: wall time with all threads, processor time, and the largest memory of the process.
Result<io::Json> measure_command(const Job& job, const fs::path& model, std::uint32_t tables, const std::string& passes) {
  std::vector<double> seconds;
  std::vector<double> cpu_seconds;
  std::vector<double> bytes;
  const fs::path out = job.folder / "command";
  for (std::uint64_t i = 0; i < runs_of(tables); ++i) {
    fs::remove_all(out);
    LUTGEN_TRY(const base::ProcessUsage usage,
               base::measure_process({.arguments = {job.lutgen.string(), "emit", model.string(), "-o", out.string(), "--optimize", passes, "--json"},
                                      .folder = {}, .environment = bench::shell_environment(), .log = job.folder / "command.log"}));
    seconds.push_back(usage.seconds);
    cpu_seconds.push_back(usage.cpu_seconds);
    bytes.push_back(static_cast<double>(usage.peak_kb) * 1024 / tables);
    // Without optimiser the text is the model, table by table; what the optimiser changes, it shows itself, and the command its cells.
    if (passes == "off") LUTGEN_TRY_VOID(check_text(out / fmt::format("layers_{}.v", tables), model));
  }
  fs::remove_all(out);
  return io::Json{{"tables", tables}, {"optimize", passes}, {"seconds", bench::spread(seconds)}, {"cpu_seconds", bench::spread(cpu_seconds)},
                  {"bytes_per_table", bench::spread(bytes)}};
}

Result<void> measure_commands(const Job& job, io::Json& result) {
  io::Json rows = io::Json::array();
  for (const std::uint32_t tables : kSizes) {
    if (tables > job.largest) break;
    LUTGEN_TRY(const fs::path model, write_network(job, tables));
    for (const char* passes : {"off", "on"}) {
      note(fmt::format("{} tables: lutgen emit --optimize {}", tables, passes));
      LUTGEN_TRY(io::Json row, measure_command(job, model, tables, passes));
      rows.push_back(std::move(row));
    }
    fs::remove(model);
  }
  result["command"] = rows;
  result["command_slopes"] = command_slopes_of(rows);
  return {};
}

/// Yosys reads the netlist and writes it, nothing between; one run, as it takes minutes.
Result<void> measure_yosys(const Job& job, io::Json& result) {
  LUTGEN_TRY(const flow::Tool yosys, flow::find_tool(flow::ToolId::yosys));
  const std::uint32_t tables = std::min(kNetlistTables, job.largest);
  LUTGEN_TRY(const fs::path model, write_network(job, tables));
  const fs::path out = job.folder / "yosys";
  LUTGEN_TRY_VOID(base::run_process({.arguments = {job.lutgen.string(), "emit", model.string(), "-o", out.string(), "--optimize", "off",
                                                   "--pipeline", "none", "--top", "network", "--json"},
                                     .folder = {}, .environment = bench::shell_environment(), .log = job.folder / "command.log"}));
  LUTGEN_TRY_VOID(base::write_file(out / "copy.ys", "read_verilog network.v\nwrite_verilog copy.v\n"));
  note(fmt::format("{} tables: Yosys", tables));
  const auto usage = base::measure_process({.arguments = {yosys.path.string(), "-q", "copy.ys"}, .folder = out, .environment = bench::shell_environment(),
                                            .log = job.folder / "yosys.log", .limit_seconds = kYosysLimitSeconds});
  io::Json row = {{"version", yosys.version}, {"tables", tables}, {"read_bytes", fs::file_size(out / "network.v")}};
  if (usage) {
    row["written_bytes"] = fs::file_size(out / "copy.v");
    row["cpu_seconds"] = usage->cpu_seconds;
    row["seconds"] = usage->seconds;
    row["bytes_per_table"] = static_cast<double>(usage->peak_kb) * 1024 / tables;
  } else {
    row["failed"] = usage.error().message;
  }
  result["yosys"] = row;
  fs::remove_all(out);
  fs::remove(model);
  return {};
}

Result<void> measure(const Job& job) {
  io::Json result = io::Json::object();
  if (fs::exists(job.result)) {
    LUTGEN_TRY(const std::string text, base::read_file(job.result));
    LUTGEN_TRY(result, io::parse_json(text, job.result.string()));
  }
  result["machine"] = bench::describe_machine();
  const auto keep = [&] { return base::write_file(job.result, io::to_text(result)); };
  LUTGEN_TRY_VOID(base::make_folder(job.folder));
  if (job.wants("steps")) {
    LUTGEN_TRY_VOID(measure_all_steps(job, result));
    LUTGEN_TRY_VOID(keep());
  }
  if (job.wants("command")) {
    LUTGEN_TRY_VOID(measure_commands(job, result));
    LUTGEN_TRY_VOID(keep());
  }
  if (job.wants("yosys")) LUTGEN_TRY_VOID(measure_yosys(job, result));
  return keep();
}

Result<void> print_page(const fs::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const io::Json result, io::parse_json(text, path.string()));
  fmt::print("{}", bench::emit_page(result));
  return {};
}

Result<void> print_one(const std::vector<std::string>& arguments) {
  bench::StepsJob job;
  job.tables = static_cast<std::uint32_t>(std::strtoul(arguments[2].c_str(), nullptr, 10));
  job.runs = std::strtoull(arguments[3].c_str(), nullptr, 10);
  job.writes = std::strtoull(arguments[4].c_str(), nullptr, 10);
  job.folder = arguments[5];
  LUTGEN_TRY_VOID(base::make_folder(job.folder));
  LUTGEN_TRY(const io::Json row, bench::measure_steps(job));
  fmt::print("{}", io::to_text(row));
  return {};
}

Result<void> run(const std::vector<std::string>& arguments) {
  if (arguments[1] == "--one") return print_one(arguments);
  if (arguments[1] == "--compare") return check_text(arguments[2], arguments[3]);
  if (arguments[2] == "--page") return print_page(arguments[1]);
  Job job{.result = arguments[1], .folder = arguments[2], .program = arguments[0], .lutgen = arguments[3]};
  if (arguments.size() > 4) job.parts = arguments[4];
  if (arguments.size() > 5) job.largest = static_cast<std::uint32_t>(std::strtoul(arguments[5].c_str(), nullptr, 10));
  return measure(job);
}

}  // namespace

int main(int count, char** argv) {
  const std::vector<std::string> arguments(argv, argv + count);
  const bool is_one = count == 6 && arguments[1] == "--one";
  const bool is_page = count == 3 && arguments[2] == "--page";
  if (!is_one && !is_page && (count < 4 || count > 6)) {
    std::fprintf(stderr, "usage: bench_emit RESULT.json WORK_FOLDER LUTGEN [PART[,PART] [LARGEST]]\n       bench_emit RESULT.json --page\n"
                         "       bench_emit --compare NETLIST.v MODEL\n"
                         "       bench_emit --one TABLES RUNS WRITES WORK_FOLDER\n");
    return 2;
  }
  const auto done = run(arguments);
  if (!done) std::fprintf(stderr, "%s", to_text(done.error()).c_str());
  return done ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/emit_steps.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "lutgen/prove/table_check.hpp"
#include "lutgen/verilog/print.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/netlist_text.hpp"
#include "tests/bench/networks.hpp"

namespace lutgen::bench {
namespace {

constexpr std::uint32_t kLayers = 4;

/// Processor time of this process, all threads.
double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

/// The steps' times and memory, gathered over the runs.
class Steps {
 public:
  template <class Step>
  auto timed(const std::string& name, Step&& step) {
    take_peak_mib();
    const double start = cpu_seconds();
    auto result = step();
    add(name, cpu_seconds() - start, take_peak_mib());
    return result;
  }

  void write_to(io::Json& row) const {
    for (const Row& step : rows_) {
      row[step.name + "_seconds"] = spread(step.seconds);
      row[step.name + "_mib"] = step.mib;
    }
  }

 private:
  struct Row {
    std::string name;
    std::vector<double> seconds;
    double mib = 0;
  };

  void add(const std::string& name, double seconds, double mib) {
    auto row = std::find_if(rows_.begin(), rows_.end(), [&](const Row& known) { return known.name == name; });
    if (row == rows_.end()) row = rows_.insert(rows_.end(), Row{name, {}, 0});
    row->seconds.push_back(seconds);
    row->mib = std::max(row->mib, mib);
  }

  std::vector<Row> rows_;
};

tl::unexpected<Diagnostic> wrong(std::string what) { return fail(Code::tool_failed, "bench_emit", std::move(what), ""); }

Result<map::Mapped> make_netlist(const StepsJob& job, const model::Model& model, const std::vector<optimize::Pass>& passes, Steps& steps) {
  Result<logic::Lowered> lowered = steps.timed("lower", [&] { return logic::lower(model, {}); });
  if (!lowered) return tl::unexpected(lowered.error());
  optimize::Optimized optimized = steps.timed("optimise", [&] {
    return optimize::optimize(*std::move(lowered), optimize::options_for(tech::Family::xc7, passes));
  });
  map::MapOptions options;
  options.pipeline.mode = map::PipelineMode::none;
  map::Mapped mapped = steps.timed("map", [&] { return map::map_to_netlist(optimized.lowered, options); });
  const prove::TableReport report = steps.timed("check", [&] { return prove::check_tables(optimized.lowered.graph, mapped); });
  if (report.failed != 0 || report.proven < job.tables / 2) return wrong(fmt::format("the tables are not proven: {}", report.first));
  return mapped;
}

verilog::PrintOptions print_options(std::size_t threads) {
  return {.top = "network", .header = {}, .layer_labels = {"", "", "", ""}, .threads = threads};
}

/// The text alone, made and dropped: gives its bytes.
Result<double> print_netlist(const map::Mapped& mapped) {
  double bytes = 0;
  LUTGEN_TRY_VOID(verilog::print_module(mapped.netlist, print_options(1), [&](std::string_view text) -> Result<void> {
    bytes += static_cast<double>(text.size());
    return {};
  }));
  return bytes;
}

Result<void> write_netlist(const map::Mapped& mapped, const std::filesystem::path& folder, std::size_t threads) {
  base::FileSet files(folder);
  files.add("netlist.v", [&](const base::WriteText& write) {
    return verilog::print_module(mapped.netlist, print_options(threads), write);
  });
  return files.commit();
}

/// The text of the netlist without optimiser is the model: read back by a reader of its own.
Result<void> check_text(const StepsJob& job, const model::Model& model) {
  Steps unused;
  LUTGEN_TRY(const map::Mapped mapped, make_netlist(job, model, {}, unused));
  LUTGEN_TRY_VOID(write_netlist(mapped, job.folder, base::hardware_threads()));
  LUTGEN_TRY(const std::string difference, find_text_difference(job.folder / "netlist.v", model));
  if (!difference.empty()) return wrong(fmt::format("the written text is not the model: {}", difference));
  return {};
}

Result<void> measure_writing(const StepsJob& job, const map::Mapped& mapped, Steps& steps, io::Json& row) {
  std::vector<double> rates;
  std::vector<double> wall_rates;
  const std::filesystem::path file = job.folder / "netlist.v";
  for (std::uint64_t i = 0; i < job.writes; ++i) {
    LUTGEN_TRY(const double printed, steps.timed("text", [&] { return print_netlist(mapped); }));
    std::filesystem::remove(file);
    const double start = cpu_seconds();
    LUTGEN_TRY_VOID(steps.timed("write", [&] { return write_netlist(mapped, job.folder, 1); }));
    const double bytes = static_cast<double>(std::filesystem::file_size(file));
    rates.push_back(bytes / (cpu_seconds() - start));
    if (printed != bytes) return wrong(fmt::format("{} bytes were made, the file has {}", printed, bytes));
    row["bytes"] = bytes;
    std::filesystem::remove(file);
    const auto wall_start = std::chrono::steady_clock::now();
    LUTGEN_TRY_VOID(write_netlist(mapped, job.folder, base::hardware_threads()));
    wall_rates.push_back(bytes / std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count());
  }
  row["write_bytes_per_second"] = spread(rates);
  row["write_wall_bytes_per_second"] = spread(wall_rates);
  row["threads"] = base::hardware_threads();
  return {};
}

}  // namespace

Result<io::Json> measure_steps(const StepsJob& job) {
  const std::filesystem::path file = job.folder / "model.safetensors";
  {
    model::Model model = layer_network(job.tables, kLayers, 1);
    LUTGEN_TRY_VOID(model::validate_model(model, "network"));
    LUTGEN_TRY_VOID(model::write_model(model, file));
    LUTGEN_TRY_VOID(check_text(job, model));
  }
  io::Json row = {{"tables", job.tables}};
  Steps steps;
  for (std::uint64_t run = 0; run < std::max<std::uint64_t>(job.runs, 1); ++run) {
    auto model = steps.timed("read", [&] { return model::read_model(file); });
    if (!model) return tl::unexpected(model.error());
    LUTGEN_TRY(const map::Mapped mapped, make_netlist(job, *model, {optimize::kPasses.begin(), optimize::kPasses.end()}, steps));
    if (run + 1 < job.runs) continue;
    *model = {};
    LUTGEN_TRY_VOID(measure_writing(job, mapped, steps, row));
  }
  steps.write_to(row);
  std::filesystem::remove(file);
  std::filesystem::remove(job.folder / "netlist.v");
  return row;
}

}  // namespace lutgen::bench

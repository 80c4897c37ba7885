// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/cosim.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "lutgen/base/process.hpp"
#include "lutgen/cosim/explain.hpp"
#include "lutgen/cosim/golden.hpp"
#include "lutgen/cosim/simulator.hpp"
#include "lutgen/eval/accuracy.hpp"

namespace lutgen::cosim {
namespace {

namespace fs = std::filesystem;
using io::Json;
using verilog::Manifest;
using verilog::Port;

void show(const CosimJob& job, std::string_view stage) {
  if (job.options.progress != nullptr) job.options.progress->update(stage, 0, 0);
}

/// Bits [first, first + count) of a value in hex, most significant digit first; count <= 64.
std::uint64_t hex_bits(const std::string& hex, std::size_t first, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t bit = first + count; bit-- > first;) {
    const std::size_t digit = bit / 4;
    const char c = digit < hex.size() ? hex[hex.size() - 1 - digit] : '0';
    const int nibble = c <= '9' ? c - '0' : c - 'a' + 10;
    value = (value << 1) | (static_cast<unsigned>(nibble >> (bit % 4)) & 1u);
  }
  return value;
}

std::optional<std::uint64_t> optional_number(const Json& object, const char* field) {
  const Json* value = io::find_field(object, field);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  return value->get<std::uint64_t>();
}

Result<OutputFault> read_output_fault(const Json& json, const CosimJob& job,
                                      const Manifest& manifest, const std::string& place) {
  OutputFault fault;
  LUTGEN_TRY(fault.sample, io::get_unsigned(json, "sample", place,
                                            job.dataset.sample_count() - 1));
  LUTGEN_TRY(fault.cycle, io::get_unsigned(json, "cycle", place));
  LUTGEN_TRY(fault.port, io::get_string(json, "field", place));
  LUTGEN_TRY(const std::string expected, io::get_string(json, "expected", place));
  LUTGEN_TRY(const std::string found, io::get_string(json, "found", place));
  fault.label = job.dataset.labels[fault.sample];
  for (const Port& port : manifest.ports) {
    if (port.name != fault.port) continue;
    for (std::uint32_t element = 0; element < port.elements; ++element) {
      const std::size_t bit = std::size_t{element} * port.bits_per_element;
      fault.element = element;
      fault.expected = hex_bits(expected, bit, port.bits_per_element);
      fault.found = hex_bits(found, bit, port.bits_per_element);
      if (fault.expected != fault.found) return fault;
    }
  }
  return fault;
}

Result<ValidFault> read_valid_fault(const Json& json, std::uint64_t cycles,
                                    const std::string& place) {
  ValidFault fault;
  LUTGEN_TRY(fault.cycle, io::get_unsigned(json, "cycle", place));
  LUTGEN_TRY(const std::uint64_t expected, io::get_unsigned(json, "expected", place, 1));
  fault.expected = expected != 0;
  fault.sample = optional_number(json, "sample");
  fault.cycles = cycles;
  return fault;
}

/// Takes the harness' result (sim/lutgen_sim/result.hpp) into the report.
Result<void> read_result(const std::string& text, const std::string& place, const CosimJob& job,
                         const Manifest& manifest, CosimReport& report) {
  LUTGEN_TRY(const Json json, io::parse_json(text, place));
  LUTGEN_TRY(report.samples, io::get_unsigned(json, "samples", place));
  LUTGEN_TRY(report.cycles, io::get_unsigned(json, "cycles", place));
  LUTGEN_TRY(report.simulation_seconds, io::get_number(json, "seconds", place));
  LUTGEN_TRY(report.mismatches, io::get_unsigned(json, "mismatches", place));
  LUTGEN_TRY(report.valid_errors, io::get_unsigned(json, "valid_errors", place));
  LUTGEN_TRY(report.lost_in_reset, io::get_unsigned(json, "lost_in_reset", place));
  report.latency_found = optional_number(json, "latency_cycles");
  report.interval_found = optional_number(json, "interval_cycles");
  if (report.passed()) return {};
  Mismatch mismatch;
  mismatch.latency_stated = manifest.latency_cycles;
  mismatch.latency_found = report.latency_found;
  if (report.mismatches > 0) {
    LUTGEN_TRY(const Json* first, io::get_object(json, "first_mismatch", place));
    LUTGEN_TRY(mismatch.output, read_output_fault(*first, job, manifest, place));
  }
  if (report.valid_errors > 0) {
    LUTGEN_TRY(const Json* first, io::get_object(json, "first_valid_error", place));
    LUTGEN_TRY(mismatch.valid, read_valid_fault(*first, report.valid_errors, place));
  }
  report.mismatch = std::move(mismatch);
  return {};
}

std::string simulator_version() {
  const std::string text = base::capture_output({"verilator", "--version"}).value_or("");
  return text.substr(0, text.find_first_of("\r\n"));
}

std::vector<std::string> simulator_arguments(const CosimOptions& options) {
  std::vector<std::string> arguments = {"--report-only"};
  if (options.trace != TraceFormat::none) {
    arguments.emplace_back("--trace");
    arguments.push_back(options.trace_path.string());
  }
  return arguments;
}

CosimReport begin_report(const CosimJob& job, const Manifest& manifest) {
  CosimReport report;
  report.family = manifest.family;
  report.top = manifest.top;
  report.data = job.dataset.name;
  report.seed = job.options.seed;
  report.latency_cycles = manifest.latency_cycles;
  report.interval_cycles = manifest.interval_cycles;
  return report;
}

Json to_json(const base::ProcessUsage& usage) {
  return {{"seconds", usage.seconds}, {"cpu_seconds", usage.cpu_seconds}, {"peak_kb", usage.peak_kb}};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<Manifest> read_and_check(const CosimJob& job) {
  LUTGEN_TRY(Manifest manifest, verilog::read_manifest(job.design));
  LUTGEN_TRY_VOID(check_design(manifest, job.model, job.model_sha256,
                               (job.design / "manifest.json").string()));
  if (job.dataset.sample_count() == 0)
    return fail(Code::data_does_not_fit, job.dataset.name, "expected at least one sample, found none",
                "take another data set");
  LUTGEN_TRY_VOID(eval::check_fit(job.model, job.dataset));
  return manifest;
}

}  // namespace

Result<CosimReport> run_cosim(const CosimJob& job) {
  const CosimOptions& options = job.options;
  LUTGEN_TRY(const Manifest manifest, read_and_check(job));
  const fs::path work = options.work.empty() ? job.design / "cosim" : options.work;
  CosimReport report = begin_report(job, manifest);

  show(job, "building the simulator");
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(const Simulator simulator,
             build_simulator({.design = job.design, .manifest = manifest, .work = work,
                              .probes = {}, .trace = options.trace, .threads = options.threads,
                              .large_design_cells = options.large_design_cells,
                              .progress = options.progress}));
  report.build_seconds = seconds_since(start);
  report.verilator = simulator.verilator;
  report.compiler = simulator.compiler;
  report.expanded_cells = simulator.expanded_cells;
  report.simulator = simulator_version();

  const std::size_t all = job.dataset.sample_count();
  const std::size_t samples = options.limit == 0 ? all : std::min(all, options.limit);
  const sim::Stimulus stimulus =
      make_stimulus(manifest, job.model, job.dataset, 0, samples, options);
  show(job, "simulating");
  LUTGEN_TRY(const std::string result,
             run_simulator(simulator, stimulus, simulator_arguments(options), options.progress));
  LUTGEN_TRY_VOID(read_result(result, simulator.folder.string(), job, manifest, report));
  if (!report.mismatch) return report;
  if (report.mismatch->output) {
    show(job, "looking for the first wrong neuron");
    explain(job, manifest, work, *report.mismatch);
  } else {
    report.mismatch->origin = Origin::valid_path;
  }
  return report;
}

Json to_json(const CosimReport& report) {
  const auto number = [](const std::optional<std::uint64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"family", report.family},
          {"top", report.top},
          {"data", report.data},
          {"seed", report.seed},
          {"samples", report.samples},
          {"mismatches", report.mismatches},
          {"valid_errors", report.valid_errors},
          {"lost_in_reset", report.lost_in_reset},
          {"latency_cycles", report.latency_cycles},
          {"interval_cycles", report.interval_cycles},
          {"latency_found", number(report.latency_found)},
          {"interval_found", number(report.interval_found)},
          {"cycles", report.cycles},
          {"cycles_per_second", report.cycles_per_second()},
          {"simulation_seconds", report.simulation_seconds},
          {"build_seconds", report.build_seconds},
          {"verilator", to_json(report.verilator)},
          {"compiler", to_json(report.compiler)},
          {"expanded_cells", report.expanded_cells},
          {"simulator", report.simulator},
          {"mismatch", report.mismatch ? to_json(*report.mismatch) : Json(nullptr)}};
}

}  // namespace lutgen::cosim

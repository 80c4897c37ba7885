// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/measure.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/parallel.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "lutgen/verilog/behavioural.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;
using verilog::Manifest;
using verilog::Port;
using verilog::PortRole;

constexpr const char* kHarness = "scan_harness";
constexpr const char* kCore = "core.";

std::uint64_t width_of(const Port& port) { return std::uint64_t{port.elements} * port.bits_per_element; }

/// The netlist is only read: black boxes for the pads and buffers of the harness, no mapping.
std::string read_script(const std::string& top) {
  return fmt::format(
      "read_verilog -lib +/xilinx/cells_sim.v\nread_verilog {}.v {}.v\nhierarchy -check -top {}\n"
      "blackbox =A:whitebox\nflatten\nopt_clean -purge\ncheck -assert\nwrite_json netlist.json\n",
      top, kHarness, kHarness);
}

/// The yardstick leaves all the work to Yosys.
std::string synthesis_script(const std::string& top) {
  return fmt::format(
      "read_verilog {}.v {}.v\nsynth_xilinx -flatten -abc9 -noiopad -noclkbuf -top {}\nwrite_json netlist.json\n",
      top, kHarness, kHarness);
}

std::string constraints(const MeasureTarget& target) {
  std::string text;
  for (const auto& [port, pin] : {std::pair("clk_pin", target.clock_pin), std::pair("scan_pin", target.data_pin)}) {
    text += fmt::format("set_property LOC {0} [get_ports {1}]\nset_property IOSTANDARD LVCMOS33 [get_ports {1}]\n", pin, port);
  }
  return text;
}

/// One design on its way through the tools.
struct Job {
  fs::path folder;
  std::string core_prefix;  // of the core's cells in the flattened netlist; "" counts everything
  std::size_t layers = 0;
};

Result<MeasureRun> place_and_route(const Job& job, const MeasureTarget& target, double freq_mhz, std::uint32_t seed,
                                   const fs::path& nextpnr) {
  const auto start = std::chrono::steady_clock::now();
  const auto file = [&](std::string_view ending) { return fmt::format("seed{}{}", seed, ending); };
  std::vector<std::string> arguments = {nextpnr.string()};
  arguments.insert(arguments.end(), target.nextpnr.begin(), target.nextpnr.end());
  for (const std::string& argument :
       {std::string("-o"), std::string("xdc=pins.xdc"), std::string("-o"), "fasm=" + file(".fasm"), std::string("--json"),
        std::string("netlist.json"), std::string("--report"), file(".report.json"), std::string("--freq"),
        fmt::format("{}", freq_mhz), std::string("--seed"), fmt::format("{}", seed), std::string("--write"),
        file(".placed.json"), std::string("--timing-allow-fail")}) {
    arguments.push_back(argument);
  }
  LUTGEN_TRY_VOID(base::run_process({.arguments = std::move(arguments),
                                     .folder = job.folder,
                                     .environment = {},
                                     .log = job.folder / file(".log")}));
  MeasureRun run;
  run.seed = seed;
  LUTGEN_TRY(run.fmax_mhz, read_fmax_mhz(job.folder / file(".report.json")));
  LUTGEN_TRY(run.placement, read_xc7_placement(job.folder / file(".placed.json"), job.core_prefix, job.layers));
  LUTGEN_TRY(const std::string fasm, base::read_file(job.folder / file(".fasm")));
  const std::uint64_t with_init = count_fasm_luts(fasm);
  run.route_throughs = with_init > run.placement.core.luts ? with_init - run.placement.core.luts : 0;
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

class Measurement {
 public:
  Measurement(const MeasureTarget& target, const MeasureOptions& options, fs::path yosys, fs::path nextpnr)
      : target_(target), options_(options), yosys_(std::move(yosys)), nextpnr_(std::move(nextpnr)) {}

  /// Writes the sources, runs Yosys once and nextpnr for every seed.
  Result<std::vector<MeasureRun>> run(const Job& job, const Manifest& manifest, const std::string& verilog,
                                      const std::string& script, const std::string& stage) {
    base::FileSet files(job.folder);
    files.add(manifest.top + ".v", verilog);
    files.add(std::string(kHarness) + ".v", print_scan_harness(manifest));
    files.add("netlist.ys", script);
    files.add("pins.xdc", constraints(target_));
    LUTGEN_TRY_VOID(files.commit());
    show(stage + ": yosys", 0, 1);
    LUTGEN_TRY_VOID(base::run_process({.arguments = {yosys_.string(), "-q", "netlist.ys"},
                                       .folder = job.folder,
                                       .environment = {},
                                       .log = job.folder / "yosys.log"}));
    show(stage + ": place and route", 0, options_.seeds.size());
    std::vector<Result<MeasureRun>> runs(options_.seeds.size());
    std::size_t done = 0;
    std::mutex mutex;
    base::parallel_for(runs.size(), options_.threads, [&](std::size_t i) {
      runs[i] = place_and_route(job, target_, options_.freq_mhz, options_.seeds[i], nextpnr_);
      const std::scoped_lock lock(mutex);
      show(stage + ": place and route", ++done, runs.size());
    });
    std::vector<MeasureRun> result;
    for (auto& each : runs) {
      LUTGEN_TRY(MeasureRun one, std::move(each));
      result.push_back(std::move(one));
    }
    return result;
  }

 private:
  void show(const std::string& stage, std::size_t done, std::size_t total) const {
    if (options_.progress != nullptr) options_.progress->update(stage, done, total);
  }

  const MeasureTarget& target_;
  const MeasureOptions& options_;
  fs::path yosys_;
  fs::path nextpnr_;
};

}  // namespace

std::string print_scan_harness(const Manifest& manifest) {
  std::string text;
  const auto line = [&]<class... Arguments>(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Arguments>(arguments)...);
    text.push_back('\n');
  };
  std::uint64_t outputs = 0;
  for (const Port& port : manifest.ports) outputs += port.is_input ? 0 : width_of(port);
  const std::uint64_t inputs = width_of(*manifest.find_port(PortRole::features)) + 2;
  line("`default_nettype none\n\n// A chain of flops through every input of the core, and a flop behind every output.");
  line("module {} (\n    input wire clk_pin,\n    input wire scan_pin\n);", kHarness);
  line("  wire clk_pad, clk, scan;\n  wire [{}:0] chain;\n  wire [{}:0] out;\n  wire [{}:0] unused_result;", inputs - 1,
       outputs - 1, outputs - 1);
  line("  IBUF clk_buffer (.I(clk_pin), .O(clk_pad));\n  BUFG clk_global (.I(clk_pad), .O(clk));");
  line("  IBUF scan_buffer (.I(scan_pin), .O(scan));");
  const auto flop = [&](std::string_view name, std::uint64_t i, const std::string& data, std::string_view target) {
    line("  (* keep *) FDRE #(.INIT(1'b0)) {}_{}_ff (.Q({}[{}]), .C(clk), .CE(1'b1), .D({}), .R(1'b0));", name, i, target, i, data);
  };
  for (std::uint64_t i = 0; i < inputs; ++i) flop("chain", i, i == 0 ? "scan" : fmt::format("chain[{}]", i - 1), "chain");
  for (std::uint64_t i = 0; i < outputs; ++i) flop("result", i, fmt::format("out[{}]", i), "unused_result");
  std::string connections;
  std::uint64_t next_output = 0;
  for (const Port& port : manifest.ports) {
    std::string net = "clk";
    if (port.role == PortRole::reset) net = fmt::format("chain[{}]", inputs - 1);
    if (port.role == PortRole::in_valid) net = fmt::format("chain[{}]", inputs - 2);
    if (port.role == PortRole::features) net = fmt::format("chain[{}:0]", inputs - 3);
    if (!port.is_input) {
      net = fmt::format("out[{}:{}]", next_output + width_of(port) - 1, next_output);
      next_output += width_of(port);
    }
    connections += fmt::format("{}.{}({})", connections.empty() ? "" : ", ", port.name, net);
  }
  line("  {} core ({});\nendmodule\n\n`default_nettype wire", manifest.top, connections);
  return text;
}

namespace {

/// Refuses what cannot fit, by bounds that hold for any placement: two LUTs of up to five inputs share a
/// position at best, and every flop of the chain counts.
Result<void> check_capacity(const netlist::Netlist& net, const Manifest& manifest, const MeasureTarget& target) {
  const netlist::Statistics statistics = netlist::compute_statistics(net, 0);
  const auto count = [&](tech::Cell cell) { return statistics.total[static_cast<std::size_t>(cell)]; };
  std::uint64_t small = 0;
  for (const tech::Cell cell : {tech::Cell::lut1, tech::Cell::lut2, tech::Cell::lut3, tech::Cell::lut4, tech::Cell::lut5}) {
    small += count(cell);
  }
  const std::uint64_t luts = count(tech::Cell::lut6) + (small + 1) / 2;
  std::uint64_t flops = count(tech::Cell::fdre);
  for (const Port& port : manifest.ports) flops += width_of(port);
  if (luts <= target.luts && flops <= target.flops) return {};
  return fail(Code::build_does_not_fit, manifest.top,
              fmt::format("expected at most {} LUT positions and {} flops, found at least {} and {}", target.luts,
                          target.flops, luts, flops),
              "take a larger board, a smaller network, or leave the encoder out with --input bits");
}

}  // namespace

Result<MeasureReport> measure(const model::Model& model, const verilog::EmitOptions& emit, const MeasureTarget& target,
                              const MeasureOptions& options) {
  if (emit.map.family != tech::Family::xc7) {
    return fail(Code::measure_needs_xc7, std::string(tech::family_name(emit.map.family)),
                "expected family xc7, the one whose placement can be counted so far",
                "take a board with a 7-series device, such as arty-a7-35t; `lutgen boards` lists them");
  }
  LUTGEN_TRY(const Tool yosys, find_tool(ToolId::yosys));
  LUTGEN_TRY(const Tool nextpnr, find_tool(ToolId::nextpnr_xc7));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, emit));
  LUTGEN_TRY_VOID(check_capacity(design.mapped.netlist, design.manifest, target));
  MeasureReport report;
  report.top = design.manifest.top;
  report.latency_cycles = design.manifest.latency_cycles;
  report.yosys = yosys.version;
  report.nextpnr = nextpnr.version;
  Measurement measurement(target, options, yosys.path, nextpnr.path);
  const Job job{options.folder / "core", kCore, model.layers.size()};
  LUTGEN_TRY(report.core, measurement.run(job, design.manifest, design.verilog, read_script(report.top), "core"));
  if (options.yardstick) {
    LUTGEN_TRY(const auto yardstick, verilog::print_behavioural(model, emit.input, report.top));
    report.yardstick_latency_cycles = yardstick.latency_cycles;
    const Job plain{options.folder / "yardstick", "", 0};
    // The harness has no LUTs, so everything that holds one is the network's.
    LUTGEN_TRY(report.yardstick, measurement.run(plain, design.manifest, yardstick.verilog, synthesis_script(report.top), "yardstick"));
  }
  return report;
}

}  // namespace lutgen::flow

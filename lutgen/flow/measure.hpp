// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/flow/placement.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::flow {

/// The device of a measuring build.
///
/// nextpnr    arguments that choose the device, for example --device xc7a35tcsg324-1
/// clock_pin, data_pin   package pins for the clock and for the start of the scan chain
/// luts, flops           what the device has
struct MeasureTarget {
  std::vector<std::string> nextpnr;
  std::string clock_pin;
  std::string data_pin;
  std::uint64_t luts = 0;
  std::uint64_t flops = 0;
};

/// Options of `measure`.
///
/// freq_mhz   what place and route aims at; the report gives what it reached
/// seeds      placement seeds, one run each, at least one
/// yardstick  also build the behavioural network, synthesised by Yosys (synth_xilinx -abc9), the same way
/// folder     work folder: sources, scripts, logs, results of every run; kept
/// threads    runs at the same time, >= 1
/// progress   not owned; may be null
struct MeasureOptions {
  double freq_mhz = 200;
  std::vector<std::uint32_t> seeds = {1};
  bool yardstick = false;
  std::filesystem::path folder;
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
};

/// One run of place and route.
///
/// route_throughs  LUT positions that only carry a signal into a flop; not logic, not in `placement`
struct MeasureRun {
  std::uint32_t seed = 0;
  double fmax_mhz = 0;
  Placement placement;
  std::uint64_t route_throughs = 0;
  double seconds = 0;
};

/// What a measuring build found. `yardstick` is empty when it was not asked for.
struct MeasureReport {
  std::string top;
  std::uint32_t latency_cycles = 0;
  std::uint32_t yardstick_latency_cycles = 0;
  std::vector<MeasureRun> core;
  std::vector<MeasureRun> yardstick;
  std::string yosys;
  std::string nextpnr;
};

/// Places and routes an emitted network with nothing but a chain of flip-flops round it, so that the
/// figures are those of the core alone, comparable with published out-of-context ones. Yosys only reads
/// the structural netlist; it maps nothing.
///
/// Errors   tool_missing, tool_failed, tool_too_old; those of build_design and of reading a placement;
///          measure_needs_xc7 for another family; build_does_not_fit, before place and route
/// Cost     minutes: about half a minute a seed for 1,000 tables
[[nodiscard]] Result<MeasureReport> measure(const model::Model& model, const verilog::EmitOptions& emit,
                                            const MeasureTarget& target, const MeasureOptions& options);

/// The Verilog of the harness: a scan chain of FDRE from one pin through all inputs of `manifest`'s top, and
/// a flop behind every output bit.
[[nodiscard]] std::string print_scan_harness(const verilog::Manifest& manifest);

}  // namespace lutgen::flow

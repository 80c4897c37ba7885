// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <lutgen_sim/stimulus.hpp>

#include "lutgen/base/process.hpp"
#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// What `build_simulator` is to build.
///
/// design   folder of the emitted design
/// work     folder that receives everything; made when missing
/// probes   expressions inside the design that can be recorded; empty: none
/// threads  compilers at once, >= 1
/// large_design_cells  as in CosimOptions
/// progress  may be null
struct SimulatorJob {
  std::filesystem::path design;
  const verilog::Manifest& manifest;
  std::filesystem::path work;
  std::span<const std::string> probes;
  TraceFormat trace = TraceFormat::none;
  std::size_t threads = 1;
  std::size_t large_design_cells = kLargeDesignCells;
  base::ProgressSink* progress = nullptr;
};

/// A simulator program that was built, and the folder of its files and logs.
///
/// verilator, compiler  what they took; next to nothing when nothing had changed
/// expanded_cells       cells written out for Verilator (expand_cells.hpp); 0 for a design that is not large
struct Simulator {
  std::filesystem::path program;
  std::filesystem::path folder;
  base::ProcessUsage verilator;
  base::ProcessUsage compiler;
  std::size_t expanded_cells = 0;
};

/// Writes harness, cell models and design into a folder of `work`, runs Verilator and the C++
/// compiler. Files that have not changed keep their time, so a second build does nothing. With
/// ccache in PATH, objects are taken from there.
///
/// A large design (`large_design_cells`) is built in another way, because time and memory would grow with the square of its
/// size: simple cells are written out in the design's text, fewer and larger C++ files share one precompiled header (which
/// ccache cannot take objects for), and they are compiled with -Og.
///
/// Errors   file_not_found for a Verilog file of the manifest; tool_missing, tool_failed (logs
///          verilator.log and build.log are kept); folder_not_writable, file_write_failed
[[nodiscard]] Result<Simulator> build_simulator(const SimulatorJob& job);

/// Runs a simulator on a stimulus and gives the bytes that it wrote (JSON, or probe rows).
///
/// arguments  in addition to stimulus and result, for example {"--replay"}
/// progress   may be null; stage "simulating", samples sent
/// Errors     tool_failed; file_write_failed
[[nodiscard]] Result<std::string> run_simulator(const Simulator& simulator,
                                                const sim::Stimulus& stimulus,
                                                const std::vector<std::string>& arguments,
                                                base::ProgressSink* progress);

}  // namespace lutgen::cosim

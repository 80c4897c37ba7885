// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <lutgen_sim/stimulus.hpp>

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
struct SimulatorJob {
  std::filesystem::path design;
  const verilog::Manifest& manifest;
  std::filesystem::path work;
  std::span<const std::string> probes;
  TraceFormat trace = TraceFormat::none;
  std::size_t threads = 1;
};

/// A simulator program that was built, and the folder of its files and logs.
struct Simulator {
  std::filesystem::path program;
  std::filesystem::path folder;
};

/// Writes harness, cell models and design into a folder of `work`, runs Verilator and the C++
/// compiler. Files that have not changed keep their time, so a second build does nothing. With
/// ccache in PATH, objects are taken from there.
///
/// Errors   file_not_found for a Verilog file of the manifest; tool_missing, tool_failed (logs
///          verilator.log and build.log are kept); folder_not_writable, file_write_failed
[[nodiscard]] Result<Simulator> build_simulator(const SimulatorJob& job);

/// Runs a simulator on a stimulus and gives the bytes that it wrote (JSON, or probe rows).
///
/// arguments  in addition to stimulus and result, for example {"--replay"}
/// Errors     tool_failed; file_write_failed
[[nodiscard]] Result<std::string> run_simulator(const Simulator& simulator,
                                                const sim::Stimulus& stimulus,
                                                const std::vector<std::string>& arguments);

}  // namespace lutgen::cosim

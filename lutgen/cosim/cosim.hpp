// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "lutgen/base/process.hpp"
#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/cosim/mismatch.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::cosim {

/// Which trace of all signals is written; each makes the simulation many times slower.
enum class TraceFormat : std::uint8_t { none, vcd, fst };

/// Cells from which on a design is built as a large one (simulator.hpp).
inline constexpr std::size_t kLargeDesignCells = 10'000;

/// Options of `run_cosim`.
///
/// limit          samples taken from the front of the data set; 0 = all
/// seed           of the gaps in in_valid and of the garbage on idle ports
/// trace          format of the trace; trace_path is its file
/// work           folder for sources, builds and logs, kept and used again; empty: DESIGN/cosim
/// threads        of the C++ build and of the golden model, >= 1
/// large_design_cells  designs of so many simple cells (LUTs, flops) are built as large ones; what is simulated and
///                found does not depend on it
/// progress       not owned; may be null
struct CosimOptions {
  std::size_t limit = 0;
  std::uint64_t seed = 1;
  TraceFormat trace = TraceFormat::none;
  std::filesystem::path trace_path;
  std::filesystem::path work;
  std::size_t threads = 1;
  std::size_t large_design_cells = kLargeDesignCells;
  base::ProgressSink* progress = nullptr;
};

/// What is to be compared with what.
///
/// design        folder with manifest.json, probes.json and the Verilog files (see `lutgen emit`)
/// model         validated; must outlive the call, as must `dataset`
/// model_sha256  hash of the model file, compared with the manifest's; empty: not compared
struct CosimJob {
  std::filesystem::path design;
  const model::Model& model;
  std::string model_sha256;
  const data::Dataset& dataset;
  CosimOptions options;
};

/// What a co-simulation found.
///
/// samples            compared, every output of each
/// mismatches         samples with at least one wrong output
/// valid_errors       cycles with a wrong out_valid
/// lost_in_reset      samples that the reset in the middle threw away; they were sent again
/// latency_cycles     as the manifest states it; every result was checked to come after it
/// interval_cycles    the same; within a burst the samples were sent at this distance
/// latency_found      measured on the first sample, sent alone; nothing when no out_valid came
/// interval_found     least distance of two results; nothing below two results
/// cycles             clock cycles simulated
/// simulation_seconds wall time of the simulation alone
/// build_seconds      wall time of Verilator and the C++ compiler
/// verilator, compiler  what each of the two took
/// expanded_cells     cells that were written out for Verilator, in a large design; else 0
/// simulator          version of Verilator, as it prints it
/// mismatch           the first difference, explained; nothing when there was none
struct CosimReport {
  std::string family;
  std::string top;
  std::string data;
  std::uint64_t seed = 0;
  std::uint64_t samples = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t valid_errors = 0;
  std::uint64_t lost_in_reset = 0;
  std::uint32_t latency_cycles = 0;
  std::uint32_t interval_cycles = 0;
  std::optional<std::uint64_t> latency_found;
  std::optional<std::uint64_t> interval_found;
  std::uint64_t cycles = 0;
  double simulation_seconds = 0;
  double build_seconds = 0;
  base::ProcessUsage verilator;
  base::ProcessUsage compiler;
  std::size_t expanded_cells = 0;
  std::string simulator;
  std::optional<Mismatch> mismatch;

  /// Every output of every sample and every out_valid was right.
  [[nodiscard]] bool passed() const { return mismatches == 0 && valid_errors == 0; }
  /// cycles / simulation_seconds; 0 when nothing was measured.
  [[nodiscard]] double cycles_per_second() const {
    return simulation_seconds > 0 ? static_cast<double>(cycles) / simulation_seconds : 0;
  }
};

/// Simulates an emitted design with Verilator and the cell models of its family, and compares every
/// cycle with the golden model: out_valid has to be 1 exactly `latency_cycles` after each sample
/// that was taken and at no other time, and every output has to be right. Samples come in bursts
/// with gaps, and there is a reset in the middle (sim/README.md). A difference is a result, not a
/// diagnostic: the samples round it are replayed with probes, and the first wrong neuron is named.
///
/// Errors   those of reading manifest and probes; cosim_design_mismatch when the design is not one
///          of this model; data_does_not_fit; tool_missing and tool_failed (verilator, make, the
///          simulator); folder_not_writable, file_write_failed
/// Cost     Verilator and the C++ compiler dominate: about 10 s for 1,000 tables, minutes for 100,000, next to nothing
///          when the work folder or ccache has it already
[[nodiscard]] Result<CosimReport> run_cosim(const CosimJob& job);

/// The report as JSON: family, samples, mismatches, latency_cycles, interval_cycles, cycles,
/// cycles_per_second, build_seconds and the rest; `mismatch` is null when there was none.
[[nodiscard]] io::Json to_json(const CosimReport& report);

}  // namespace lutgen::cosim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// How the steps from a model file to Verilog are measured.
///
/// tables       of the network (layer_network, four layers)
/// runs         of read, lower, optimise, map and check; writes: of writing
/// folder       receives model and netlist
struct StepsJob {
  std::uint32_t tables = 1000;
  std::uint64_t runs = 1;
  std::uint64_t writes = 11;
  std::filesystem::path folder;
};

/// One network, from the model file to the Verilog file on the disk: read, lower, optimise (all passes), map (no registers), check (every
/// table against its cells), write; the answers of check, and the written text against the model, are compared first.
///
/// The row: tables, bytes (of the text), and for each step `NAME_seconds` (processor time of this process, the spread of its runs) and
/// `NAME_mib` (largest resident memory during it); write_bytes_per_second, and write_wall_bytes_per_second with as many threads as there are.
///
/// Errors  of reading and writing; a wrong answer
[[nodiscard]] Result<io::Json> measure_steps(const StepsJob& job);

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "lutgen/prove/local_check.hpp"
#include "lutgen/prove/read_back.hpp"
#include "lutgen/prove/report.hpp"

namespace lutgen::prove {

/// Options of `prove`.
///
/// input, map, passes  as the netlist was emitted: they say what the ports are and which latency is right; the hints
///                   of how to cut the proof come from mapping again with them
/// read              Yosys and the work folder
/// samples           simulated in search of a counter-example (less for netlists of more than 200,000 cells)
/// miter_conflicts   limit of the SAT call on the whole netlist, when nothing else has decided
/// seed              of the samples
/// progress          may be null
struct ProveOptions {
  logic::InputForm input = logic::InputForm::features;
  map::MapOptions map;
  std::vector<optimize::Pass> passes = {optimize::kPasses.begin(), optimize::kPasses.end()};
  ReadBackOptions read;
  LocalLimits limits;
  std::size_t samples = 65536;
  std::uint64_t miter_conflicts = 100000;
  std::uint64_t seed = 1;
  base::ProgressSink* progress = nullptr;
};

/// Proves that an emitted netlist computes a model: all outputs, for all inputs, in all cycles, registers and out_valid
/// included. Nothing of the mapper is believed: its claims only say into which small pieces the proof is cut, and each
/// is proven on the cells that Yosys read. A difference is a result, not a diagnostic.
///
/// verilog  the emitted file
/// Errors   lower_*; those of read_back
/// Cost     O(n log n) for n cells, and Yosys' time; the search for a counter-example is limited by the options
[[nodiscard]] Result<ProveReport> prove(const model::Model& model, const std::filesystem::path& verilog,
                                        const ProveOptions& options);

/// The same for a netlist that was read already.
///
/// Requires `lowered` and `mapped` made from `model` with these options
[[nodiscard]] ProveReport prove_netlist(const model::Model& model, const logic::Lowered& lowered, const map::Mapped& mapped,
                                        const ReadNetlist& read, const ProveOptions& options);

}  // namespace lutgen::prove

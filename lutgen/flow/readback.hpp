// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/board/top.hpp"
#include "lutgen/cosim/mismatch.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/flow/fasm.hpp"
#include "lutgen/flow/routed_netlist.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::flow {

/// What place and route left, and what was decoded from the bitstream.
///
/// family    of the device
/// netlist   nextpnr --write; the connections come from here, but for ice40 with `bitstream`
/// luts      xc7: every table of the bitstream as it was read back; they replace those of `netlist`. Empty: the
///           file's own
/// bitstream ice40: the .bin file, from which tables and connections are taken, not from `netlist`; empty: as they are there
/// work      ice40 with `bitstream`: folder for intermediate files, kept
/// database  xc7 with `luts`: folder of the Project X-Ray database, which says where a tile is
/// part      xc7 with `luts`: xc7a35tcsg324-1
struct ReadbackSource {
  board::Family family = board::Family::xc7;
  std::filesystem::path netlist;
  std::vector<LutInit> luts;
  std::filesystem::path bitstream;
  std::filesystem::path work;
  std::filesystem::path database;
  std::string part;
};

/// How much is read back.
///
/// limit     samples taken from the front of the data set; 0 = all
/// threads   of the golden model, >= 1
/// progress  not owned; may be null
struct ReadbackOptions {
  std::size_t limit = 0;
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
};

/// What the simulation of a routed design found.
///
/// source        where tables and connections came from, as a phrase
/// samples       compared, every output of each
/// mismatches    samples with a wrong output
/// valid_errors  cycles in which out_valid was wrong for some sample
/// shifted       of the samples, those that were shifted in through the pin and the whole chain (measuring builds)
/// cycles        clock cycles simulated, each for `runs` independent runs
/// seconds       wall time of the simulation alone
/// mismatch      the first difference, explained; nothing when there was none
struct ReadbackReport {
  std::string source;
  std::uint64_t samples = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t valid_errors = 0;
  std::uint64_t shifted = 0;
  std::uint64_t cycles = 0;
  std::uint64_t runs = 0;
  double seconds = 0;
  std::optional<cosim::Mismatch> mismatch;

  /// Every output of every sample and every out_valid was right.
  [[nodiscard]] bool passed() const { return mismatches == 0 && valid_errors == 0; }
  /// Clock cycles times independent runs, for one second; 0 when nothing was measured.
  [[nodiscard]] double run_cycles_per_second() const {
    return seconds > 0 ? static_cast<double>(cycles) * static_cast<double>(runs) / seconds : 0;
  }
};

/// Reads the routed design: `read_routed_netlist`, with the bitstream's tables where `source` has them.
///
/// Errors   those of `read_routed_netlist`, of opening the database, and of `read_ice40_bitstream`
[[nodiscard]] Result<RoutedNetlist> read_source(const ReadbackSource& source);

/// Where tables and connections come from, as a phrase: "nextpnr --write, tables out of the bitstream".
[[nodiscard]] std::string describe(const ReadbackSource& source);

/// Simulates a measuring build after routing against the reference evaluator.
///
/// First as many samples as there are runs are shifted through the chain of flops, cycle by cycle from the pin, and
/// the flops behind the outputs are compared. Then every sample goes through the core in consecutive cycles, with
/// gaps in in_valid, by setting the chain's flops to it; now out_valid is compared as well, which the
/// chain cannot show: behind a 1 of in_valid it shifts a 1 into rst.
///
/// design   what was built, see scan_harness for the names of the flops
/// Errors   those of `read_source`; readback_harness: a flop or the pin is not there; data_does_not_fit,
///          cosim_design_mismatch
/// Cost     one reference evaluation a sample, and a second or two
[[nodiscard]] Result<ReadbackReport> read_back_measure(const ReadbackSource& source, const model::Model& model,
                                                       const verilog::Design& design, const data::Dataset& dataset,
                                                       const ReadbackOptions& options);

/// Simulates a whole board design after routing: every sample is sent as a frame, bit by bit, into uart_rx, and the
/// answers that uart_tx gives are compared with the reference, class and scores. Runs are independent boards; their frames
/// end in the same clock cycle. Before that the board is asked who it is.
///
/// design, sources  what was built: the core with input as bits and with scores, and the top round it
/// Errors   those of `read_source`; readback_harness: the pins are not there; data_does_not_fit; model_has_no_classes
/// Cost     one reference evaluation a sample; some seconds for 1,000 samples of 784 bytes
[[nodiscard]] Result<ReadbackReport> read_back_board(const ReadbackSource& source, const model::Model& model,
                                                     const board::Board& board, const verilog::Design& design,
                                                     const board::BoardSources& sources, const data::Dataset& dataset,
                                                     const ReadbackOptions& options);

/// The report as JSON: source, samples, mismatches, valid_errors, cycles, runs, seconds, run_cycles_per_second, and
/// `mismatch`, null when there was none.
[[nodiscard]] io::Json to_json(const ReadbackReport& report);

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/build_check.hpp"

#include <fmt/format.h>

#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::flow {
namespace {

constexpr std::size_t kDrawnSamples = 1000;
constexpr std::uint64_t kDrawnSeed = 1;

}  // namespace

Result<ReadbackSource> readback_source(const board::Board& board, const Routed& routed, const Bitstream& bitstream,
                                       const std::filesystem::path& folder) {
  ReadbackSource source;
  source.family = board.family;
  source.netlist = routed.netlist;
  source.luts = bitstream.luts;
  source.part = board.pack_device;
  if (board.family == board::Family::xc7) {
    LUTGEN_TRY(source.database, find_prjxray_database());
  }
  if (board.family == board::Family::ice40) {
    source.bitstream = bitstream.path;
    source.work = folder / "readback";
  }
  return source;
}

const data::Dataset& choose_samples(BuildSamples samples, const model::Model& model, data::Dataset& drawn) {
  if (samples != nullptr) return *samples;
  drawn = eval::draw_samples(model, kDrawnSamples, kDrawnSeed);
  return drawn;
}

Result<void> require_equal(const ReadbackReport& report, const Bitstream& bitstream) {
  if (report.passed()) return {};
  std::string first = report.mismatch ? cosim::to_text(*report.mismatch) : std::string();
  while (first.ends_with('\n')) first.pop_back();
  std::error_code ignored;
  std::filesystem::remove(bitstream.path, ignored);
  return fail(Code::readback_mismatch, bitstream.path.string(),
              fmt::format("expected what the golden model gives for {} samples, found {} mismatches ({} cycles with a wrong "
                          "out_valid)\n{}",
                          report.samples, report.mismatches, report.valid_errors,
                          first),
              "the bitstream was removed; please report this with the model and the tools' versions");
}

}  // namespace lutgen::flow

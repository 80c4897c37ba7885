// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/flow/bitstream.hpp"
#include "lutgen/flow/place_route.hpp"
#include "lutgen/flow/readback.hpp"

namespace lutgen::flow {

/// What a build is read back with: samples, or null for 1,000 that are drawn from the model's thresholds.
using BuildSamples = const data::Dataset*;

/// Where a build is read back from: the routed netlist; on xc7 with the tables of the bitstream, on ice40 the bitstream
/// alone.
///
/// folder  of the build; intermediate files go to FOLDER/readback
/// Errors  xray_database_missing
[[nodiscard]] Result<ReadbackSource> readback_source(const board::Board& board, const Routed& routed,
                                                     const Bitstream& bitstream, const std::filesystem::path& folder);

/// The samples to take: `samples`, or drawn ones, which `drawn` then holds.
[[nodiscard]] const data::Dataset& choose_samples(BuildSamples samples, const model::Model& model, data::Dataset& drawn);

/// Takes a bitstream that does not compute what was trained out of the way.
///
/// Errors   readback_mismatch with the first difference, when there was one; the file is removed
[[nodiscard]] Result<void> require_equal(const ReadbackReport& report, const Bitstream& bitstream);

}  // namespace lutgen::flow

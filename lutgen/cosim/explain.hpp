// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "lutgen/base/result.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/cosim/mismatch.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// Finds where a wrong output comes from: builds a second simulator with the design's probes,
/// sends the samples round `mismatch.output->sample` back to back, reads each probe at its stage's
/// cycle, and compares layer by layer with the reference. Fills `origin`, `reason` and `layer`;
/// what keeps it from searching is a reason, not an error, because the mismatch is there anyway.
///
/// Requires  mismatch.output
/// Cost      a second C++ build
void explain(const CosimJob& job, const verilog::Manifest& manifest,
             const std::filesystem::path& work, Mismatch& mismatch);

}  // namespace lutgen::cosim

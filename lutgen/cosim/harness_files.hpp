// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lutgen::cosim {

/// A file of the source tree that the program carries in itself, so that an installed lutgen needs
/// no source tree.
///
/// path     "lutgen_sim/bench.hpp", or "cells/xc7/LUT6.v"; always with '/'
/// content  its bytes; static storage
struct HarnessFile {
  std::string_view path;
  std::string_view content;
};

/// All of sim/lutgen_sim and rtl/cells, sorted by path. The definition is made by the build
/// (embed.cmake). O(1).
[[nodiscard]] std::span<const HarnessFile> harness_files();

}  // namespace lutgen::cosim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lutgen/board/board.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::flow {

/// Name of the harness module; its ports are `clk_pin` and `scan_pin`, its instance of the core is `core`.
inline constexpr std::string_view kScanHarness = "scan_harness";

/// The Verilog of the harness of a measuring build, in the family's own cells.
///
/// A chain of flops, `chain_0_ff` (fed by `scan_pin`) to `chain_<w+1>_ff`, drives all inputs of the core: bit i of
/// the features port is chain flop i, then come in_valid and rst. Behind every output bit, in the order of the
/// manifest's ports, is a flop `result_<i>_ff` whose output leads nowhere. There is no LUT in it.
[[nodiscard]] std::string print_scan_harness(board::Family family, const verilog::Manifest& manifest);

}  // namespace lutgen::flow

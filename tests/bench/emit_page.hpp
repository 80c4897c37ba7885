// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// The steps from a model file to Verilog, in order.
inline constexpr std::array kEmitSteps = {"read", "lower", "optimise", "map", "check", "write"};

/// The tables of a result of bench_emit, as Markdown.
[[nodiscard]] std::string emit_page(const io::Json& result);

}  // namespace lutgen::bench

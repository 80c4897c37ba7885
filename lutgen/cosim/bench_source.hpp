// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// Name of the module round the design, and so of the C++ class that Verilator makes.
inline constexpr std::string_view kBenchModule = "lutgen_bench";

/// The Verilog module round an emitted design: the same signals under fixed names (a port may have a
/// name that C++ reserves), and one output `probes` with the given expressions.
///
///     clk, rst, in_valid   wired where the design has such a port
///     in0, out0, out1 ...  data ports in the manifest's order
///     out_valid            where the design has it
///     probes[i]            probes[i] as written inside the design: a net, or a constant 1'b0 / 1'b1
///
/// probes  empty: no such port
[[nodiscard]] std::string bench_verilog(const verilog::Manifest& manifest,
                                        std::span<const std::string> probes);

/// The C++ program round the model of that module: sim/lutgen_sim's `run_main`.
///
/// probes  number of probe bits; 0: none
[[nodiscard]] std::string bench_main(const verilog::Manifest& manifest, std::size_t probes);

}  // namespace lutgen::cosim

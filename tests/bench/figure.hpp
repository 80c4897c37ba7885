// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/optimize/optimize.hpp"
#include "lutgen/verilog/behavioural.hpp"

namespace lutgen::bench {

/// Something to be placed and routed.
///
/// name       of its folder
/// board      whose device is used
/// copies     of one thing in the model: figures are for one
/// passes     of the optimiser
/// yardstick  Yosys' result is measured, too
/// text       what Yosys gets; nothing: `verilog::print_behavioural`
struct Case {
  std::string name;
  model::Model model;
  std::string board = "arty-a7-35t";
  std::uint32_t copies = 1;
  logic::InputForm input = logic::InputForm::features;
  std::vector<optimize::Pass> passes = {optimize::kPasses.begin(), optimize::kPasses.end()};
  bool yardstick = true;
  std::optional<verilog::Behavioural> text;
};

/// Where and how long.
///
/// folder         work folder, one folder a case in it
/// limit_seconds  of each run of Yosys and of nextpnr
struct Limits {
  std::filesystem::path folder;
  double limit_seconds = 0;
};

/// Places and routes a case. The core is read back after routing and compared with the golden model before anything is
/// counted, and so is Yosys' version of it.
///
/// The row: copies, luts, yosys_luts (both of one copy), ratio, fmax_mhz, yosys_fmax_mhz, latency_cycles, yosys_latency_cycles.
/// Where a program fails or does not end in time, `failed` or `yosys_failed` says how, and what it would have given is null.
///
/// Errors  of everything but that: a model that breaks a rule, a wrong answer, a tool that is missing
/// Cost    minutes
[[nodiscard]] Result<io::Json> measure_case(Case what, const Limits& limits);

/// What went wrong, in one sentence without the folder of the program that it begins with.
[[nodiscard]] std::string failure_text(const Diagnostic& error);

/// board, device, yosys, nextpnr: a board's part, and the versions of the tools that place and route for it.
[[nodiscard]] Result<io::Json> describe_device(const std::string& board);

}  // namespace lutgen::bench

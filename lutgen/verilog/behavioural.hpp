// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::verilog {

/// A network as a person would write it: tables as constants that are indexed, sums with `+`, argmax with
/// `>`; a register behind every rank of tables, behind the sums and behind the class. The yardstick that
/// structural netlists are measured against: synthesis does all the work.
///
/// Ports as those of the structural module (`names.hpp`): of the class, the scores or the bits what the network ends
/// in. The latency is the number of
/// registers on the longest path from the inputs, and every path has as many (skip connections are delayed).
struct Behavioural {
  std::string verilog;
  std::uint32_t latency_cycles = 0;
};

/// Prints the yardstick; `top` is a checked module name.
///
/// Errors   verilog_bad_name, verilog_name_collision
/// Cost     O(size of the model)
[[nodiscard]] Result<Behavioural> print_behavioural(const model::Model& model, logic::InputForm input,
                                                    const std::string& top);

}  // namespace lutgen::verilog

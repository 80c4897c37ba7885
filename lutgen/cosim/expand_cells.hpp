// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lutgen::cosim {

/// A Verilog text with cells written out, and how many they are.
struct ExpandedCells {
  std::string text;
  std::size_t cells = 0;
};

/// Puts the text of its model in the place of each instance of a simple cell, as the elaboration of any simulator would:
///
///     LUT1 #(.INIT(2'h1)) n7_lut (.O(n7), .I0(a[3]));
///
/// becomes, with the model's `assign O = INIT[I0];`,
///
///     localparam [1:0] lutgen_x0_INIT = 2'h1; assign n7 = lutgen_x0_INIT[a[3]];
///
/// Verilator 5.006 makes a module of every different INIT; what that takes grows with the square of their number. What is
/// written out comes from the model's text alone, so a wrong model or a wrong INIT stays as wrong as it is.
///
/// models   texts of one module each. Simple: all ports scalar, no instances, no generate, no functions
/// verilog  an instance is written out when it is one line, connects every port of its model by name to a scalar net, to one
///          bit of a vector or (inputs) to a constant of one bit, and overrides only parameters that the model has;
///          all other lines are kept, byte for byte
/// Cost     O(verilog + models)
[[nodiscard]] ExpandedCells expand_cells(std::string_view verilog, std::span<const std::string_view> models);

}  // namespace lutgen::cosim

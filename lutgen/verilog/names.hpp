// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"

namespace lutgen::verilog {

/// Names of the top module's ports. The class port is not called `class`, which is a reserved word of
/// SystemVerilog and of C++ (Verilator makes a C++ class of the module).
inline constexpr std::string_view kClockPort = "clk";
inline constexpr std::string_view kResetPort = "rst";
inline constexpr std::string_view kInValidPort = "in_valid";
inline constexpr std::string_view kFeaturesPort = "features";
inline constexpr std::string_view kOutValidPort = "out_valid";
inline constexpr std::string_view kClassPort = "class_index";
inline constexpr std::string_view kScoresPort = "scores";
inline constexpr std::string_view kBitsPort = "bits";

/// Turns a model's name into a module name: letters, digits and underscores, starting with a letter,
/// at most 128 characters. "mnist-lut6-1000" becomes "mnist_lut6_1000".
[[nodiscard]] std::string legalize_module_name(std::string_view name);

/// Checks a module name that a user chose: a plain Verilog-2001 identifier that is no keyword
/// (Verilog or SystemVerilog), no primitive of any family, and collides with nothing in the module.
///
/// Errors   verilog_bad_name, verilog_name_collision
[[nodiscard]] Result<void> check_module_name(std::string_view name);

}  // namespace lutgen::verilog

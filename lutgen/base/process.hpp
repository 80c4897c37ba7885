// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::base {

/// One external program to be run; nothing goes through a shell.
///
/// arguments    arguments[0] is the program: a path, or a name looked up in PATH
/// folder       working folder; empty means ours
/// environment  variables set in addition to ours
/// log          file that receives stdout and stderr together; empty means discard
/// limit_seconds  wall time after which it is killed; 0: none
struct ProcessSpec {
  std::vector<std::string> arguments;
  std::filesystem::path folder;
  std::vector<std::pair<std::string, std::string>> environment;
  std::filesystem::path log;
  double limit_seconds = 0;
};

/// Path of `program` in PATH, or nothing.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string_view program);

/// Runs a program to its end.
///
/// Errors   tool_missing when it cannot be started; tool_failed when it exits with anything but 0:
///          the message holds the first line of its log that looks like an error, the place is the
///          log, which is kept; tool_failed, too, when it has not ended within its limit
[[nodiscard]] Result<void> run_process(const ProcessSpec& spec);

/// Runs a program and gives what it printed (stdout and stderr together), whatever its exit status;
/// nothing when it could not be started. For version probes.
[[nodiscard]] std::optional<std::string> capture_output(const std::vector<std::string>& arguments);

}  // namespace lutgen::base

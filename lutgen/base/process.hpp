// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
/// environment  variables set in addition to ours; GLIBC_TUNABLES, where ours has none, asks for large memory pages
/// log          file that receives stdout and stderr together; empty means discard
/// limit_seconds  wall time after which it is killed, with all that it started; 0: none
/// tick         called ten times a second while it runs, for progress; may be empty
struct ProcessSpec {
  std::vector<std::string> arguments;
  std::filesystem::path folder;
  std::vector<std::pair<std::string, std::string>> environment;
  std::filesystem::path log;
  double limit_seconds = 0;
  std::function<void()> tick = {};
};

/// What a program took, with all that it started and waited for.
///
/// seconds      wall time
/// cpu_seconds  processor time, user and system
/// peak_kb      largest memory of any one of these processes, in KiB; at least what this process held when it started it
struct ProcessUsage {
  double seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t peak_kb = 0;
};

/// Path of `program` in PATH, or nothing.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string_view program);

/// Runs a program to its end. It dies with us: however this process ends, by a signal too, the program and all that it
/// started (in its own process group, which is not the terminal's) are killed.
///
/// Errors   tool_missing when it cannot be started; tool_failed when it exits with anything but 0:
///          the message holds the first line of its log that looks like an error, the place is the
///          log, which is kept; tool_failed, too, when it has not ended within its limit
[[nodiscard]] Result<void> run_process(const ProcessSpec& spec);

/// The same, and says what it took.
[[nodiscard]] Result<ProcessUsage> measure_process(const ProcessSpec& spec);

/// Runs a program and gives what it printed (stdout and stderr together), whatever its exit status;
/// nothing when it could not be started. For version probes.
[[nodiscard]] std::optional<std::string> capture_output(const std::vector<std::string>& arguments);

}  // namespace lutgen::base

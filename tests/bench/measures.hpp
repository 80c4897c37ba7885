// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// What a result was measured on: processor, cores, memory_gib, compiler, and load, the number of programs that wanted to run then (the mean
/// of the last minute; this one counts).
[[nodiscard]] io::Json describe_machine();

/// The processor's name, as Linux says it; "unknown" where it says none.
[[nodiscard]] std::string processor_name();

/// Median, least and most of what was measured, and how often: {"median", "least", "most", "runs"}.
[[nodiscard]] io::Json spread(std::vector<double> values);

/// Environment for what is to run as it does from a shell: base::run_process would ask for large memory pages.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> shell_environment();

/// Largest resident memory of this process since it was last asked, in MiB (Linux, proc(5): clear_refs and VmHWM).
double take_peak_mib();

}  // namespace lutgen::bench

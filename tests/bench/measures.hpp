// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// What a result was measured on: processor, cores, memory_gib, compiler, and load, the number of programs that wanted to run then (the mean
/// of the last minute; this one counts).
[[nodiscard]] io::Json describe_machine();

}  // namespace lutgen::bench

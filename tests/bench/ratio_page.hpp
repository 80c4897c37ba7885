// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// Prints what bench_ratio keeps, as tables in Markdown on stdout.
///
/// ratio  {"rows": [...], "mean": {...}}, as bench_ratio writes it under "ratio"
void print_ratio(const io::Json& ratio);

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// tests/bench/results/area.md: the tables of a file that bench_area wrote, a section for each part that was measured.
/// What could not be measured is a dash, with the reason below its table.
[[nodiscard]] std::string area_page(const io::Json& result);

}  // namespace lutgen::bench

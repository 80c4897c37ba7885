// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// The tables of a result of bench_cosim as Markdown: what tests/bench/results/cosim.md holds.
[[nodiscard]] std::string cosim_page(const io::Json& result);

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// The tables of a result of `scripts/bench eval`, as Markdown.
[[nodiscard]] std::string eval_page(const io::Json& result);

}  // namespace lutgen::bench

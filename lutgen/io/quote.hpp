// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lutgen::io {

/// Text that came from a file, made fit for a diagnostic: whatever is not printable ASCII becomes
/// `\xNN`, and all beyond `max_bytes` becomes `...`. O(max_bytes).
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 60);

/// `printable` between double quotes, for names: `"lut0.inputs"`.
[[nodiscard]] std::string quote(std::string_view text, std::size_t max_bytes = 60);

}  // namespace lutgen::io

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lutgen::base {

/// The least multiple of kLargeBytes that holds so many bytes; `bytes` must leave room for that.
[[nodiscard]] std::size_t round_to_large(std::size_t bytes);
/// Asks the system to back memory with large pages. A wish only: where it is not granted, everything works as before.
void ask_large_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace lutgen::base

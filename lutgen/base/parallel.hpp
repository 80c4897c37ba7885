// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace lutgen::base {

/// Number of threads that this machine runs at once, at least 1.
[[nodiscard]] std::size_t hardware_threads();

/// Calls `body(i)` once for each i in [0, count), on up to `threads` threads; returns when all are
/// done. Results must be stored by index, so that they do not depend on the thread count.
/// What `body` throws (memory that ran out: the library itself throws nothing) ends the loop and is thrown again from here.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body);

}  // namespace lutgen::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/base/text_buffer.hpp"

namespace lutgen::base {

/// Number of threads that this machine runs at once, at least 1.
[[nodiscard]] std::size_t hardware_threads();

/// Calls `body(i)` once for each i in [0, count), on up to `threads` threads; returns when all are
/// done. Results must be stored by index, so that they do not depend on the thread count.
/// What `body` throws (memory that ran out: the library itself throws nothing) ends the loop and is thrown again from here.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body);

/// Makes the pieces 0 to count - 1 of a text on up to `threads` threads and hands them on in order, so that the text does not
/// depend on the number of threads.
///
/// make     called once a piece, on any thread, with an empty buffer that it fills
/// take     called once a piece, in order, never two at once; its first diagnostic ends the work and is returned
/// Cost     `threads` pieces in memory at a time; what `make` throws is thrown again from here
[[nodiscard]] Result<void> write_pieces(std::size_t count, std::size_t threads,
                                        const std::function<void(std::size_t, TextBuffer&)>& make,
                                        const std::function<Result<void>(std::string_view)>& take);

}  // namespace lutgen::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>

namespace lutgen::test {

/// Prints what ctest's SKIP_REGULAR_EXPRESSION property looks for.
inline void print_skip(const std::string& reason) {
  std::printf("SKIPPED: %s\n", reason.c_str());
  std::fflush(stdout);
}

}  // namespace lutgen::test

/// Ends a test case that cannot run here, for a reason that ctest reports: a skipped test is never
/// a passed one. (Catch2 2 has no SKIP of its own.) The test's ctest property
/// SKIP_REGULAR_EXPRESSION must be "SKIPPED: ".
#define LUTGEN_SKIP(reason)             \
  do {                                  \
    ::lutgen::test::print_skip(reason); \
    return;                             \
  } while (false)

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>
#include <utility>

#include <rapidcheck.h>

#include "tests/support/catch.hpp"

namespace lutgen::test {

/// Checks a law with rapidcheck; a counter-example and its seed are printed and fail the test case.
/// Replay with RC_PARAMS="seed=N"; without it the seed is fixed (tests/support/main.cpp), never a clock.
template <class Law>
void property(Law&& law) {
  const bool holds = rc::check(std::forward<Law>(law));
  REQUIRE(holds);
}

}  // namespace lutgen::test

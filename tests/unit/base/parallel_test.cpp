// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/parallel.hpp"

#include <new>
#include <vector>

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("every index is called once, on any number of threads", "[base][parallel]") {
  for (const std::size_t threads : {1u, 2u, 7u, 100u}) {
    std::vector<int> calls(50, 0);
    base::parallel_for(50, threads, [&](std::size_t i) { ++calls[i]; });
    CHECK(calls == std::vector<int>(50, 1));
  }
}

TEST_CASE("memory that runs out in a helper is the caller's exception, not the program's end", "[base][parallel]") {
  for (const std::size_t threads : {1u, 4u}) {
    CHECK_THROWS_AS(base::parallel_for(50, threads, [](std::size_t i) { if (i % 2 == 1) throw std::bad_alloc(); }), std::bad_alloc);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

// One main for all unit and property tests: it fixes the seed of random tests unless the caller set one.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  ::setenv("RC_PARAMS", "seed=20261121", /*overwrite=*/0);
  return Catch::Session().run(argc, argv);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/target.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("targets are found by their names", "[eval][target]") {
  for (const eval::Target target : eval::kTargets) CHECK(eval::find_target(eval::target_name(target)) == target);
  CHECK_FALSE(eval::find_target("mmx").has_value());
  CHECK(eval::is_supported(eval::Target::portable));
  CHECK(eval::is_supported(eval::best_target()));
}

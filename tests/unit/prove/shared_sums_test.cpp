// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/prove.hpp"
#include "tests/support/dense_model.hpp"
#include "tests/support/property.hpp"
#include "tests/support/read_netlist.hpp"

using namespace lutgen;
using prove::Verdict;

TEST_CASE("sums that share parts are proven, on every family", "[prove][share][property]") {
  std::size_t sharing = 0;
  test::property([&](std::uint64_t seed) {
    auto model = test::random_dense_model(seed);
    RC_ASSERT(model::validate_model(model, "dense").has_value());
    auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    prove::ProveOptions options;
    options.map.family = *rc::gen::elementOf(tech::kFamilies);
    options.map.pipeline = {*rc::gen::element(map::PipelineMode::none, map::PipelineMode::every_levels, map::PipelineMode::automatic),
                            *rc::gen::inRange<std::uint32_t>(1, 6)};
    options.samples = 256;
    if (*rc::gen::arbitrary<bool>()) {
      *lowered = optimize::optimize(*lowered, optimize::options_for(options.map.family, options.passes)).lowered;
    }
    const map::Mapped mapped = map::map_to_netlist(*lowered, options.map);
    sharing += mapped.shared_parts > 0 ? 1 : 0;
    const auto report = prove::prove_netlist(model, *lowered, mapped, test::read_without_yosys(mapped), options);
    if (report.verdict != Verdict::proven) RC_FAIL(to_text(report));
  });
  CHECK(sharing > 20);
}

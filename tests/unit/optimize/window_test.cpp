// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/window.hpp"

#include <algorithm>

#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/logic/lower.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/unit/optimize/sketch.hpp"

using namespace lutgen;
using logic::BitId;

namespace {

/// The values that all bits of a graph have at 64 samples.
std::vector<std::uint64_t> all_values(logic::Graph graph, base::Rng& rng) {
  graph.outputs = {};
  for (std::uint32_t i = 0; i < graph.bit_count(); ++i) graph.outputs.bits.push_back(BitId{i});
  std::vector<std::uint64_t> inputs(graph.input_count());
  for (auto& word : inputs) word = rng.next();
  return eval::evaluate_bitsliced(graph, inputs).bits;
}

}  // namespace

TEST_CASE("the values in a window are those of the network", "[optimize][dontcares][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed, {.features = 12, .table_inputs = 5, .classes = 4, .group = 4});
    RC_ASSERT(model::validate_model(model, "random").has_value());
    const auto lowered = logic::lower(model, {});
    const logic::Graph& graph = lowered->graph;
    base::Rng rng(seed);
    const auto values = all_values(graph, rng);
    optimize::WindowFinder finder(graph);
    for (int round = 0; round < 8; ++round) {
      std::vector<BitId> tops;
      for (int i = 0; i < 4; ++i) {
        const BitId bit{2 + static_cast<std::uint32_t>(rng.below(graph.bit_count() - 2))};
        if (std::find(tops.begin(), tops.end(), bit) == tops.end()) tops.push_back(bit);
      }
      const auto window = finder.find(tops, 8);
      RC_ASSERT(window.leaves.size() <= 8);
      const optimize::WindowValues simulated(graph, window);
      for (int sample = 0; sample < 64; ++sample) {
        const auto at = [&](BitId bit) { return (values[logic::index_of(bit)] >> sample) & 1; };
        std::uint64_t c = 0;
        for (std::size_t k = 0; k < window.leaves.size(); ++k) c |= at(window.leaves[k]) << k;
        RC_ASSERT(((simulated.possible()[c / 64] >> (c % 64)) & 1) == 1);
        for (const BitId top : tops) RC_ASSERT(((simulated.at(top)[c / 64] >> (c % 64)) & 1) == at(top));
      }
    }
  });
}

TEST_CASE("a window opens only what leads to a common bit", "[optimize][dontcares]") {
  test::Sketch s(6);
  const BitId left = s.lut(2, 0b1000, {s.in[0], s.in[1]});
  const BitId right = s.lut(2, 0b0110, {s.in[1], s.in[2]});
  const BitId apart = s.lut(3, 0x96, {s.in[3], s.in[4], s.in[5]});
  optimize::WindowFinder finder(s.graph);
  const std::array tops{left, right, apart};
  const auto window = finder.find(tops, 10);
  CHECK(window.is_related);
  CHECK(window.inner == std::vector{left, right});
  CHECK(window.leaves == std::vector{s.in[0], s.in[1], s.in[2], apart});
  CHECK_FALSE(finder.find(std::array{left, apart}, 10).is_related);
  CHECK_FALSE(finder.find(tops, 2).is_related);  // no room
}

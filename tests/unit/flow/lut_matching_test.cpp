// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/lut_matching.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "lutgen/base/rng.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using flow::LutPair;
using flow::SmallLut;

namespace {

/// LUTs of 1 to 5 inputs out of `wires` wires, in `tiles` by `tiles` tiles, each in a position of its own.
std::vector<SmallLut> draw_luts(base::Rng& rng, std::size_t count, std::uint64_t wires, std::uint64_t tiles) {
  std::vector<SmallLut> luts;
  const auto draw = [&] { return flow::Tile{static_cast<std::int32_t>(rng.below(tiles)), static_cast<std::int32_t>(rng.below(tiles))}; };
  for (std::uint32_t i = 0; i < count; ++i) {
    std::set<std::int64_t> inputs;
    for (std::uint64_t n = 1 + rng.below(5); n > 0; --n) inputs.insert(static_cast<std::int64_t>(rng.below(wires)));
    SmallLut lut{.inputs = {inputs.begin(), inputs.end()}, .tile = draw(), .pulls = {draw(), draw()}, .position = i};
    lut.only_upper = rng.below(4) == 0;
    luts.push_back(std::move(lut));
  }
  return luts;
}

/// The rule, written down a second time.
bool can_share(const SmallLut& a, const SmallLut& b, const flow::MatchLimits& limits) {
  std::set<std::int64_t> together(a.inputs.begin(), a.inputs.end());
  together.insert(b.inputs.begin(), b.inputs.end());
  return together.size() <= limits.max_inputs && std::abs(a.tile.x - b.tile.x) <= limits.reach &&
         std::abs(a.tile.y - b.tile.y) <= limits.reach;
}

/// The largest number of pairs among the LUTs whose bit is set, every way tried.
std::size_t most_pairs(const std::vector<SmallLut>& luts, const flow::MatchLimits& limits, std::uint32_t left) {
  for (std::size_t a = 0; a < luts.size(); ++a) {
    if (((left >> a) & 1) == 0) continue;
    left &= ~(1u << a);
    std::size_t most = most_pairs(luts, limits, left);
    for (std::size_t b = a + 1; b < luts.size(); ++b) {
      if (((left >> b) & 1) == 0 || !can_share(luts[a], luts[b], limits)) continue;
      most = std::max(most, 1 + most_pairs(luts, limits, left & ~(1u << b)));
    }
    return most;
  }
  return 0;
}

/// Every pair allowed, no LUT twice, in order.
void check_pairs(const std::vector<SmallLut>& luts, const std::vector<LutPair>& pairs, const flow::MatchLimits& limits) {
  std::set<std::uint32_t> used;
  std::uint32_t last = 0;
  for (const LutPair& pair : pairs) {
    REQUIRE(pair.first < pair.second);
    REQUIRE(pair.second < luts.size());
    REQUIRE(pair.first >= last);
    last = pair.first;
    REQUIRE(used.insert(pair.first).second);
    REQUIRE(used.insert(pair.second).second);
    REQUIRE(can_share(luts[pair.first], luts[pair.second], limits));
  }
}

}  // namespace

TEST_CASE("LUTs in pairs read at most five wires together, and none is in two", "[flow][lut_matching]") {
  base::Rng rng(1);
  for (int round = 0; round < 20; ++round) {
    const std::vector<SmallLut> luts = draw_luts(rng, 400, 60, 20);
    const std::vector<LutPair> pairs = flow::match_luts(luts);
    CHECK(pairs.size() > 20);
    check_pairs(luts, pairs, {});
  }
}

TEST_CASE("there are as many pairs as there can be", "[flow][lut_matching]") {
  base::Rng rng(2);
  std::size_t all = 0;
  for (int round = 0; round < 400; ++round) {
    const std::size_t count = 2 + rng.below(10);
    const std::vector<SmallLut> luts = draw_luts(rng, count, 3 + rng.below(9), 1 + rng.below(6));
    const flow::MatchLimits limits{.reach = static_cast<std::int32_t>(rng.below(4))};
    const std::vector<LutPair> pairs = flow::match_luts(luts, limits);
    check_pairs(luts, pairs, limits);
    CHECK(pairs.size() == most_pairs(luts, limits, (1u << count) - 1));
    all += pairs.size();
  }
  CHECK(all > 400);
}

TEST_CASE("a path through odd rings gives a pair more", "[flow][lut_matching]") {
  // Rings of five and three, one LUT beside each, and a wire for each edge: 10 LUTs, 5 pairs, which cheap edges hide.
  const std::vector<std::pair<std::int64_t, std::int64_t>> edges = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {5, 6},
                                                                    {6, 7}, {7, 5}, {2, 5}, {0, 8}, {7, 9}};
  std::vector<SmallLut> luts;
  for (std::int64_t v = 0; v < 10; ++v) {
    SmallLut lut{.inputs = {}, .tile = {}, .pulls = {}, .position = static_cast<std::uint32_t>(v)};
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (edges[e].first == v || edges[e].second == v) lut.inputs.push_back(static_cast<std::int64_t>(e));
    }
    // Filled up to three, so that two with a wire in common read five and others more.
    while (lut.inputs.size() < 3) lut.inputs.push_back(100 + 10 * v + static_cast<std::int64_t>(lut.inputs.size()));
    luts.push_back(std::move(lut));
  }
  const std::vector<LutPair> pairs = flow::match_luts(luts);
  check_pairs(luts, pairs, {});
  CHECK(pairs.size() == 5);
}

TEST_CASE("LUTs that share a position stay together, others go where it costs least wire", "[flow][lut_matching]") {
  const auto lut = [](std::int64_t wire, std::int32_t x, std::int32_t pull, std::uint32_t position) {
    return SmallLut{.inputs = {wire}, .tile = {x, 0}, .pulls = {{pull, 0}}, .position = position};
  };
  // 0 and 1 share; 2 is pulled towards 4 and could as well go to 3.
  const std::vector<SmallLut> luts = {lut(0, 0, 5, 0), lut(1, 0, 5, 0), lut(2, 3, 5, 1), lut(3, 2, 2, 2), lut(4, 4, 4, 3)};
  CHECK(flow::moving_cost(luts[2], {4, 0}) == -1);
  CHECK(flow::moving_cost(luts[2], {2, 1}) == 2);
  const std::vector<LutPair> pairs = flow::match_luts(luts);
  REQUIRE(pairs.size() == 2);
  CHECK((pairs[0].first == 0 && pairs[0].second == 1));
  CHECK((pairs[1].first == 2 && pairs[1].second == 4));
  CHECK(flow::match_luts({}).empty());
}

TEST_CASE("of two partners the one that needs no flop to part from its LUT is taken", "[flow][lut_matching]") {
  std::vector<SmallLut> luts;
  for (std::uint32_t i = 0; i < 3; ++i) luts.push_back({.inputs = {i}, .tile = {}, .pulls = {}, .position = i, .only_upper = i < 2});
  const std::vector<LutPair> pairs = flow::match_luts(luts);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].second == 2);
  luts.pop_back();
  CHECK(flow::match_luts(luts).size() == 1);
}

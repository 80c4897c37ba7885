// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/argmax.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/map/compare.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using netlist::Unit;

/// Somebody still in the tournament.
using Player = MatchClaim::Player;

/// select ? high : low, bit by bit; equal and constant bits cost nothing.
std::vector<NetId> choose(Builder& builder, NetId select, std::span<const NetId> low,
                          std::span<const NetId> high, NetName name) {
  const truth::TruthTable mux = truth::TruthTable::from_word(3, 0xCA);  // (high, low, select) = bits 1 0 2
  NameSource inner(name, Tag::table);
  std::vector<NetId> result;
  for (std::size_t i = 0; i < low.size(); ++i) {
    name.number = static_cast<std::uint32_t>(i);
    result.push_back(map_function(builder, mux, std::array{low[i], high[i], select}, name, inner));
  }
  return result;
}

}  // namespace

std::uint32_t index_bits(std::size_t classes) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::bit_width(classes - 1)));
}

std::vector<NetId> map_argmax(Builder& builder, const std::vector<std::vector<NetId>>& scores,
                              std::uint16_t layer) {
  LUTGEN_CHECK(!scores.empty());
  std::vector<Player> players;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    Player player{scores[c], {}};
    for (std::uint32_t b = 0; b < index_bits(scores.size()); ++b) {
      player.index.push_back(((c >> b) & 1) != 0 ? NetId::one : NetId::zero);
    }
    players.push_back(std::move(player));
  }
  NetName match{.layer = layer, .unit = Unit::match, .tag = Tag::greater};
  while (players.size() > 1) {
    const bool is_final = players.size() == 2;
    std::vector<Player> next;
    for (std::size_t i = 0; i + 1 < players.size(); i += 2) {
      const Player& left = players[i];
      const Player& right = players[i + 1];
      match.tag = Tag::value;
      const NetId right_wins = map_less(builder, left.score, right.score, match);
      Player winner;
      match.tag = Tag::score;
      if (!is_final) winner.score = choose(builder, right_wins, left.score, right.score, match);
      match.tag = Tag::index;
      winner.index = choose(builder, right_wins, left.index, right.index, match);
      builder.claim(MatchClaim{.left = left, .right = right, .right_wins = right_wins, .winner = winner});
      next.push_back(std::move(winner));
      ++match.index;
    }
    if (players.size() % 2 != 0) next.push_back(std::move(players.back()));
    players = std::move(next);
  }
  return players.front().index;
}

}  // namespace lutgen::map

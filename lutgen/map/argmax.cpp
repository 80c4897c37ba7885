// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/argmax.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/map/compare.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using netlist::Unit;
using truth::TruthTable;

/// Somebody still in the tournament.
using Player = MatchClaim::Player;

/// Whether player `i` of `players` wins, when bit p of `pairs` is the result of pair p.
bool wins(std::size_t i, std::size_t players, std::uint32_t pairs) {
  for (std::size_t j = 0; j < players; ++j) {
    if (j == i) continue;
    const bool later_wins = ((pairs >> MatchClaim::pair_index(std::min(i, j), std::max(i, j))) & 1) != 0;
    if (later_wins != (j < i)) return false;
  }
  return true;
}

class Match {
 public:
  /// `name` with a `sub` that is 0; the pairs count it up.
  Match(Builder& builder, std::span<const Player> players, const NetName& name)
      : builder_(builder), name_(name), inner_(last_name(name, players.size()), Tag::table) {
    claim_.players.assign(players.begin(), players.end());
  }

  Player play(bool needs_score) {
    compare_all();
    name_ = last_name(name_, claim_.players.size());
    const std::size_t count = claim_.players.size();
    if (count > kDirectPlayers) find_winner();
    const auto choose_all = [&](std::vector<NetId> Player::* part, Tag tag) {
      name_.tag = tag;
      for (std::size_t i = 0; i < (claim_.players[0].*part).size(); ++i) {
        name_.number = static_cast<std::uint32_t>(i);
        std::vector<NetId> bits;
        for (const Player& player : claim_.players) bits.push_back((player.*part)[i]);
        (claim_.winner.*part).push_back(count > kDirectPlayers ? choose_by_winner(bits) : choose_by_pairs(bits));
      }
    };
    if (needs_score) choose_all(&Player::score, Tag::score);
    choose_all(&Player::index, Tag::index);
    Player winner = claim_.winner;
    builder_.claim(std::move(claim_));
    return winner;
  }

  /// Players whose bits and pairs are few enough for one table of 6 inputs.
  static constexpr std::size_t kDirectPlayers = 3;

 private:
  /// What is neither of the first pair nor of another one; the same where there is only one.
  static NetName last_name(NetName name, std::size_t players) {
    name.sub = static_cast<std::uint32_t>(players == 2 ? 0 : players * (players - 1) / 2);
    return name;
  }

  void compare_all() {
    const bool is_fast = builder_.goal() != Goal::area;
    name_.tag = Tag::value;
    for (std::size_t j = 1; j < claim_.players.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        name_.sub = static_cast<std::uint32_t>(claim_.later_wins.size());
        const auto& left = claim_.players[i].score;
        const auto& right = claim_.players[j].score;
        claim_.later_wins.push_back(is_fast ? map_less_fast(builder_, left, right, name_)
                                            : map_less(builder_, left, right, name_));
      }
    }
  }

  /// One bit of the winner as a function of the players' bits and the pairs.
  NetId choose_by_pairs(const std::vector<NetId>& bits) {
    std::vector<NetId> inputs = bits;
    inputs.insert(inputs.end(), claim_.later_wins.begin(), claim_.later_wins.end());
    TruthTable table(static_cast<int>(inputs.size()));
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      bool value = false;
      for (std::size_t i = 0; i < bits.size(); ++i) value |= ((a >> i) & 1) != 0 && wins(i, bits.size(), a >> bits.size());
      table.set_bit(a, value);
    }
    return map_function(builder_, table, inputs, name_, inner_);
  }

  /// One net a player: it wins. Every pair is read once in each of its two players' trees.
  void find_winner() {
    NameSource names(name_, Tag::greater);
    for (std::size_t i = 0; i < claim_.players.size(); ++i) {
      std::vector<Literal> literals;
      for (std::size_t j = 0; j < claim_.players.size(); ++j) {
        if (j != i) literals.push_back({claim_.later_wins[MatchClaim::pair_index(std::min(i, j), std::max(i, j))], j > i});
      }
      winners_.push_back(add_tree(std::move(literals), true, names));
    }
  }

  /// The bit of the player that wins: an OR of those winners whose bit is 1, or may be.
  NetId choose_by_winner(const std::vector<NetId>& bits) {
    std::vector<Literal> terms;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      if (bits[i] == NetId::zero) continue;
      terms.push_back({bits[i] == NetId::one ? winners_[i] : add_tree({{winners_[i], false}, {bits[i], false}}, true, inner_),
                       false});
    }
    return add_tree(std::move(terms), false, inner_);
  }

  /// The AND or OR of literals as a balanced tree of LUTs.
  NetId add_tree(std::vector<Literal> literals, bool is_and, NameSource& names) {
    if (literals.empty()) return is_and ? NetId::one : NetId::zero;
    const auto lut = static_cast<std::size_t>(tech::lut_inputs(builder_.family()));
    while (literals.size() > 1 || literals[0].inverted) {
      std::vector<Literal> next;
      for (std::size_t first = 0; first < literals.size(); first += lut) {
        const std::size_t count = std::min(lut, literals.size() - first);
        if (count == 1 && first > 0) {
          next.push_back(literals[first]);
          continue;
        }
        TruthTable table(static_cast<int>(count));
        std::vector<NetId> inputs;
        std::uint32_t flips = 0;
        for (std::size_t k = 0; k < count; ++k) {
          inputs.push_back(literals[first + k].net);
          flips |= std::uint32_t{literals[first + k].inverted} << k;
        }
        const std::uint32_t all = table.entries() - 1;
        for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, is_and ? (a ^ flips) == all : (a ^ flips) != 0);
        next.push_back({map_function(builder_, table, inputs, names.next(), names), false});
      }
      literals = std::move(next);
    }
    return literals[0].net;
  }

  Builder& builder_;
  NetName name_;
  NameSource inner_;
  MatchClaim claim_;
  std::vector<NetId> winners_;
};

/// How many players meet in one match.
std::size_t match_players(const Builder& builder, std::size_t players) {
  constexpr std::size_t kFinalists = 16;  // all pairs of more are too many
  const bool has_six = tech::lut_inputs(builder.family()) >= 6;
  switch (builder.goal()) {
    case Goal::area: return 2;
    case Goal::balanced: return has_six ? Match::kDirectPlayers : 2;
    case Goal::delay: return players <= kFinalists ? players : has_six ? Match::kDirectPlayers : 2;
  }
  return 2;
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
  NetName match{.layer = layer, .unit = Unit::match};
  while (players.size() > 1) {
    const std::size_t each = match_players(builder, players.size());
    const bool is_final = players.size() <= each;
    std::vector<Player> next;
    for (std::size_t i = 0; i < players.size(); i += each) {
      const std::size_t count = std::min(each, players.size() - i);
      if (count == 1) {
        next.push_back(std::move(players[i]));
        continue;
      }
      next.push_back(Match(builder, std::span(players).subspan(i, count), match).play(!is_final));
      ++match.index;
    }
    players = std::move(next);
  }
  return players.front().index;
}

}  // namespace lutgen::map

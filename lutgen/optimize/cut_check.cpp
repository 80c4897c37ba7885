// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/cut_check.hpp"

#include <algorithm>

#include "lutgen/truth/word_values.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;
using Word = std::uint64_t;

constexpr std::size_t kMostCut = 16;
constexpr std::size_t kMostBits = 256;
constexpr std::size_t kMostTerms = 16;

/// The values of bits at 64 combinations of the cut's bits at a time: number 64*block to 64*block + 63.
class Block {
 public:
  Block(const logic::Graph& before, const logic::Graph& after, const Relation& relation, std::span<const BitId> cut,
        std::uint32_t block)
      : before_(before), after_(after), relation_(relation) {
    for (std::size_t k = 0; k < cut.size(); ++k) {
      made_[cut[k]] = truth::variable_word(k, block);
    }
    made_[BitId::zero] = 0;
    made_[BitId::one] = ~Word{0};
    for (const BitId low : cut) {
      for (const BitId high : cut) {
        if (implies(high, low)) possible_ &= made_[low] | ~made_[high];
      }
    }
  }

  /// Whether the old table is the literal at all combinations that may occur; false, too, where that cannot be evaluated.
  bool shows(BitId old) {
    const Literal literal = relation_.bits[index_of(old)];
    const Word made = new_value(literal.bit) ^ (literal.inverted ? ~Word{0} : 0);
    const Word expected = old_value(old);
    return !failed_ && ((made ^ expected) & possible_) == 0;
  }

 private:
  [[nodiscard]] bool implies(BitId high, BitId low) const {
    return after_.kind(high) == BitKind::compare && after_.kind(low) == BitKind::compare &&
           after_.compared_sum(high) == after_.compared_sum(low) && after_.compared_constant(high) > after_.compared_constant(low);
  }

  Word give_up() {
    failed_ = true;
    return 0;
  }

  Word new_value(BitId bit) {
    if (const auto known = made_.find(bit); known != made_.end()) return known->second;
    if (failed_ || made_.size() > kMostBits) return give_up();
    Word value = 0;
    if (after_.kind(bit) == BitKind::lut) {
      std::vector<Word> inputs;
      for (const BitId fanin : after_.fanins(bit)) inputs.push_back(new_value(fanin));
      value = truth::evaluate_words(after_.table_words(bit), inputs);
    } else if (after_.kind(bit) == BitKind::compare) {
      value = compare_value(bit);
    } else {
      return give_up();
    }
    made_[bit] = value;
    return value;
  }

  Word compare_value(BitId bit) {
    const logic::SumId sum = after_.compared_sum(bit);
    const auto terms = after_.terms(sum);
    if (terms.size() > kMostTerms) return give_up();
    std::vector<Word> inputs;
    for (const logic::Term& term : terms) inputs.push_back(new_value(term.bit));
    Word value = 0;
    for (int i = 0; i < 64; ++i) {
      std::int64_t total = after_.sum(sum).constant;
      for (std::size_t k = 0; k < terms.size(); ++k) total += ((inputs[k] >> i) & 1) != 0 ? terms[k].weight : 0;
      value |= Word{total > after_.compared_constant(bit) ? 1u : 0u} << i;
    }
    return value;
  }

  Word old_value(BitId old) {
    if (before_.kind(old) != BitKind::lut) return give_up();
    if (const auto known = expanded_.find(old); known != expanded_.end()) return known->second;
    if (failed_ || expanded_.size() > kMostBits) return give_up();
    std::vector<Word> inputs;
    for (const BitId fanin : before_.fanins(old)) {
      const Literal literal = relation_.bits[index_of(fanin)];
      const Word value = literal.is_held() ? new_value(literal.bit) : old_value(fanin);
      inputs.push_back(literal.inverted ? ~value : value);
    }
    return expanded_[old] = truth::evaluate_words(before_.table_words(old), inputs);
  }

  const logic::Graph& before_;
  const logic::Graph& after_;
  const Relation& relation_;
  std::map<BitId, Word> made_;      // bits of the new graph
  std::map<BitId, Word> expanded_;  // bits of the old graph that no new bit holds, and the table itself
  Word possible_ = ~Word{0};
  bool failed_ = false;
};

}  // namespace

bool shows_on_cut(const logic::Graph& before, const logic::Graph& after, const Relation& relation, const CutClaim& claim) {
  if (claim.cut.size() > kMostCut) return false;
  const std::uint32_t combinations = 1u << claim.cut.size();
  for (std::uint32_t block = 0; block * 64 < combinations; ++block) {
    if (!Block(before, after, relation, claim.cut, block).shows(claim.table)) return false;
  }
  return true;
}

}  // namespace lutgen::optimize

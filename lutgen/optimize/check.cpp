// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/check.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "lutgen/optimize/cut_check.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::Graph;
using logic::index_of;
using logic::SumId;
using logic::Term;

/// More bits than this are not tried in all combinations.
constexpr std::size_t kMostLeaves = 16;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// Values of some bits of the new graph, one combination after the other: bit i of `values` is leaves[i].
struct Leaves {
  std::vector<BitId> bits;

  void add(BitId bit) {
    if (bit == BitId::zero || bit == BitId::one || find(bit)) return;
    bits.push_back(bit);
  }
  [[nodiscard]] std::optional<std::size_t> find(BitId bit) const {
    const auto found = std::find(bits.begin(), bits.end(), bit);
    return found == bits.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - bits.begin()));
  }
  [[nodiscard]] bool value(BitId bit, std::uint64_t values) const {
    if (bit == BitId::zero || bit == BitId::one) return bit == BitId::one;
    return ((values >> *find(bit)) & 1) != 0;
  }
};

/// An old sum over bits of the new graph, its constant moved to the limit.
struct Inequality {
  std::map<BitId, std::int64_t> weights;
  std::int64_t limit = 0;

  Inequality(const Linear& linear, std::int64_t constant) : limit(constant - linear.constant) {
    for (const Term& term : linear.terms) {
      if (term.bit == BitId::one) limit -= term.weight;
      if (term.bit != BitId::one && term.bit != BitId::zero) weights[term.bit] += term.weight;
    }
    std::erase_if(weights, [](const auto& entry) { return entry.second == 0; });
  }
};

class Checker {
 public:
  Checker(const Graph& before, const Graph& after, const Relation& relation, const Cuts& cuts)
      : before_(before), after_(after), relation_(relation), cuts_(cuts) {}

  std::string run() const {
    if (before_.input_count() != after_.input_count()) return "the inputs differ";
    for (std::uint32_t i = 0; i < before_.bit_count(); ++i) {
      const BitId old{i};
      if (at(old).is_held() && !shows_bit(old, at(old))) return fmt::format("bit {} is not shown to be what it was", i);
    }
    for (std::uint32_t i = 0; i < before_.sum_count(); ++i) {
      const SumId sum = relation_.sums[i];
      if (sum != logic::kNoSum && !shows_sum(SumId{i}, sum)) return fmt::format("sum {} is not shown to be what it was", i);
    }
    return check_outputs();
  }

 private:
  [[nodiscard]] Literal at(BitId old) const { return relation_.bits[index_of(old)]; }

  /// Whether an output bit is the literal: its bit, or an inverter of its bit.
  [[nodiscard]] bool holds_literal(BitId output, Literal literal) const {
    if (!literal.inverted) return output == literal.bit;
    const auto fanins = after_.fanins(output);
    return fanins.size() == 1 && fanins[0] == literal.bit && after_.table(output).word() == 0b01;
  }

  [[nodiscard]] bool shows_bit(BitId old, Literal literal) const {
    switch (before_.kind(old)) {
      case BitKind::constant: return literal == Literal{old, false};
      case BitKind::input:
        return !literal.inverted && after_.kind(literal.bit) == BitKind::input &&
               after_.input_index(literal.bit) == before_.input_index(old);
      case BitKind::lut: {
        const auto cut = cuts_.find(old);
        return cut == cuts_.end() ? shows_table(old, literal) : shows_on_cut(before_, after_, relation_, {old, cut->second});
      }
      case BitKind::compare: return shows_compare(old, literal);
    }
    return false;
  }

  /// Bits of the new graph that an old table is a function of, through tables that no new bit holds.
  [[nodiscard]] bool gather(BitId old, Leaves& leaves) const {
    if (before_.kind(old) != BitKind::lut) return false;
    for (const BitId fanin : before_.fanins(old)) {
      if (!at(fanin).is_held()) {
        if (!gather(fanin, leaves)) return false;
      } else {
        leaves.add(at(fanin).bit);
      }
      if (leaves.bits.size() > kMostLeaves) return false;
    }
    return true;
  }

  [[nodiscard]] bool old_value(BitId old, const Leaves& leaves, std::uint64_t values) const {
    std::uint32_t address = 0;
    const auto fanins = before_.fanins(old);
    for (std::size_t k = 0; k < fanins.size(); ++k) {
      const Literal literal = at(fanins[k]);
      const bool value = literal.is_held() ? leaves.value(literal.bit, values) != literal.inverted
                                           : old_value(fanins[k], leaves, values);
      address |= std::uint32_t{value} << k;
    }
    return ((before_.table_words(old)[address >> 6] >> (address & 63)) & 1) != 0;
  }

  [[nodiscard]] bool new_value(BitId bit, const Leaves& leaves, std::uint64_t values) const {
    if (bit == BitId::zero || bit == BitId::one || leaves.find(bit)) return leaves.value(bit, values);
    std::uint32_t address = 0;
    const auto fanins = after_.fanins(bit);
    for (std::size_t k = 0; k < fanins.size(); ++k) address |= std::uint32_t{leaves.value(fanins[k], values)} << k;
    return ((after_.table_words(bit)[address >> 6] >> (address & 63)) & 1) != 0;
  }

  /// Whether the new bit is the same table of the same bits in the same order, nothing inverted: most are.
  [[nodiscard]] bool is_copy(BitId old, Literal literal) const {
    if (literal.inverted || after_.kind(literal.bit) != BitKind::lut) return false;
    const auto same = [&](BitId fanin, BitId made) { return at(fanin) == Literal{made, false}; };
    const auto fanins = before_.fanins(old);
    const auto made = after_.fanins(literal.bit);
    return std::equal(fanins.begin(), fanins.end(), made.begin(), made.end(), same) &&
           std::ranges::equal(before_.table_words(old), after_.table_words(literal.bit));
  }

  [[nodiscard]] bool shows_table(BitId old, Literal literal) const {
    if (is_copy(old, literal)) return true;
    Leaves leaves;
    if (!gather(old, leaves)) return false;
    const bool is_leaf = literal.bit == BitId::zero || literal.bit == BitId::one || leaves.find(literal.bit).has_value();
    if (!is_leaf) {
      if (after_.kind(literal.bit) != BitKind::lut) return false;
      for (const BitId fanin : after_.fanins(literal.bit)) leaves.add(fanin);
      if (leaves.bits.size() > kMostLeaves) return false;
    }
    for (std::uint64_t values = 0; values < std::uint64_t{1} << leaves.bits.size(); ++values) {
      if (old_value(old, leaves, values) != (new_value(literal.bit, leaves, values) != literal.inverted)) return false;
    }
    return true;
  }

  /// The value of a sum over new bits; nothing where a bit of it is not held.
  [[nodiscard]] std::optional<Linear> linear_of(SumId old) const {
    Linear linear{{}, before_.sum(old).constant};
    for (const Term& term : before_.terms(old)) {
      const Literal literal = at(term.bit);
      if (!literal.is_held()) return std::nullopt;
      if (literal.inverted) linear.constant += term.weight;
      linear.terms.push_back({literal.bit, literal.inverted ? -term.weight : term.weight});
    }
    return linear;
  }

  [[nodiscard]] Linear new_linear(SumId sum) const {
    return {{after_.terms(sum).begin(), after_.terms(sum).end()}, after_.sum(sum).constant};
  }

  [[nodiscard]] bool shows_compare(BitId old, Literal literal) const {
    const auto linear = linear_of(before_.compared_sum(old));
    if (!linear) return false;
    const Inequality inequality(*linear, before_.compared_constant(old));
    const bool is_compare = after_.kind(literal.bit) == BitKind::compare && !inequality.weights.contains(literal.bit);
    return is_compare ? shows_same_compare(inequality, literal) : shows_tabulated(inequality, literal);
  }

  /// old: g*B + rest > c; new: B > d. For rest in lowest..highest, g*B > c - rest is B > floor((c - rest) / g).
  [[nodiscard]] bool shows_same_compare(const Inequality& old, Literal literal) const {
    Inequality made(new_linear(after_.compared_sum(literal.bit)), after_.compared_constant(literal.bit));
    if (literal.inverted) {  // not (B > d) is -B > -d - 1
      for (auto& [bit, weight] : made.weights) weight = -weight;
      made.limit = -made.limit - 1;
    }
    if (made.weights.empty()) return shows_decided(old, made.limit < 0);
    const auto& [first, weight] = *made.weights.begin();
    const auto twin = old.weights.find(first);
    if (twin == old.weights.end() || twin->second % weight != 0) return false;
    const std::int64_t factor = twin->second / weight;
    if (factor < 1) return false;
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    std::size_t found = 0;
    for (const auto& [bit, old_weight] : old.weights) {
      const auto same = made.weights.find(bit);
      if (same == made.weights.end()) {
        (old_weight < 0 ? lowest : highest) += old_weight;
      } else if (++found; same->second * factor != old_weight) {
        return false;
      }
    }
    return found == made.weights.size() && floor_divide(old.limit - lowest, factor) == made.limit &&
           floor_divide(old.limit - highest, factor) == made.limit;
  }

  /// Whether the bounds of the old sum decide the comparison.
  [[nodiscard]] static bool shows_decided(const Inequality& old, bool value) {
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    for (const auto& [bit, weight] : old.weights) (weight < 0 ? lowest : highest) += weight;
    return value ? lowest > old.limit : highest <= old.limit;
  }

  /// For every value of what the new table reads, the bounds of the old sum decide the comparison.
  [[nodiscard]] bool shows_tabulated(const Inequality& old, Literal literal) const {
    Leaves leaves;
    if (literal.bit != BitId::zero && literal.bit != BitId::one) {
      if (old.weights.contains(literal.bit)) {
        leaves.add(literal.bit);
      } else {
        if (after_.kind(literal.bit) != BitKind::lut) return false;
        for (const BitId fanin : after_.fanins(literal.bit)) leaves.add(fanin);
      }
    }
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    for (const auto& [bit, weight] : old.weights) {
      if (!leaves.find(bit)) (weight < 0 ? lowest : highest) += weight;
    }
    if (leaves.bits.size() > kMostLeaves) return false;
    std::vector<std::int64_t> weights;  // [leaves]
    for (const BitId leaf : leaves.bits) {
      const auto term = old.weights.find(leaf);
      weights.push_back(term == old.weights.end() ? 0 : term->second);
    }
    for (std::uint64_t values = 0; values < std::uint64_t{1} << leaves.bits.size(); ++values) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < weights.size(); ++i) sum += ((values >> i) & 1) != 0 ? weights[i] : 0;
      const bool value = new_value(literal.bit, leaves, values) != literal.inverted;
      if (value ? sum + lowest <= old.limit : sum + highest > old.limit) return false;
    }
    return true;
  }

  [[nodiscard]] bool shows_sum(SumId old, SumId made) const {
    const auto linear = linear_of(old);
    if (!linear) return false;
    const Inequality a(*linear, 0);
    const Inequality b(new_linear(made), 0);
    return a.weights == b.weights && a.limit == b.limit;
  }

  [[nodiscard]] std::string check_outputs() const {
    const logic::Outputs& a = before_.outputs;
    const logic::Outputs& b = after_.outputs;
    if (a.score_bits != b.score_bits || a.argmax != b.argmax || a.argmax_layer != b.argmax_layer || a.bits.size() != b.bits.size() ||
        a.scores.size() != b.scores.size()) {
      return "the network has other outputs";
    }
    for (std::size_t i = 0; i < a.bits.size(); ++i) {
      if (!holds_literal(b.bits[i], at(a.bits[i]))) return fmt::format("output bit {} is another one", i);
    }
    for (std::size_t i = 0; i < a.scores.size(); ++i) {
      if (relation_.sums[index_of(a.scores[i])] != b.scores[i]) return fmt::format("score {} is another one", i);
    }
    return "";
  }

  const Graph& before_;
  const Graph& after_;
  const Relation& relation_;
  const Cuts& cuts_;
};

}  // namespace

std::string find_difference(const Graph& before, const Graph& after, const Relation& relation, const Cuts& cuts) {
  return Checker(before, after, relation, cuts).run();
}

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/table_ops.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/function4.hpp"

namespace lutgen::eval {
namespace {

using Lits = std::array<Lit, 6>;

/// The cheapest way to split an input off.
struct Split {
  unsigned cost = ~0u;
  int input = 0;
  Join join = Join::choose;

  void offer(unsigned new_cost, int new_input, Join new_join) {
    if (new_cost < cost) *this = {new_cost, new_input, new_join};
  }
};

/// Bits of a table of `count` inputs at which input k is 0.
constexpr std::array<std::uint64_t, 6> kLow{0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F,
                                            0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF};

/// Adds functions of up to six inputs, whose tables fill a word: bits beyond 2^inputs repeat.
class SmallTables {
 public:
  explicit SmallTables(ProgramBuilder& builder) : builder_(builder), functions_(functions4(builder.basis())) {}

  Lit add(std::uint64_t table, Lits inputs, int count) {
    // Inputs that are constants, complements or equal to each other go, the highest first.
    for (int k = count; k-- > 0;) {
      const auto at = static_cast<std::size_t>(k);
      const int shift = 1 << k;
      if (is_inverted(inputs[at])) {
        table = ((table & kLow[at]) << shift) | ((table >> shift) & kLow[at]);
        inputs[at] = ~inputs[at];
      }
      if (inputs[at] == Lit::zero) table = (table & kLow[at]) | ((table & kLow[at]) << shift);
      for (int j = 0; j < k; ++j) {
        const auto other = static_cast<std::size_t>(j);
        if (value_of(inputs[other]) == value_of(inputs[at])) table = tie(table, other, at, is_inverted(inputs[other]));
      }
    }
    // Only now: what was folded in may have made others not matter.
    for (int k = count; k-- > 0;) {
      if ((((table >> (1 << k)) ^ table) & kLow[static_cast<std::size_t>(k)]) == 0) remove(table, inputs, k, count--);
    }
    return add_reduced(table, inputs, count);
  }

 private:
  /// Input `high` is the same as `low`, or its complement: the table no longer depends on it.
  static std::uint64_t tie(std::uint64_t table, std::size_t low, std::size_t high, bool complement) {
    const auto fixed = [&](std::size_t k, bool value, std::uint64_t t) {
      const std::uint64_t half = value ? (t >> (1 << k)) & kLow[k] : t & kLow[k];
      return half | (half << (1 << k));
    };
    const std::uint64_t at0 = fixed(high, complement, fixed(low, false, table));
    const std::uint64_t at1 = fixed(high, !complement, fixed(low, true, table));
    return (at0 & kLow[low]) | (at1 & ~kLow[low]);
  }

  /// Takes input k, which does not matter, out: those above move down.
  static void remove(std::uint64_t& table, Lits& inputs, int k, int count) {
    for (int j = k; j + 1 < count; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const int shift = 1 << j;
      const std::uint64_t change = ((table >> shift) ^ table) & kLow[at + 1] & ~kLow[at];
      table ^= change | (change << shift);
      std::swap(inputs[at], inputs[at + 1]);
    }
  }

  Lit add_reduced(std::uint64_t table, const Lits& inputs, int count) {
    switch (count) {
      case 0: return (table & 1) != 0 ? Lit::one : Lit::zero;
      case 1: return (table & 1) != 0 ? ~inputs[0] : inputs[0];
      case 2: return builder_.add2(table & 0xF, inputs[0], inputs[1]);
      case 3: return builder_.add3(table & 0xFF, inputs[0], inputs[1], inputs[2]);
      case 4: return add4(table & 0xFFFF, inputs);
      case 5: return add5(static_cast<std::uint32_t>(table), inputs);
      default: return add6(table, inputs);
    }
  }

  Lit join(Join how, Lit low, Lit high, Lit change, Lit select) {
    switch (how) {
      case Join::choose: return builder_.choose(select, high, low);
      case Join::low_change: return builder_.add3(0x6A, low, change, select);   // low ^ (change & select)
      case Join::high_change: break;
    }
    return builder_.add3(0xA6, high, change, select);  // high ^ (change & ~select)
  }

  Lit add3(std::uint32_t table, const Lits& inputs) {
    return builder_.add3(table & 0xFF, inputs[0], inputs[1], inputs[2]);
  }

  Lit add4(std::uint32_t table, Lits inputs) {
    for (int k = 0; k < 4; ++k) {
      const std::uint32_t swapped = swap_top4(table, k);
      if ((swapped & 0xFF) != swapped >> 8) continue;
      inputs[static_cast<std::size_t>(k)] = inputs[3];
      return add3(swapped, inputs);
    }
    const Recipe4& recipe = functions_.recipes[table];
    if (recipe.nested) {
      const Lit last = inputs[recipe.last];
      std::copy(inputs.begin() + recipe.last + 1, inputs.begin() + 4, inputs.begin() + recipe.last);
      return builder_.add3(recipe.outer, add3(recipe.inner, inputs), last, inputs[recipe.again]);
    }
    const std::uint32_t swapped = swap_top4(table, recipe.last);
    std::swap(inputs[recipe.last], inputs[3]);
    const std::uint32_t high = swapped >> 8;
    const auto part = [&](bool wanted, std::uint32_t half) { return wanted ? add3(half, inputs) : Lit::zero; };
    const Lit low_part = part(recipe.join != Join::high_change, swapped);
    const Lit high_part = part(recipe.join != Join::low_change, high);
    return join(recipe.join, low_part, high_part, part(recipe.join != Join::choose, swapped ^ high), inputs[3]);
  }

  /// The cheapest split of the top input, whose halves and difference cost so much.
  void offer(Split& split, int input, unsigned low, unsigned high, unsigned change) const {
    split.offer(low + high + join_cost(builder_.basis(), Join::choose), input, Join::choose);
    split.offer(low + change + join_cost(builder_.basis(), Join::low_change), input, Join::low_change);
    split.offer(high + change + join_cost(builder_.basis(), Join::high_change), input, Join::high_change);
  }

  [[nodiscard]] Split best_split5(std::uint32_t table) const {
    Split split;
    for (int k = 0; k < 5; ++k) {
      const std::uint32_t swapped = swap_top5(table, k);
      const std::uint32_t low = swapped & 0xFFFF;
      const std::uint32_t high = swapped >> 16;
      offer(split, k, functions_.cost4[low], functions_.cost4[high], functions_.cost4[low ^ high]);
    }
    return split;
  }

  Lit add5(std::uint32_t table, Lits inputs) {
    const Split split = best_split5(table);
    const std::uint32_t swapped = swap_top5(table, split.input);
    std::swap(inputs[static_cast<std::size_t>(split.input)], inputs[4]);
    const std::uint32_t low = swapped & 0xFFFF;
    const std::uint32_t high = swapped >> 16;
    const auto part = [&](bool wanted, std::uint32_t half) { return wanted ? add4(half, inputs) : Lit::zero; };
    const Lit low_part = part(split.join != Join::high_change, low);
    const Lit high_part = part(split.join != Join::low_change, high);
    return join(split.join, low_part, high_part, part(split.join != Join::choose, low ^ high), inputs[4]);
  }

  Lit add6(std::uint64_t table, Lits inputs) {
    Split split;
    for (int k = 0; k < 6; ++k) {
      const std::uint64_t swapped = swap_top6(table, k);
      const auto low = static_cast<std::uint32_t>(swapped);
      const auto high = static_cast<std::uint32_t>(swapped >> 32);
      offer(split, k, best_split5(low).cost, best_split5(high).cost, best_split5(low ^ high).cost);
    }
    const std::uint64_t swapped = swap_top6(table, split.input);
    std::swap(inputs[static_cast<std::size_t>(split.input)], inputs[5]);
    const auto low = static_cast<std::uint32_t>(swapped);
    const auto high = static_cast<std::uint32_t>(swapped >> 32);
    const auto part = [&](bool wanted, std::uint32_t half) { return wanted ? add5(half, inputs) : Lit::zero; };
    const Lit low_part = part(split.join != Join::high_change, low);
    const Lit high_part = part(split.join != Join::low_change, high);
    return join(split.join, low_part, high_part, part(split.join != Join::choose, low ^ high), inputs[5]);
  }

  ProgramBuilder& builder_;
  const Functions4& functions_;
};

/// A table of more than six inputs: halved down to words, each different word (or complement of one) made once.
class WideTable {
 public:
  WideTable(ProgramBuilder& builder, std::span<const Lit> inputs) : builder_(builder), small_(builder), inputs_(inputs) {
    std::copy_n(inputs.begin(), 6, low_.begin());
  }

  Lit add(std::span<const std::uint64_t> table, std::size_t count) {
    if (count == 6) return add_word(table[0]);
    const auto low = table.first(table.size() / 2);
    const auto high = table.last(table.size() / 2);
    if (std::equal(low.begin(), low.end(), high.begin())) return add(low, count - 1);
    const Lit low_part = add(low, count - 1);
    return builder_.choose(inputs_[count - 1], add(high, count - 1), low_part);
  }

 private:
  Lit add_word(std::uint64_t word) {
    const bool inverted = (word & 1) != 0;
    if (inverted) word = ~word;
    const auto [entry, is_new] = made_.try_emplace(word, Lit::zero);
    if (is_new) entry->second = small_.add(word, low_, 6);
    return inverted ? ~entry->second : entry->second;
  }

  ProgramBuilder& builder_;
  SmallTables small_;
  std::span<const Lit> inputs_;
  Lits low_{};
  std::unordered_map<std::uint64_t, Lit> made_;
};

}  // namespace

Lit add_table(ProgramBuilder& builder, std::span<const std::uint64_t> table, std::span<const Lit> inputs) {
  if (inputs.size() > 6) return WideTable(builder, inputs).add(table, inputs.size());
  LUTGEN_CHECK(table.size() == 1);
  std::uint64_t word = table[0];
  for (std::size_t k = inputs.size(); k < 6; ++k) word |= word << (std::size_t{1} << k);
  Lits lits{};
  std::copy(inputs.begin(), inputs.end(), lits.begin());
  return SmallTables(builder).add(word, lits, static_cast<int>(inputs.size()));
}

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/lut_tree.hpp"

#include <algorithm>
#include <array>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;

/// A function of four inputs, entry 0 in bit 0. Kept with entry 0 = 0: the complement costs the same, since
/// any table that a function feeds can be written for its complement.
using Word = std::uint16_t;

constexpr std::size_t kWords = 1u << 16;
/// Half of all functions have entry 0 = 0.
constexpr std::size_t kNormalWords = kWords / 2;
constexpr std::array<Word, kTreeInputs> kLiterals = {0xAAAA, 0xCCCC, 0xF0F0, 0xFF00};
constexpr std::uint8_t kUnknown = 0xFF;
/// Tables of two inputs (bit a is the value at address {right, left}) that matter, but for complements.
constexpr std::array<std::uint8_t, 5> kGates = {0b1000, 0b0010, 0b0100, 0b0001, 0b0110};
constexpr std::uint8_t kLeft = 0b1010;

constexpr Word normal(unsigned word) { return static_cast<Word>((word & 1) != 0 ? ~word : word); }

/// A two-input table and the functions on its inputs. `cells` counts what has to be paid below it.
struct Gate {
  Word left = 0;
  Word right = 0;
  std::uint8_t table = 0;
  std::uint8_t cells = kUnknown;
};

/// For every normal function: the cheapest way to make it on the output of a cell (`outputs`), and on one of the
/// two inner wires of a cell, its first rank (`legs`). An output is a gate on two legs; a leg is a gate on
/// two outputs or literals, or one of them as it is. Found in order of cost: what n cells below cannot make
/// is tried with n + 1.
class LutTrees {
 public:
  LutTrees() : legs_(kWords), outputs_(kWords) {
    legs_[0].cells = outputs_[0].cells = 0;  // constants are wires
    std::vector<std::vector<Word>> legs;     // [cells below]
    std::vector<std::vector<Word>> outputs(1);
    for (const Word literal : kLiterals) add(outputs_, outputs[0], literal, {0, 0, 0, 0});
    for (std::size_t cells = 0; found_ < kNormalWords; ++cells) {
      auto& new_legs = legs.emplace_back();
      for (const Word word : outputs[cells]) {
        add(legs_, new_legs, word, {word, 0, kLeft, static_cast<std::uint8_t>(cells)});
      }
      combine(outputs, cells, legs_, new_legs, static_cast<std::uint8_t>(cells));
      auto& new_outputs = outputs.emplace_back();
      combine(legs, cells, outputs_, new_outputs, static_cast<std::uint8_t>(cells + 1));
    }
  }

  [[nodiscard]] const Gate& leg(Word word) const { return legs_[word]; }
  [[nodiscard]] const Gate& output(Word word) const { return outputs_[word]; }

 private:
  /// All gates on two functions that cost `cells` together.
  void combine(const std::vector<std::vector<Word>>& operands, std::size_t cells, std::vector<Gate>& gates,
               std::vector<Word>& made, std::uint8_t cost) {
    for (std::size_t low = 0; 2 * low <= cells; ++low) {
      for (const Word left : operands[low]) {
        for (const Word right : operands[cells - low]) {
          for (const std::uint8_t table : kGates) {
            const Word word = apply(table, left, right);
            const auto kept = static_cast<std::uint8_t>((word & 1) != 0 ? table ^ 0xF : table);
            add(gates, made, normal(word), {left, right, kept, cost});
          }
        }
        if (found_ == kNormalWords) return;
      }
    }
  }

  static Word apply(std::uint8_t table, Word left, Word right) {
    switch (table) {
      case 0b1000: return left & right;
      case 0b0010: return static_cast<Word>(left & ~right);
      case 0b0100: return static_cast<Word>(~left & right);
      case 0b0001: return static_cast<Word>(~(left | right));
      default: return left ^ right;
    }
  }

  void add(std::vector<Gate>& gates, std::vector<Word>& made, Word word, const Gate& gate) {
    if (gates[word].cells != kUnknown) return;
    gates[word] = gate;
    made.push_back(word);
    found_ += &gates == &outputs_ ? 1 : 0;
  }

  std::vector<Gate> legs_;
  std::vector<Gate> outputs_;
  std::size_t found_ = 1;
};

/// A constant, computed when it is first asked for.
const LutTrees& trees() {
  static const LutTrees kTrees;
  return kTrees;
}

Word word_of(const TruthTable& table) {
  LUTGEN_CHECK(table.inputs() <= kTreeInputs);
  return static_cast<Word>(table.extended(kTreeInputs - table.inputs()).word());
}

class TreeBuilder {
 public:
  TreeBuilder(Builder& builder, std::span<const NetId> inputs, NameSource& inner)
      : builder_(builder), inputs_(inputs), inner_(inner) {}

  /// The net with function `word`, or its complement where that was kept.
  NetId build(Word word, const NetName& name) {
    const Gate& root = trees().output(normal(word));
    const Gate& left = trees().leg(root.left);
    const Gate& right = trees().leg(root.right);
    const unsigned table = (word & 1) != 0 ? root.table ^ 0xFu : root.table;
    if (left.table == kLeft && right.table == kLeft) {
      const std::array nets{operand(left.left), operand(right.left)};
      builder_.begin_group(name.layer);
      return builder_.add_lut(TruthTable::from_word(2, table), nets, name);
    }
    std::array<NetId, 5> pins{NetId::zero, operand(left.left), operand(left.right), operand(right.left),
                              operand(right.right)};
    builder_.begin_group(name.layer);
    pins[0] = builder_.add_net(name);
    const std::uint64_t init = left.table | (unsigned{right.table} << 4) | (table << 8);
    builder_.add_cell(tech::Cell::cc_l2t4, init, pins, name.layer);
    return pins[0];
  }

 private:
  NetId operand(Word word) {
    if (word == 0) return NetId::zero;
    for (std::size_t i = 0; i < kLiterals.size(); ++i) {
      if (word == kLiterals[i]) return inputs_[i];
    }
    return build(word, inner_.next());
  }

  Builder& builder_;
  std::span<const NetId> inputs_;
  NameSource& inner_;
};

/// Cost of a function of up to 6 inputs on a net of its own: there even a complement takes a table.
int cost_of(TruthTable table) {
  for (int input = table.inputs(); input-- > 0;) {
    if (!table.depends_on(input)) table = table.cofactor(input, false);
  }
  if (table.inputs() == 1) return table.word() == 0b10 ? 0 : 1;
  return table.inputs() <= kTreeInputs ? lut_tree_cost(table) : find_tree_split(table).cost;
}

/// Cost of several functions, equal ones built once.
template <std::size_t Count>
int cost_of(const std::array<TruthTable, Count>& parts) {
  int cost = 0;
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (std::find(parts.begin(), part, *part) == part) cost += cost_of(*part);
  }
  return cost;
}

}  // namespace

TreeSplit find_tree_split(const TruthTable& table) {
  const int inputs = table.inputs();
  LUTGEN_CHECK(inputs > kTreeInputs);
  if (inputs > truth::kWordInputs) return {inputs - 2, inputs - 1, 0};
  TreeSplit best;
  const auto consider = [&](int low, int high, int cost) {
    if (best.high < 0 || cost < best.cost) best = {low, high, cost};
  };
  for (int high = 0; high < inputs; ++high) {
    const std::array halves{table.cofactor(high, false), table.cofactor(high, true)};
    for (int low = 0; low < high; ++low) {
      const std::array parts{halves[0].cofactor(low, false), halves[0].cofactor(low, true),
                             halves[1].cofactor(low, false), halves[1].cofactor(low, true)};
      consider(low, high, kMx4Cost + cost_of(parts));
    }
  }
  // A two-to-one multiplexer is deeper, so it has to be cheaper.
  for (int high = 0; high < inputs; ++high) {
    consider(-1, high, 1 + cost_of(std::array{table.cofactor(high, false), table.cofactor(high, true)}));
  }
  return best;
}

int lut_tree_cost(const TruthTable& table) {
  return trees().output(normal(word_of(table))).cells;
}

NetId add_lut_tree(Builder& builder, const TruthTable& table, std::span<const NetId> inputs,
                   const NetName& name, NameSource& inner) {
  LUTGEN_CHECK(inputs.size() == static_cast<std::size_t>(table.inputs()));
  LUTGEN_CHECK(table.support() == (1u << table.inputs()) - 1 && table.inputs() >= 1);
  if (table.inputs() == 1) {
    builder.begin_group(name.layer);
    return builder.add_lut(table, inputs, name);
  }
  return TreeBuilder(builder, inputs, inner).build(word_of(table), name);
}

}  // namespace lutgen::map

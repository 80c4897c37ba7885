// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/base/large_vector.hpp"

namespace lutgen::eval {

/// A value of a word program (index in the order constant 0, inputs, operations), or its complement:
/// 2 * value + 1 where it is complemented.
enum class Lit : std::uint32_t { zero = 0, one = 1 };

/// The value that a literal stands for. O(1).
[[nodiscard]] constexpr std::uint32_t value_of(Lit lit) { return static_cast<std::uint32_t>(lit) >> 1; }
/// Whether a literal is the complement of its value. O(1).
[[nodiscard]] constexpr bool is_inverted(Lit lit) { return (static_cast<std::uint32_t>(lit) & 1) != 0; }
/// The literal of a value. O(1).
[[nodiscard]] constexpr Lit literal(std::uint32_t value, bool inverted = false) {
  return Lit{2 * value + (inverted ? 1u : 0u)};
}
/// The complement. O(1).
[[nodiscard]] constexpr Lit operator~(Lit lit) { return Lit{static_cast<std::uint32_t>(lit) ^ 1u}; }

/// What the operations of a program are: functions of up to three inputs, as `vpternlog` computes them in one instruction;
/// or of two, as every machine has them.
enum class Basis : std::uint8_t { ternary, binary };

/// One operation on words, sample by sample.
///
/// table     bit a is the result at the address a whose bit k is operand k; bit 0 is 0 always (complements are in the
///           literals that read the result), so that a binary program needs and, or, exclusive or, and-not, nothing else.
///           Operation of two inputs: both halves are equal
/// operands  values, all different, growing; operands[2] is 0 when there are only two
struct WordOp {
  std::array<std::uint32_t, 3> operands{};
  std::uint8_t table = 0;

  /// 2 or 3. O(1).
  [[nodiscard]] int arity() const { return operands[2] == 0 ? 2 : 3; }
};

/// A straight-line program on words of any width: the form from which code is made.
///
/// Value 0 is the constant 0, values 1 .. input_count are inputs, then follow the results of `ops` in their order; each
/// operation reads only values before it.
struct Program {
  std::uint32_t input_count = 0;
  base::LargeVector<WordOp> ops;
  std::vector<Lit> outputs;

  /// All values. O(1).
  [[nodiscard]] std::uint32_t value_count() const {
    return 1 + input_count + static_cast<std::uint32_t>(ops.size());
  }
};

/// Runs a program on words of `lanes` times 64 bits, with no generated code.
///
/// inputs   [input_count][lanes]; outputs [outputs][lanes]: complements are applied, unlike in generated code
/// scratch  resized to [value_count][lanes rounded up to 8]; kept between calls it is allocated once
/// Cost     O(ops * lanes)
void interpret(const Program& program, std::size_t lanes, std::span<const std::uint64_t> inputs,
               std::span<std::uint64_t> outputs, std::vector<std::uint64_t>& scratch);

/// Builds a program: every operation is simplified (constants, equal and complementary operands, inputs that do not matter)
/// and made once only.
class ProgramBuilder {
 public:
  ProgramBuilder(Basis basis, std::uint32_t inputs);

  /// Input `index` of the program. O(1).
  [[nodiscard]] static Lit input(std::uint32_t index) { return literal(1 + index); }
  /// A function of two literals; bit a of `table` is its value at address a, `x` the least significant bit. O(1).
  Lit add2(unsigned table, Lit x, Lit y);
  /// A function of three literals: bit a of `table` is its value at the address a whose bits are x, y, z, least first. O(1).
  Lit add3(unsigned table, Lit x, Lit y, Lit z);
  /// `select` ? `high` : `low`.
  Lit choose(Lit select, Lit high, Lit low) { return add3(0xCA, low, high, select); }

  [[nodiscard]] Basis basis() const { return basis_; }
  /// Operations so far. O(1).
  [[nodiscard]] std::size_t op_count() const { return program_.ops.size(); }
  /// The program with these outputs, without operations that none of them needs; the builder cannot be used afterwards.
  /// inputs  how many of the inputs, the first ones, the program shall have; no operation reads the others
  [[nodiscard]] Program finish(std::vector<Lit> outputs, std::uint32_t inputs);

 private:
  /// Eight entries of the table of operations: operations + 1, free ones 0 and last, and their hashes. All are looked at
  /// together, without a branch that depends on where something is: a look-up waits for memory, and while it does the
  /// processor shall go on as foreseen, with nothing found.
  struct alignas(64) Line {
    std::array<std::uint32_t, 8> hashes{};
    std::array<std::uint32_t, 8> entries{};
  };
  Lit add_op(unsigned table, std::array<std::uint32_t, 3> values, int arity);
  Lit find_or_add(const WordOp& op);
  [[nodiscard]] std::uint32_t find(const WordOp& op, std::uint32_t hash) const;
  void insert(std::uint32_t entry, std::uint32_t hash);
  void put(base::LargeVector<Line>& lines, std::uint32_t entry, std::uint32_t hash) const;

  Basis basis_;
  Program program_;
  base::LargeVector<Line> lines_;  // open addressing, line by line; all operations but the latest ones
  std::array<std::uint32_t, 16> latest_hashes_{};
};

}  // namespace lutgen::eval

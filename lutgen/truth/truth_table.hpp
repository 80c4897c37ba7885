// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lutgen::truth {

/// Tables up to this many inputs fit one 64-bit word.
inline constexpr int kWordInputs = 6;

/// No table has more inputs: 65,536 entries.
inline constexpr int kMaxInputs = 16;

/// A Boolean function of up to 16 inputs, as its list of outputs.
///
/// Bit order   entry a is f(x) for the address a whose bit k is input k (input 0 least significant);
///             entry a is bit a%64 of word a/64; bits beyond 2^inputs are 0
/// Ownership   a value; tables of up to 6 inputs cost one allocation-free word
class TruthTable {
 public:
  /// The constant 0 of `inputs` inputs, 0 <= inputs <= kMaxInputs (checked).
  explicit TruthTable(int inputs = 0);

  /// From one word: `bits` beyond 2^inputs are dropped. inputs <= 6 (checked).
  [[nodiscard]] static TruthTable from_word(int inputs, std::uint64_t bits);

  /// From bytes as in the model file: entry a is bit a%8 of byte a/8.
  /// bytes.size() == max(1, 2^inputs / 8) (checked).
  [[nodiscard]] static TruthTable from_bytes(int inputs, std::span<const std::uint8_t> bytes);

  /// The function that gives input `input` unchanged.
  [[nodiscard]] static TruthTable projection(int inputs, int input);

  [[nodiscard]] int inputs() const { return inputs_; }
  /// Number of entries, 2^inputs.
  [[nodiscard]] std::uint32_t entries() const { return std::uint32_t{1} << inputs_; }

  /// Entry `address`. O(1).
  [[nodiscard]] bool bit(std::uint32_t address) const {
    return ((words()[address >> 6] >> (address & 63)) & 1) != 0;
  }
  /// Sets entry `address`. O(1).
  void set_bit(std::uint32_t address, bool value);

  /// All entries, 64 a word.
  [[nodiscard]] std::span<const std::uint64_t> words() const;
  /// The only word of a table of up to 6 inputs (checked).
  [[nodiscard]] std::uint64_t word() const;

  /// 0 or 1 when the function is constant, -1 otherwise. O(2^inputs / 64).
  [[nodiscard]] int constant_value() const;
  /// Whether the output ever depends on `input`. O(2^inputs / 64).
  [[nodiscard]] bool depends_on(int input) const;
  /// Mask of the inputs that matter: bit k is set when the output depends on input k.
  [[nodiscard]] std::uint32_t support() const;

  /// The function with `input` fixed to `value`: one input less, higher inputs move down by one.
  [[nodiscard]] TruthTable cofactor(int input, bool value) const;

  /// The function with every entry inverted.
  [[nodiscard]] TruthTable complement() const;

  /// The function of the same inputs with `input` inverted: g(.., x, ..) = f(.., not x, ..).
  [[nodiscard]] TruthTable flipped(int input) const;

  /// The function of the inputs with `low` and `high` (low < high) exchanged.
  [[nodiscard]] TruthTable swapped(int low, int high) const;

  /// The same function with inputs `low` and `high` (low < high) tied together: `high` disappears.
  [[nodiscard]] TruthTable merged(int low, int high) const;

  /// The same function with `extra` more inputs on top, which do not matter.
  [[nodiscard]] TruthTable extended(int extra) const;

  /// Verilog INIT digits: hex, entry 2^inputs - 1 first; one digit for fewer than 2 inputs.
  [[nodiscard]] std::string to_hex() const;

  friend bool operator==(const TruthTable&, const TruthTable&) = default;

 private:
  std::span<std::uint64_t> mutable_words();

  int inputs_;
  std::uint64_t word_ = 0;            // used when inputs_ <= 6
  std::vector<std::uint64_t> wide_;   // used otherwise
};

/// A function together with which signals feed it, after `simplify`.
///
/// table    depends on every one of its inputs
/// signals  signals[k] is what feeds input k: a position in the caller's own list, each at most once
struct Simplified {
  TruthTable table;
  std::vector<std::uint32_t> signals;
};

/// Drops inputs that do not matter, ties inputs that are fed by the same signal together and fixes
/// inputs that are fed by a constant; exact.
///
/// signals    [table.inputs()], any numbers; equal numbers mean the same signal
/// constants  {signal number of constant 0, of constant 1}
/// Cost       O(inputs^2 * 2^inputs / 64)
[[nodiscard]] Simplified simplify(const TruthTable& table, std::span<const std::uint32_t> signals,
                                  std::span<const std::uint32_t, 2> constants);

}  // namespace lutgen::truth

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "lutgen/eval/program.hpp"

namespace lutgen::eval {

/// Where a word is: in a register, among the inputs, in a slot of the scratch memory, or among the outputs.
struct Place {
  enum class Kind : std::uint8_t { none, reg, input, slot, output };
  Kind kind = Kind::none;
  std::uint32_t index = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// Takes the instructions of a program, one after the other.
class InstructionSink {
 public:
  virtual ~InstructionSink() = default;
  /// Memory to register.
  virtual void load(std::uint32_t reg, Place from) = 0;
  /// Register to memory.
  virtual void store(Place to, std::uint32_t reg) = 0;
  /// Register to register.
  virtual void copy(std::uint32_t to, std::uint32_t from) = 0;
  /// result = the function of three words with that table (bit a: value at address a): the one that `result` holds, the
  /// least significant, another register, and a register or memory.
  virtual void compute3(unsigned table, std::uint32_t result, std::uint32_t second, Place third) = 0;
  /// result = the function of two words; its table is and (8), exclusive or (6), or (E), or ~first & second (4). Where the machine
  /// overwrites, `first` is `result`.
  virtual void compute2(unsigned table, std::uint32_t result, std::uint32_t first, Place second) = 0;
  /// Whether the code of this part is long enough; asked between operations.
  [[nodiscard]] virtual bool is_full() const = 0;
  /// No register holds anything that is needed any more: what follows is the next part.
  virtual void end_part() = 0;
};

/// Values of a program that can be placed: more operations than a machine's displacements reach words.
inline constexpr std::size_t kMostPlacedValues = std::size_t{1} << 29;

/// The machine as the placement sees it.
///
/// registers   for words, at least 4
/// overwrites  operations of two words leave the result in their first one (those of three do always)
struct RegisterFile {
  std::uint32_t registers = 16;
  bool overwrites = false;
};

/// Gives every value of a program a register when it is needed, or a place in memory: when registers run out the value
/// that is needed last of all goes (Belady's rule, which is the best there is for straight-line code where all costs are
/// equal), to a slot if it is nowhere else in memory. Outputs are stored as soon as they are made; those of constant 0
/// are left alone, complements are not applied.
///
/// Requires  at most kMostPlacedValues values (checked)
/// Returns   slots that the scratch memory must have
/// Cost      O((operations + operands) * registers)
std::uint32_t place_program(const Program& program, const RegisterFile& file, InstructionSink& sink);

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "lutgen/eval/program.hpp"
#include "lutgen/eval/target.hpp"

namespace lutgen::eval {

/// Options of `generate`.
///
/// part_bytes  code is cut into parts of about so many bytes; each runs over all blocks before the next, so that it is fetched
///             once for all of them. 0: the default of the target
/// fetch_bytes  memory of which a block fetches parts into the second-level cache on its way (see `run`); 0: nothing. With
///             Target::avx512 only: the narrower ones are slower than memory
struct CodeOptions {
  std::size_t part_bytes = 0;
  std::size_t fetch_bytes = 0;
};

/// Machine code of a word program. Immutable: several threads may run it.
class MachineCode {
 public:
  /// Makes code for this machine; null where the target has none (Target::portable, another processor) or executable
  /// memory cannot be had.
  ///
  /// Cost  O(operations): half a microsecond for a random table of six inputs; 100 bytes of code for it with AVX-512
  [[nodiscard]] static std::shared_ptr<const MachineCode> generate(const Program& program, Target target,
                                                                   const CodeOptions& options = {});

  virtual ~MachineCode() = default;

  /// Runs the program on blocks of lanes_of(target) words of 64 samples. Memory is aligned to the word of the target.
  ///
  /// inputs   [blocks][input_count][lanes]
  /// outputs  [blocks][outputs][lanes]; those of constant 0 are left alone, complements are not applied
  /// scratch  [blocks][scratch_words()]; overwritten
  /// fetch    [blocks][fetch_bytes]: memory that is read soon. The beginning of every 4 KB of it is fetched, evenly spread over
  ///          the operations: memory has nothing else to do meanwhile. Nothing need be there
  virtual void run(const std::uint64_t* inputs, std::uint64_t* outputs, std::uint64_t* scratch, std::size_t blocks,
                   const void* fetch = nullptr) const = 0;

  /// 64-bit words of scratch memory for one block.
  [[nodiscard]] virtual std::size_t scratch_words() const = 0;
  /// Bytes of machine code.
  [[nodiscard]] virtual std::size_t code_bytes() const = 0;
};

}  // namespace lutgen::eval

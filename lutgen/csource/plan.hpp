// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/eval/program.hpp"

namespace lutgen::csource {

/// A place of an operation's result: a variable of the function that computes it, or nothing at all because no output
/// needs it. Every other place is an element of the array that the functions share.
inline constexpr std::uint32_t kLocal = 0xFFFFFFFF;
inline constexpr std::uint32_t kUnneeded = 0xFFFFFFFE;

/// How a straight-line program is cut into functions, and where values are kept.
///
/// part_ends  operations before part_ends[0] are the first function, and so on; the last end is the number of operations
/// places     [ops]: kLocal, kUnneeded, or the element of the shared array that holds the result from there to its last reader
/// writes     [ops + 1]: outputs that are written right after operation i are write_outputs[writes[i]] .. [writes[i + 1] - 1]
/// direct     outputs that are inputs or constants
/// elements   of the shared array
/// most_live  variables of one function whose value is still needed, at most at any time
/// most_variables  of one function
struct Plan {
  std::vector<std::uint32_t> part_ends;
  std::vector<std::uint32_t> places;
  std::vector<std::uint32_t> writes;
  std::vector<std::uint32_t> write_outputs;
  std::vector<std::uint32_t> direct;
  std::uint32_t elements = 0;
  std::uint32_t most_live = 0;
  std::uint32_t most_variables = 0;
};

/// Plans functions of at most `part_ops` needed operations. Only results that another function reads are kept in the array;
/// an element is used again as soon as its last reader is done.
///
/// program   of two-input operations (checked)
/// part_ops  at least 1 (checked)
/// Cost      O(operations + outputs)
[[nodiscard]] Plan make_plan(const eval::Program& program, std::uint32_t part_ops);

}  // namespace lutgen::csource

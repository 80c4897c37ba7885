// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::eval {

/// What a graph gives for a block of 64 samples.
///
/// bits         [outputs.bits]: bit s of a word is sample s
/// scores       [outputs.scores][64]: the sum of each sample; 0 for samples beyond the block
/// class_index  [64], 0 when the graph has no argmax
struct SliceOutputs {
  std::vector<std::uint64_t> bits;
  std::vector<std::array<std::int64_t, 64>> scores;
  std::array<std::uint32_t, 64> class_index{};
};

/// Evaluates a graph for 64 samples at once, portable, with no generated code: the second witness.
///
/// inputs  [graph.input_count()]: bit s of a word is sample s
/// Cost    O(sum of 2^fan-in over the tables + terms) word operations
[[nodiscard]] SliceOutputs evaluate_bitsliced(const logic::Graph& graph,
                                              std::span<const std::uint64_t> inputs);

}  // namespace lutgen::eval

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/eval/program.hpp"
#include "lutgen/logic/graph.hpp"

namespace lutgen::eval {

/// A graph as a word program. Its outputs are, in this order: the graph's output bits, the planes of the class index (least
/// significant first), and `score_planes` planes of each score.
///
/// inputs         [program.input_count]: the bit of the graph that each input of the program is, in the order of first use
/// bits           output bits of the graph
/// class_planes   planes of the class index; the lowest index wins a tie; 0 when the graph has no scores
/// scores         number of scores
/// score_planes   planes of a score
/// score_offset   what every score is more than its planes say
struct GraphProgram {
  Program program;
  std::vector<logic::BitId> inputs;
  std::uint32_t bits = 0;
  std::uint32_t class_planes = 0;
  std::uint32_t scores = 0;
  std::uint32_t score_planes = 0;
  std::int64_t score_offset = 0;
};

/// Turns a graph into a program. Operations stand where their first reader needs them, sums add bits up as soon as those
/// are there: what is made is mostly read right away.
///
/// encoded   [graph.bit_count()] or empty: bits that come in from outside, whatever makes them in the graph
/// Cost      O(size of the graph), a microsecond for a table of six inputs
[[nodiscard]] GraphProgram build_program(const logic::Graph& graph, const std::vector<bool>& encoded, Basis basis);

}  // namespace lutgen::eval

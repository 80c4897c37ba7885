// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::test {

/// A graph with `inputs` input bits, 2, 3, ..., and short names for its parts.
struct Sketch {
  logic::Graph graph;
  std::vector<logic::BitId> in;

  explicit Sketch(int inputs) {
    for (int i = 0; i < inputs; ++i) in.push_back(graph.add_input());
  }

  logic::BitId lut(int inputs, std::uint64_t word, std::vector<logic::BitId> fanins) {
    return graph.add_lut(truth::TruthTable::from_word(inputs, word), fanins, {1, next++, 0});
  }
  logic::SumId sum(std::vector<logic::Term> terms, std::int64_t constant = 0) {
    return graph.add_sum(terms, constant, {2, next++, 0});
  }
  logic::BitId compare(logic::SumId sum, std::int64_t constant) { return graph.add_compare(sum, constant, {2, next++, 0}); }

  std::uint32_t next = 0;
};

}  // namespace lutgen::test

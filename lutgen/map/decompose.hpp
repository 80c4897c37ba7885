// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/truth/truth_table.hpp"

namespace lutgen::map {

/// f(x) = outer(inner_0(x in bound), ..., inner_t-1(x in bound), x in rest).
///
/// bound  mask of inputs: those of each inner function, in rising order
/// rest   mask of inputs that `outer` reads itself; those in both masks are shared
/// inner  [t] functions of popcount(bound) inputs
/// outer  inputs 0 to t-1 are the inner functions, then those of `rest` in rising order
struct Split {
  std::uint32_t bound = 0;
  std::uint32_t rest = 0;
  std::vector<truth::TruthTable> inner;
  truth::TruthTable outer;
};

/// Functional decomposition (Ashenhurst 1957, Curtis 1962; with shared inputs): the values of the bound inputs fall into
/// classes with the same function of the rest, and the inner functions only say which class it is. For f = (a xor b xor c)
/// and d, bound = {a, b, c} has two classes, so t = 1. Sharing inputs s means classes for each value of s on its own.
///
/// Gives the splits of `table`, whose inputs all matter, that cost less than `cost_of[inputs]` at
/// t * cost_of[bound inputs] + cost_of[outer inputs], the cheapest first, at most `most`. Classes are numbered by how many
/// ones their functions have: of a sum compared with a constant, the inner functions are then digits of the sum's range.
///
/// cost_of  [table.inputs() + 1]: of any function of so many inputs
/// Cost     up to 12 inputs all sets of inputs are tried, and sharing of one or two inputs in sets of up to 8: for 8
///          inputs 0.2 ms, for 12 some 20 ms; above 12, sets of up to 6 and of all but 3
[[nodiscard]] std::vector<Split> find_splits(const truth::TruthTable& table, std::span<const std::uint32_t> cost_of, std::size_t most);

/// What a split computes, for a check of it: a table of popcount(bound | rest) inputs. O(2^inputs).
[[nodiscard]] truth::TruthTable compose_split(const Split& split);

}  // namespace lutgen::map

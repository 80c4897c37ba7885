// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "lutgen/truth/truth_table.hpp"

namespace lutgen::optimize {

/// A function of which only some entries matter.
///
/// table  the entries; where `care` is 0 they are free
/// care   of the same inputs: 1 where the entry matters
struct PartialTable {
  truth::TruthTable table;
  truth::TruthTable care;
};

/// A function of some inputs of another.
///
/// kept   mask: bit k is set when input k stays; the inputs that stay keep their order
/// table  of the inputs that stay
struct Reduced {
  std::uint32_t kept = 0;
  truth::TruthTable table;
};

/// The inputs of least cost that a function needs which agrees with `partial` wherever that matters, and such a
/// function; its entries that stay free are 0. Of sets that cost the same, the one with the lowest mask.
///
/// costs  [inputs], at least 1 each
/// Cost   O(4^inputs) up to 8 inputs; above, inputs are dropped one by one, dearest first, O(inputs * 2^inputs)
[[nodiscard]] Reduced find_reduced(const PartialTable& partial, std::span<const std::uint32_t> costs);

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lutgen/tech/cells.hpp"

namespace lutgen::verilog {

/// A numeric parameter: what stands before its digits, and which of the cell's init bits they are: (init >> shift) & mask.
struct InitText {
  std::string before;
  std::uint64_t mask = 0;
  std::uint8_t shift = 0;
  std::uint8_t digits = 0;
};

/// A pin: what stands before its net.
struct PinText {
  std::string before;
  std::uint8_t pin_bits = 1;
};

/// An instance of one cell type, without what differs between instances. The whole line is: open; for each of `init` its text
/// and digits; before_name; name; for each of `pins` its text and net, or vector of nets; `));`.
///
/// fixed_bytes  no more than this is in it, digits included
struct CellText {
  std::string open;
  std::vector<InitText> init;
  std::string before_name;
  std::vector<PinText> pins;
  std::size_t fixed_bytes = 0;
};

/// By tech::Cell.
using CellTexts = std::array<CellText, tech::kCellCount>;

/// The texts of all cell types.
[[nodiscard]] CellTexts make_cell_texts();

}  // namespace lutgen::verilog

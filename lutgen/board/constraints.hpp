// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lutgen/board/board.hpp"

namespace lutgen::board {

/// A port of the board's top module and the pin that it goes to.
struct BoundPort {
  std::string port;
  bool is_input = true;
  const Pin* pin = nullptr;
};

/// The ports of the board top, in this order: `clk`, `rst_button` (if the board has a button), `uart_rx`,
/// `uart_tx`, `led[0]`, ... Where there is one LED its port is `led`, as Yosys and nextpnr call a vector
/// of one bit. The pins live as long as `board`.
[[nodiscard]] std::vector<BoundPort> bound_ports(const Board& board);

/// How the file of `constraints_text` must end: "xdc", "lpf", "pcf", "cst" or "ccf". Static storage.
[[nodiscard]] std::string_view constraints_suffix(Family family);

/// The constraint file of the board top, as nextpnr and the vendor's tools take it: place, standard, pull
/// and, where the format has it (xdc, lpf, pcf), the frequency of the clock. Elsewhere nextpnr needs
/// `--freq`. Same board, same bytes.
[[nodiscard]] std::string constraints_text(const Board& board);

/// The same for another top module; the first of `ports`, which are not empty, is the clock.
[[nodiscard]] std::string constraints_text(const Board& board, const std::vector<BoundPort>& ports);

}  // namespace lutgen::board

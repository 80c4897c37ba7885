// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/constraints.hpp"

#include <fmt/core.h>

namespace lutgen::board {
namespace {

/// `none` where nothing is to be said.
std::string_view pull_text(Pull pull, std::string_view up, std::string_view down) {
  return pull == Pull::up ? up : pull == Pull::down ? down : std::string_view();
}

std::string xdc_line(const BoundPort& bound) {
  return fmt::format("set_property -dict {{ PACKAGE_PIN {} IOSTANDARD {}{} }} [get_ports {{{}}}]\n", bound.pin->name,
                     bound.pin->io_standard, pull_text(bound.pin->pull, " PULLTYPE PULLUP", " PULLTYPE PULLDOWN"),
                     bound.port);
}

std::string lpf_line(const BoundPort& bound) {
  return fmt::format("LOCATE COMP \"{0}\" SITE \"{1}\";\nIOBUF PORT \"{0}\" IO_TYPE={2}{3};\n", bound.port,
                     bound.pin->name, bound.pin->io_standard,
                     pull_text(bound.pin->pull, " PULLMODE=UP", " PULLMODE=DOWN"));
}

std::string pcf_line(const BoundPort& bound) {
  return fmt::format("set_io{} {} {}\n", pull_text(bound.pin->pull, " -pullup yes", ""), bound.port, bound.pin->name);
}

std::string cst_line(const BoundPort& bound) {
  return fmt::format("IO_LOC \"{0}\" {1};\nIO_PORT \"{0}\" IO_TYPE={2}{3};\n", bound.port, bound.pin->name,
                     bound.pin->io_standard, pull_text(bound.pin->pull, " PULL_MODE=UP", " PULL_MODE=DOWN"));
}

std::string ccf_line(const BoundPort& bound) {
  return fmt::format("{} \"{}\" Loc = \"{}\"{};\n", bound.is_input ? "Pin_in" : "Pin_out", bound.port, bound.pin->name,
                     pull_text(bound.pin->pull, " | PULLUP=true", " | PULLDOWN=true"));
}

std::string line_of(Family family, const BoundPort& bound) {
  switch (family) {
    case Family::xc7: return xdc_line(bound);
    case Family::ecp5: return lpf_line(bound);
    case Family::ice40: return pcf_line(bound);
    case Family::gowin: return cst_line(bound);
    case Family::gatemate: return ccf_line(bound);
  }
  return {};
}

std::string clock_line(const Board& board, const std::string& port) {
  switch (board.family) {
    case Family::xc7: return fmt::format("create_clock -period {:.3f} [get_ports {{{}}}]\n", 1000 / board.freq_mhz, port);
    case Family::ecp5: return fmt::format("FREQUENCY PORT \"{}\" {} MHZ;\n", port, board.freq_mhz);
    case Family::ice40: return fmt::format("set_frequency {} {}\n", port, board.freq_mhz);
    default: return {};
  }
}

}  // namespace

std::vector<BoundPort> bound_ports(const Board& board) {
  std::vector<BoundPort> ports = {{"clk", true, &board.clock}};
  if (board.reset) ports.push_back({"rst_button", true, &*board.reset});
  ports.push_back({"uart_rx", true, &board.uart_rx});
  ports.push_back({"uart_tx", false, &board.uart_tx});
  for (std::size_t i = 0; i < board.leds.size(); ++i) {
    ports.push_back({board.leds.size() == 1 ? "led" : fmt::format("led[{}]", i), false, &board.leds[i]});
  }
  return ports;
}

std::string_view constraints_suffix(Family family) {
  switch (family) {
    case Family::xc7: return "xdc";
    case Family::ecp5: return "lpf";
    case Family::ice40: return "pcf";
    case Family::gowin: return "cst";
    case Family::gatemate: return "ccf";
  }
  return {};
}

std::string constraints_text(const Board& board) { return constraints_text(board, bound_ports(board)); }

std::string constraints_text(const Board& board, const std::vector<BoundPort>& ports) {
  const std::string_view comment = board.family == Family::gowin ? "//" : "#";
  std::string text = fmt::format("{} {} ({}), made from boards/{}/board.toml\n", comment, board.name, board.part, board.id);
  for (const BoundPort& bound : ports) text += line_of(board.family, bound);
  return text + clock_line(board, ports.front().port);
}

}  // namespace lutgen::board

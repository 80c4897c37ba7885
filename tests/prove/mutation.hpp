// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lutgen/base/rng.hpp"

namespace lutgen::test {

/// Single faults of an emitted netlist.
///
/// init      one bit of an INIT flipped
/// swap      the nets on two input pins exchanged
/// rewire    an input pin connected to another net
/// removed   a register replaced by a wire
/// added     a register put in front of an input pin
/// constant  a constant on an input pin inverted; where there is none, an input pin tied to a constant
enum class FaultClass : std::uint8_t { init, swap, rewire, removed, added, constant };

inline constexpr std::array kFaultClasses = {"INIT bit", "wires swapped", "pin rewired", "register removed", "register added", "constant changed"};

/// The text of an xc7 netlist, a line an instance, as the printer leaves it.
class NetlistText {
 public:
  explicit NetlistText(const std::string& verilog);

  /// The text with one fault of a class, drawn from `rng`; `what` says which.
  [[nodiscard]] std::string with_fault(FaultClass fault, base::Rng& rng, std::string& what) const;

 private:
  /// An input pin: line, and where its net stands.
  struct Pin {
    std::size_t line = 0;
    std::size_t begin = 0;
    std::size_t length = 0;
  };
  [[nodiscard]] std::string net(const Pin& pin) const { return lines_[pin.line].substr(pin.begin, pin.length); }
  [[nodiscard]] const Pin& draw_pin(base::Rng& rng) const { return pins_[rng.below(pins_.size())]; }
  void flip_init(std::vector<std::string>& lines, base::Rng& rng) const;
  void remove_register(std::vector<std::string>& lines, base::Rng& rng) const;
  void add_register(std::vector<std::string>& lines, base::Rng& rng) const;
  void change_constant(std::vector<std::string>& lines, base::Rng& rng) const;

  std::vector<std::string> lines_;
  std::vector<Pin> pins_;                  // of combinational cells and of data flops' D
  std::vector<std::size_t> luts_;          // lines with an INIT table
  std::vector<std::size_t> flops_;         // lines of data flops
};

}  // namespace lutgen::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lutgen/netlist/netlist.hpp"

namespace lutgen::verilog {

/// What `print_module` adds to the netlist.
///
/// top          module name, already checked
/// header       lines of the leading comment, without `//`
/// layer_labels [layers]: what each layer's cells are called in comments
struct PrintOptions {
  std::string top;
  std::vector<std::string> header;
  std::vector<std::string> layer_labels;
};

/// The netlist as one Verilog-2001 module: one primitive a line, named ports, INIT as sized hex, no
/// behavioural code. Takes no decision: names come from netlist::spell, order from the netlist.
///
/// Cost  O(pins), about 150 bytes of text a cell
[[nodiscard]] std::string print_module(const netlist::Netlist& netlist, const PrintOptions& options);

}  // namespace lutgen::verilog

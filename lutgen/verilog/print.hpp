// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lutgen/base/files.hpp"
#include "lutgen/base/progress.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::verilog {

/// What `print_module` adds to the netlist.
///
/// top          module name, already checked
/// header       lines of the leading comment, without `//`
/// layer_labels [layers]: what each layer's cells are called in comments
/// threads      that make the text, at least 1; the text does not depend on them
/// progress     may be null
struct PrintOptions {
  std::string top;
  std::vector<std::string> header;
  std::vector<std::string> layer_labels;
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
};

/// The netlist as one Verilog-2001 module: one primitive a line, named ports, INIT as sized hex, no
/// behavioural code. Takes no decision: names come from netlist::spell, order from the netlist.
///
/// Cost  O(pins), about 230 bytes of text a LUT6
[[nodiscard]] std::string print_module(const netlist::Netlist& netlist, const PrintOptions& options);

/// The same, handed on in pieces of some 2 MB, so that no more than `threads` of them are in memory.
///
/// Errors  those of `write`
[[nodiscard]] Result<void> print_module(const netlist::Netlist& netlist, const PrintOptions& options, const base::WriteText& write);

}  // namespace lutgen::verilog

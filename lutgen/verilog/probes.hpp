// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lutgen/base/files.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::verilog {

/// Where the values of a design can be seen. O(values), with memory for the text of every net: for small designs.
[[nodiscard]] std::vector<LayerProbes> list_probes(const map::Mapped& mapped);

/// The text of probes.json for a design, handed on in pieces; the text does not depend on `threads`.
///
/// Errors  those of `write`
/// Cost    O(values), about 65 bytes of text each
[[nodiscard]] Result<void> print_probes(const map::Mapped& mapped, std::size_t threads, const base::WriteText& write);

/// The same text from probes that were read, or made by hand.
[[nodiscard]] std::string probes_json(const std::vector<LayerProbes>& layers);

}  // namespace lutgen::verilog

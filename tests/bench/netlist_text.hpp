// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::bench {

/// Whether a Verilog file of LUT cells, as `lutgen emit --optimize off` writes it for xc7, is the tables of a model: reads the text line by line
/// (nothing of the library's netlist is used) and compares each LUT's INIT and input nets with the model's own tensors, for all values of
/// the inputs; each table has to be there once, and each output to be its own table. Registers count as wires.
///
/// model   layers of tables of six inputs, each reading the one before, bits out (layer_network)
/// Gives   "" where it is; else what is wrong, in the first line in which something is
/// Cost    O(text), some 0.3 us a table
[[nodiscard]] Result<std::string> find_text_difference(const std::filesystem::path& verilog, const model::Model& model);

}  // namespace lutgen::bench

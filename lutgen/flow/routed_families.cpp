// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_families.hpp"

#include <algorithm>
#include <vector>

namespace lutgen::flow {

void add_table(RoutedBuilder& builder, std::uint32_t cell, std::uint64_t init, std::initializer_list<RoutedNet> inputs,
               RoutedNet output) {
  RoutedTable table;
  LUTGEN_CHECK(inputs.size() <= table.inputs.size());
  std::copy(inputs.begin(), inputs.end(), table.inputs.begin());
  table.input_count = static_cast<std::uint8_t>(inputs.size());
  table.init = init;
  table.output = output;
  table.cell = cell;
  builder.add_table(table);
}

int add_function(RoutedBuilder& builder, std::uint32_t cell, const truth::TruthTable& function,
                 std::span<const std::optional<RoutedNet>> pins, RoutedNet output) {
  RoutedTable table;
  truth::TruthTable rest = function;
  std::vector<RoutedNet> inputs;
  for (int pin = function.inputs() - 1; pin >= 0; --pin) {
    const auto& net = pins[static_cast<std::size_t>(pin)];
    if (rest.depends_on(pin)) {
      if (!net) return pin;
      inputs.push_back(*net);
    } else {
      rest = rest.cofactor(pin, false);
    }
  }
  std::copy(inputs.rbegin(), inputs.rend(), table.inputs.begin());
  table.input_count = static_cast<std::uint8_t>(inputs.size());
  table.init = rest.word();
  table.output = output;
  table.cell = cell;
  builder.add_table(table);
  return -1;
}

int add_carry(RoutedBuilder& builder, std::uint32_t cell, const CarryTables& tables,
              std::span<const std::optional<RoutedNet>> pins, std::optional<RoutedNet> sum, std::optional<RoutedNet> carry) {
  truth::TruthTable sum_table(5);
  truth::TruthTable carry_table(5);
  for (std::uint32_t a = 0; a < 32; ++a) {
    const bool propagate = ((tables.propagate >> (a & 15)) & 1) != 0;
    const bool generate = ((tables.generate >> (a & 3)) & 1) != 0;
    const bool below = (a >> 4) != 0;
    sum_table.set_bit(a, propagate != below);
    carry_table.set_bit(a, propagate ? below : generate);
  }
  int open = -1;
  if (sum) open = add_function(builder, cell, sum_table, pins, *sum);
  if (carry && open < 0) open = add_function(builder, cell, carry_table, pins, *carry);
  return open;
}

Result<void> add_buffer(const RoutedCell& cell, std::string_view in, std::string_view out, RoutedBuilder& builder) {
  LUTGEN_TRY(const RoutedNet input, cell.get(in));
  LUTGEN_TRY(const RoutedNet output, cell.get(out));
  add_table(builder, builder.add_cell(cell.name()), kBufferTable, {input}, output);
  return {};
}

}  // namespace lutgen::flow

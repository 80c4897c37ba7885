// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_families.hpp"

namespace lutgen::flow {
namespace {

/// A gate of Yosys' internal cell library with one output Y.
struct Gate {
  std::string_view type;
  std::uint64_t init;
  std::string_view inputs;  // pins, least significant address bit first
};

constexpr std::array kGates = std::to_array<Gate>({
    {"$_BUF_", 0b10, "A"},
    {"$_NOT_", 0b01, "A"},
    {"$_AND_", 0b1000, "AB"},
    {"$_OR_", 0b1110, "AB"},
    {"$_XOR_", 0b0110, "AB"},
    {"$_XNOR_", 0b1001, "AB"},
    {"$_MUX_", 0xCA, "ABS"},
});

/// Gates and plain flops, which start at 0, as `simplemap` of Yosys leaves them.
class GateTranslator final : public RoutedTranslator {
 public:
  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    if (cell.type() == "$_DFF_P_") return add_flop(cell, builder);
    for (const Gate& gate : kGates) {
      if (cell.type() != gate.type) continue;
      RoutedTable table;
      table.init = gate.init;
      table.cell = builder.add_cell(cell.name());
      LUTGEN_TRY(table.output, cell.get("Y"));
      for (std::size_t i = 0; i < gate.inputs.size(); ++i) {
        LUTGEN_TRY(table.inputs[i], cell.get(gate.inputs.substr(i, 1)));
      }
      table.input_count = static_cast<std::uint8_t>(gate.inputs.size());
      builder.add_table(table);
      return {};
    }
    return cell.unsupported("there is no model of this type");
  }

 private:
  static Result<void> add_flop(const RoutedCell& cell, RoutedBuilder& builder) {
    RoutedFlop flop;
    LUTGEN_TRY(flop.clock, cell.get("C"));
    LUTGEN_TRY(flop.data, cell.get("D"));
    LUTGEN_TRY(flop.output, cell.get("Q"));
    flop.cell = builder.add_cell(cell.name());
    builder.add_flop(flop);
    return {};
  }
};

}  // namespace

std::unique_ptr<RoutedTranslator> make_gate_translator() { return std::make_unique<GateTranslator>(); }

}  // namespace lutgen::flow

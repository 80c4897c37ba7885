// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lutgen/flow/routed_cell.hpp"
#include "lutgen/flow/routed_netlist.hpp"
#include "lutgen/flow/routed_reader.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::flow {

/// Table of a cell that passes its one input on.
inline constexpr std::uint64_t kBufferTable = 0b10;

/// Translates the cells of one family into tables and flops.
class RoutedTranslator {
 public:
  RoutedTranslator() = default;
  RoutedTranslator(const RoutedTranslator&) = delete;
  RoutedTranslator& operator=(const RoutedTranslator&) = delete;
  virtual ~RoutedTranslator() = default;

  /// Translates one cell.
  ///
  /// Errors  routed_unsupported, routed_invalid
  [[nodiscard]] virtual Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) = 0;
  /// Looks at the wires of one net: nextpnr's attribute ROUTING, `wire;pip;strength` and so on.
  ///
  /// Errors  readback_bitstream
  [[nodiscard]] virtual Result<void> add_routing(std::string_view net, std::string_view routing) {
    static_cast<void>(net);
    static_cast<void>(routing);
    return {};
  }
  /// What can only be said when all cells were seen.
  ///
  /// Errors  routed_invalid, readback_bitstream
  [[nodiscard]] virtual Result<void> finish(RoutedBuilder& builder) {
    static_cast<void>(builder);
    return {};
  }
};

/// xc7: SLICE_LUTX, SLICE_FFX, CARRY4, SELMUX2_1, BUFGCTRL, pads and constants, as nextpnr-himbaechel-xilinx packs them.
///
/// tables  of the bitstream, or null; not owned
/// place   names the file in diagnostics
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_xc7_translator(const BelTables* tables, const std::string& place);

/// ecp5: TRELLIS_COMB (LUT4, half a CCU2C, PFUMX, L6MUX21), TRELLIS_FF, pads, clock buffers, as nextpnr-ecp5 packs them.
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_ecp5_translator();

/// ice40: ICESTORM_LC (LUT4, carry, flop), pads, clock buffers, as nextpnr-ice40 packs them.
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_ice40_translator();

/// gowin: LUT1 to LUT4, MUX2_LUT5 to MUX2_LUT8, ALU, DFF..., pads, as nextpnr-himbaechel-gowin leaves them.
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_gowin_translator();

/// gatemate: the halves of a CPE, their adders, flops and lines, pads, clocks, as nextpnr-himbaechel-gatemate leaves them.
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_gatemate_translator();

/// Yosys' own gates: $_MUX_, $_AND_, ..., $_DFF_P_.
[[nodiscard]] std::unique_ptr<RoutedTranslator> make_gate_translator();

/// Adds a table; `inputs[i]` is address bit i.
void add_table(RoutedBuilder& builder, std::uint32_t cell, std::uint64_t init, std::initializer_list<RoutedNet> inputs,
               RoutedNet output);

/// Adds a table of `function`, whose input i stands at pin i. A pin that does not matter is left out, whether it is
/// connected or not: nextpnr connects both LUTs of a place to the inputs of either. Gives the highest pin that
/// matters and is not connected, or -1.
[[nodiscard]] int add_function(RoutedBuilder& builder, std::uint32_t cell, const truth::TruthTable& function,
                               std::span<const std::optional<RoutedNet>> pins, RoutedNet output);

/// The tables of one position of a carry chain, as ECP5's CCU2C and Gowin's ALU have it.
///
/// propagate  [16 bits] of four inputs: whether the carry from below goes on
/// generate   [4 bits] of the first two inputs: what the carry is otherwise
struct CarryTables {
  std::uint64_t propagate = 0;
  std::uint64_t generate = 0;
};

/// Adds such a position: sum = propagate ^ carry below.
///
/// pins  the four inputs, then the carry from below; as `add_function` takes them, and gives
[[nodiscard]] int add_carry(RoutedBuilder& builder, std::uint32_t cell, const CarryTables& tables,
                            std::span<const std::optional<RoutedNet>> pins, std::optional<RoutedNet> sum,
                            std::optional<RoutedNet> carry);

/// Adds a cell that passes pin `in` on to pin `out`: a pad, a clock buffer.
///
/// Errors  routed_invalid when one is not connected
[[nodiscard]] Result<void> add_buffer(const RoutedCell& cell, std::string_view in, std::string_view out,
                                      RoutedBuilder& builder);

}  // namespace lutgen::flow

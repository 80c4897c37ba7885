// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "lutgen/flow/routed_families.hpp"

namespace lutgen::flow {
namespace {

constexpr std::uint64_t kMux = 0xCA;      // inputs zero, one, select
constexpr std::uint64_t kInverter = 0b01;

/// Cells as nextpnr-ecp5 packs them (its sources cells.cc, pack.cc, bitstream.cc, and files that version 0.11.1
/// wrote; FPGA Libraries Reference Guide for CCU2C, PFUMX, L6MUX21).
class Ecp5Translator final : public RoutedTranslator {
 public:
  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    const std::string& type = cell.type();
    if (type == "TRELLIS_COMB") return add_comb(cell, builder);
    if (type == "TRELLIS_FF") return add_flop(cell, builder);
    if (type == "TRELLIS_IO") return add_pad(cell, builder);
    if (type == "DCCA") {
      if (cell.find("CE")) return cell.unsupported("the clock can be switched off");
      return add_buffer(cell, "CLKI", "CLKO", builder);
    }
    return cell.unsupported("there is no model of this type");
  }

 private:
  /// A LUT4, half of a CCU2C, and the multiplexer behind it. Pins that are not connected are tied to 1.
  static Result<void> add_comb(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t init, cell.number("INITVAL", 16));
    LUTGEN_TRY(const std::string_view mode, cell.choice("MODE", {"LOGIC", "CCU2"}));
    const std::uint32_t id = builder.add_cell(cell.name());
    std::array<std::optional<RoutedNet>, 5> in;
    for (std::size_t i = 0; i < 4; ++i) in[i] = cell.find(std::string_view("ABCD").substr(i, 1)).value_or(RoutedNet::one);
    const auto output = cell.find("F");
    const auto table = truth::TruthTable::from_word(4, init);
    if (mode == "CCU2") {
      LUTGEN_TRY(const std::string_view inject, cell.choice("CCU2_INJECT1", {"NO", "YES"}));
      LUTGEN_TRY_VOID(cell.choice("WREMUX", {"WRE"}));
      in[4] = cell.find("FCI").value_or(RoutedNet::zero);
      // No pin is open. With injection the carry neither comes out in the sum nor is it generated.
      const bool injects = inject == "YES";
      static_cast<void>(add_carry(builder, id, {init, injects ? 0 : init & 15}, in, injects ? std::nullopt : output, cell.find("FCO")));
      if (injects && output) static_cast<void>(add_function(builder, id, table, in, *output));
      return {};
    }
    if (output) static_cast<void>(add_function(builder, id, table, in, *output));
    const auto wide = cell.find("OFX");
    if (!wide) {
      cell.ignore("M");
      return {};
    }
    // The lower LUT of a slice has a PFUMX between its own output (0) and the upper one's (1), the upper LUT
    // a L6MUX21 between FXA (0) and FXB (1).
    LUTGEN_TRY(const RoutedNet select, cell.get("M"));
    if (const auto upper = cell.find("F1")) {
      LUTGEN_TRY(const RoutedNet own, cell.get("F"));
      add_table(builder, id, kMux, {own, *upper, select}, *wide);
      return {};
    }
    LUTGEN_TRY(const RoutedNet zero, cell.get("FXA"));
    LUTGEN_TRY(const RoutedNet one, cell.get("FXB"));
    add_table(builder, id, kMux, {zero, one, select}, *wide);
    return {};
  }

  /// The net of a pin behind its multiplexer, `CE`, `INV` or, where allowed, `1`.
  static Result<RoutedNet> control(const RoutedCell& cell, const std::string& pin, RoutedNet open, std::uint32_t id,
                                   RoutedBuilder& builder) {
    LUTGEN_TRY(const std::string_view mux, cell.choice(pin + "MUX", {pin, "INV", "1"}));
    const auto net = cell.find(pin);
    if (mux == "1") return RoutedNet::one;
    if (!net) return open;
    if (mux != "INV") return *net;
    const RoutedNet inverted = builder.add_net("");
    add_table(builder, id, kInverter, {*net}, inverted);
    return inverted;
  }

  static Result<void> add_flop(const RoutedCell& cell, RoutedBuilder& builder) {
    RoutedFlop flop;
    flop.cell = builder.add_cell(cell.name());
    LUTGEN_TRY_VOID(cell.choice("GSR", {"DISABLED", "ENABLED"}));  // both: it acts once, after configuration
    LUTGEN_TRY_VOID(cell.choice("CLKMUX", {"CLK"}));
    LUTGEN_TRY(const std::string_view source, cell.choice("SD", {"0", "1"}));
    LUTGEN_TRY(const std::string_view set, cell.choice("REGSET", {"RESET", "SET"}));
    LUTGEN_TRY(const std::string_view mode, cell.choice("SRMODE", {"LSR_OVER_CE", "CE_OVER_LSR", "ASYNC"}));
    LUTGEN_TRY(flop.clock, cell.get("CLK"));
    LUTGEN_TRY(flop.data, cell.get(source == "1" ? "DI" : "M"));
    LUTGEN_TRY(flop.enable, control(cell, "CE", RoutedNet::one, flop.cell, builder));
    LUTGEN_TRY(flop.reset, control(cell, "LSR", RoutedNet::zero, flop.cell, builder));
    if (mode == "ASYNC" && flop.reset != RoutedNet::zero) return cell.unsupported("its reset is asynchronous");
    flop.reset_value = set == "SET";
    flop.initial = set == "SET";
    flop.reset_needs_enable = mode == "CE_OVER_LSR";
    const auto output = cell.find("Q");
    flop.output = output ? *output : builder.add_net("");
    builder.add_flop(flop);
    return {};
  }

  static Result<void> add_pad(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::string_view direction, cell.choice("DIR", {"INPUT", "OUTPUT"}));
    for (const char* mux : {"DATAMUX_MDDR", "DATAMUX_ODDR", "DATAMUX_OREG"}) {
      LUTGEN_TRY_VOID(cell.choice(mux, {"PADDO"}));
    }
    if (direction == "OUTPUT") return add_buffer(cell, "I", "B", builder);
    if (!cell.find("O")) {
      cell.ignore("B");  // nothing reads the pin
      return {};
    }
    return add_buffer(cell, "B", "O", builder);
  }
};

}  // namespace

std::unique_ptr<RoutedTranslator> make_ecp5_translator() { return std::make_unique<Ecp5Translator>(); }

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "lutgen/flow/routed_families.hpp"

namespace lutgen::flow {
namespace {

constexpr std::uint64_t kMajority = 0xE8;

/// Bits of SB_IO's PIN_TYPE (iCE Technology Library, SB_IO): a plain input, a plain output.
constexpr std::uint64_t kPlainInput = 0b000001;
constexpr std::uint64_t kPlainOutput = 0b011001;

/// Cells as nextpnr-ice40 packs them (its sources cells.cc, pack.cc, and files that version 0.11.1 wrote; iCE Technology
/// Library for the flops).
class Ice40Translator final : public RoutedTranslator {
 public:
  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    const std::string& type = cell.type();
    if (type == "ICESTORM_LC") return add_logic(cell, builder);
    if (type == "SB_IO") return add_pad(cell, builder);
    if (type == "SB_GB") return add_buffer(cell, "USER_SIGNAL_TO_GLOBAL_BUFFER", "GLOBAL_BUFFER_OUTPUT", builder);
    return cell.unsupported("there is no model of this type");
  }

 private:
  /// A LUT4 whose open pins are 0, the carry stage beside it, and the flop behind it.
  static Result<void> add_logic(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t init, cell.number("LUT_INIT", 16));
    LUTGEN_TRY(const std::uint64_t has_flop, cell.number("DFF_ENABLE", 1));
    LUTGEN_TRY(const std::uint64_t has_carry, cell.number("CARRY_ENABLE", 1));
    LUTGEN_TRY(const std::uint64_t carry_is_constant, cell.number("CIN_CONST", 1));
    LUTGEN_TRY(const std::uint64_t carry_constant, cell.number("CIN_SET", 1));
    const std::uint32_t id = builder.add_cell(cell.name());
    const auto table = truth::TruthTable::from_word(4, init);
    std::array<std::optional<RoutedNet>, 4> in;
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = cell.find(fmt::format("I{}", i)).value_or(RoutedNet::zero);
    const RoutedNet constant = carry_constant != 0 ? RoutedNet::one : RoutedNet::zero;
    const auto carry = cell.find("CIN");
    const auto carry_out = cell.find("COUT");
    if (carry_out && has_carry == 0) return cell.invalid("COUT is connected, but CARRY_ENABLE is 0");
    if (carry_out) {
      const RoutedNet below = carry_is_constant != 0 ? constant : carry.value_or(RoutedNet::zero);
      add_table(builder, id, kMajority, {*in[1], *in[2], below}, *carry_out);
    }
    const auto output = cell.find("O");
    const auto unregistered = cell.find("LO");
    if (has_flop == 0) {
      for (const char* unused : {"NEG_CLK", "ASYNC_SR", "SET_NORESET"}) static_cast<void>(cell.parameter(unused));
      if (unregistered) return cell.unsupported("pin LO is connected");
      if (output) static_cast<void>(add_function(builder, id, table, in, *output));  // no pin is open
      return {};
    }
    const RoutedNet data = unregistered ? *unregistered : builder.add_net("");
    static_cast<void>(add_function(builder, id, table, in, data));
    return add_flop(cell, data, output ? *output : builder.add_net(""), id, builder);
  }

  /// The reset of SB_DFFESR acts only while it is enabled; flops start at 0.
  static Result<void> add_flop(const RoutedCell& cell, RoutedNet data, RoutedNet output, std::uint32_t id,
                               RoutedBuilder& builder) {
    RoutedFlop flop{.data = data, .output = output, .cell = id};
    LUTGEN_TRY(const std::uint64_t falling, cell.number("NEG_CLK", 1));
    LUTGEN_TRY(const std::uint64_t asynchronous, cell.number("ASYNC_SR", 1));
    LUTGEN_TRY(const std::uint64_t sets, cell.number("SET_NORESET", 1));
    LUTGEN_TRY(flop.clock, cell.get("CLK"));
    flop.enable = cell.find("CEN").value_or(RoutedNet::one);
    flop.reset = cell.find("SR").value_or(RoutedNet::zero);
    if (falling != 0) return cell.unsupported("its clock is inverted");
    if (asynchronous != 0 && flop.reset != RoutedNet::zero) return cell.unsupported("its reset is asynchronous");
    flop.reset_value = sets != 0;
    flop.reset_needs_enable = true;
    builder.add_flop(flop);
    return {};
  }

  static Result<void> add_pad(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t pin_type, cell.number("PIN_TYPE", 6));
    LUTGEN_TRY(const std::uint64_t falling, cell.number("NEG_TRIGGER", 1));
    static_cast<void>(falling);  // no register of the pad is used
    static_cast<void>(cell.parameter("PULLUP"));
    static_cast<void>(cell.parameter("IO_STANDARD"));
    if (pin_type == kPlainOutput) return add_buffer(cell, "D_OUT_0", "PACKAGE_PIN", builder);
    if (pin_type != kPlainInput) return cell.unsupported(fmt::format("PIN_TYPE is {:06b}", pin_type));
    if (!cell.find("D_IN_0")) {
      cell.ignore("PACKAGE_PIN");  // nothing reads the pin
      return {};
    }
    return add_buffer(cell, "PACKAGE_PIN", "D_IN_0", builder);
  }
};

}  // namespace

std::unique_ptr<RoutedTranslator> make_ice40_translator() { return std::make_unique<Ice40Translator>(); }

}  // namespace lutgen::flow

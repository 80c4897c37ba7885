// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <fmt/core.h>

#include "lutgen/flow/routed_families.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

constexpr std::uint64_t kMux = 0xCA;  // inputs zero, one, select

/// The table of an ALU in each of its modes. I2 is tied to 1, so that entries 12 to 15 and 4 to 7 are the
/// function with I3 = 1 and 0, entries 0 to 3 what the carry is when it does not go on (Gowin SUG283, "ALU"; the names are
/// apicula's: C2L brings the carry out, ONE2C starts a chain with 1).
struct AluMode {
  std::string_view name;
  std::uint64_t table;
};
constexpr std::array kAluModes = std::to_array<AluMode>({{"0", 0x606A},
                                                         {"1", 0x909A},
                                                         {"2", 0x609A},
                                                         {"3", 0x909F},
                                                         {"4", 0x909A},
                                                         {"6", 0xA0A0},
                                                         {"7", 0x505F},
                                                         {"8", 0xAF5A},
                                                         {"C2L", 0x0000},
                                                         {"ONE2C", 0x000F}});

/// Cells as nextpnr-himbaechel-gowin leaves them (files that version 0.11.1 wrote; what gowin_pack of apicula makes of them).
class GowinTranslator final : public RoutedTranslator {
 public:
  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    const std::string& type = cell.type();
    if (type == "LUT1" || type == "LUT2" || type == "LUT3" || type == "LUT4") return add_lut(cell, builder);
    if (type.starts_with("MUX2_LUT")) return add_mux(cell, builder);
    if (type == "ALU") return add_alu(cell, builder);
    if (type.starts_with("DFF")) return add_flop(cell, builder);
    if (type == "IBUF" || type == "OBUF") return add_pad(cell, builder);
    if (type == "BUFG") return add_clock_buffer(cell, builder);
    if (type == "GOWIN_VCC") return add_constant(cell, "V", 1, builder);
    if (type == "GOWIN_GND") return add_constant(cell, "G", 0, builder);
    if (type == "GSR") {
      cell.ignore("GSRI");  // resets all flops once, after configuration
      return {};
    }
    return cell.unsupported("there is no model of this type");
  }

  Result<void> finish(RoutedBuilder& builder) override {
    for (const auto& [net, cell] : tied_) {
      if (ones_.contains(net)) continue;
      return fail(Code::routed_unsupported, builder.place(),
                  fmt::format("expected pin I2 of ALU {} to be tied to 1, found a signal", io::quote(cell)),
                  "multipliers are not simulated");
    }
    return {};
  }

 private:
  static Result<void> check_open(const RoutedCell& cell, int open) {
    if (open < 0) return {};
    return cell.invalid(fmt::format("its table reads input {}, which is not connected", open));
  }

  static Result<void> add_lut(const RoutedCell& cell, RoutedBuilder& builder) {
    const int inputs = cell.type()[3] - '0';
    LUTGEN_TRY(const std::uint64_t init, cell.number("INIT", std::size_t{1} << inputs));
    std::array<std::optional<RoutedNet>, 4> pins;
    for (int i = 0; i < inputs; ++i) pins[static_cast<std::size_t>(i)] = cell.find(fmt::format("I{}", i));
    const std::uint32_t id = builder.add_cell(cell.name());
    const auto output = cell.find("F");
    if (!output) return {};
    return check_open(cell, add_function(builder, id, truth::TruthTable::from_word(inputs, init), pins, *output));
  }

  static Result<void> add_mux(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const RoutedNet zero, cell.get("I0"));
    LUTGEN_TRY(const RoutedNet one, cell.get("I1"));
    LUTGEN_TRY(const RoutedNet select, cell.get("S0"));
    LUTGEN_TRY(const RoutedNet output, cell.get("O"));
    add_table(builder, builder.add_cell(cell.name()), kMux, {zero, one, select}, output);
    return {};
  }

  static Result<std::uint64_t> alu_table(const RoutedCell& cell) {
    const std::string_view mode = cell.parameter("ALU_MODE").value_or("0");
    if (cell.parameter("RAW_ALU_LUT")) return cell.number("RAW_ALU_LUT", 16);
    std::string name(mode);
    if (mode.find_first_not_of("01") == std::string_view::npos) {
      LUTGEN_TRY(const std::uint64_t number, cell.number("ALU_MODE", 8));
      name = fmt::format("{}", number);
    }
    for (const AluMode& known : kAluModes) {
      if (known.name == name) return known.table;
    }
    return cell.unsupported(fmt::format("ALU_MODE is '{}'", mode));
  }

  Result<void> add_alu(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t table, alu_table(cell));
    if (const auto tied = cell.find("I2")) tied_.emplace_back(*tied, cell.name());
    CarryTables tables{0, table & 15};
    for (std::uint32_t a = 0; a < 16; ++a) tables.propagate |= ((table >> (a | 4)) & 1) << a;
    const std::array<std::optional<RoutedNet>, 5> pins = {cell.find("I0"), cell.find("I1"), std::nullopt, cell.find("I3"),
                                                          cell.find("CIN")};
    const std::uint32_t id = builder.add_cell(cell.name());
    return check_open(cell, add_carry(builder, id, tables, pins, cell.find("SUM"), cell.find("COUT")));
  }

  /// DFF, then S or R for a set or reset that comes before the enable, then E for an enable.
  static Result<void> add_flop(const RoutedCell& cell, RoutedBuilder& builder) {
    std::string_view kind = std::string_view(cell.type()).substr(3);
    RoutedFlop flop;
    if (kind.starts_with('S') || kind.starts_with('R')) {
      flop.reset_value = kind[0] == 'S';
      LUTGEN_TRY(flop.reset, cell.get(flop.reset_value ? "SET" : "RESET"));
      kind.remove_prefix(1);
    }
    if (kind == "E") {
      LUTGEN_TRY(flop.enable, cell.get("CE"));
    } else if (!kind.empty()) {
      return cell.unsupported("its clock is inverted, or its reset asynchronous");
    }
    LUTGEN_TRY(const std::uint64_t initial, cell.number("INIT", 1));
    LUTGEN_TRY(flop.clock, cell.get("CLK"));
    LUTGEN_TRY(flop.data, cell.get("D"));
    const auto output = cell.find("Q");
    flop.output = output ? *output : builder.add_net("");
    flop.initial = flop.reset_value || initial != 0;
    flop.cell = builder.add_cell(cell.name());
    builder.add_flop(flop);
    return {};
  }

  static Result<void> add_pad(const RoutedCell& cell, RoutedBuilder& builder) {
    for (const char* tied : {"BOTTOM_IO_PORT_A", "BOTTOM_IO_PORT_B"}) {
      cell.ignore(tied);  // constants that choose the drive of a pad
      static_cast<void>(cell.parameter(fmt::format("NET_{}", tied)));
    }
    for (const char* known : {"NET_I", "NET_O"}) static_cast<void>(cell.parameter(known));
    return add_buffer(cell, "I", "O", builder);
  }

  /// Where the clock reaches the flops by its own wire, nextpnr leaves a buffer behind that drives nothing.
  static Result<void> add_clock_buffer(const RoutedCell& cell, RoutedBuilder& builder) {
    cell.ignore("I");
    if (!cell.find("O")) return {};
    return add_buffer(cell, "I", "O", builder);
  }

  Result<void> add_constant(const RoutedCell& cell, std::string_view pin, std::uint64_t value, RoutedBuilder& builder) {
    LUTGEN_TRY(const RoutedNet output, cell.get(pin));
    if (value != 0) ones_.insert(output);
    add_table(builder, builder.add_cell(cell.name()), value, {}, output);
    return {};
  }

  std::set<RoutedNet> ones_ = {RoutedNet::one};
  std::vector<std::pair<RoutedNet, std::string>> tied_;  // I2 of the ALUs, by cell
};

}  // namespace

std::unique_ptr<RoutedTranslator> make_gowin_translator() { return std::make_unique<GowinTranslator>(); }

}  // namespace lutgen::flow

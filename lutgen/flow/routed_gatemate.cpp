// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "lutgen/flow/routed_families.hpp"

namespace lutgen::flow {
namespace {

using Pins = std::vector<std::optional<RoutedNet>>;

bool entry(std::uint64_t table, bool low, bool high) { return ((table >> ((high ? 2 : 0) + (low ? 1 : 0))) & 1) != 0; }

/// Cells as nextpnr-himbaechel-gatemate packs and routes them (files that version 0.11.1 wrote; the cells' functions: its
/// simulation models, and GateMate's data sheet DS1001, "Cologne Programmable Element"). Open inputs must not matter.
class GatemateTranslator final : public RoutedTranslator {
 public:
  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    const std::string& type = cell.type();
    if (type == "CPE_L2T4") return add_table_cell(cell, builder);
    if (type == "CPE_MX4") return add_mux(cell, builder);
    if (type == "CPE_ADDF" || type == "CPE_ADDF2") return add_adder(cell, builder);
    if (type == "CPE_FF") return add_flop(cell, builder);
    if (type == "CPE_CPLINES") return add_lines(cell, builder);
    if (type == "CPE_BRIDGE") return add_bridge(cell, builder);
    if (type == "IOSEL") return add_pad(cell, builder);
    if (type == "CPE_RAMO" || type == "CPE_RAMI" || type == "CPE_RAMIO") return add_border(cell, builder);
    if (type == "CPE_IBUF") return add_buffer(cell, "I", "Y", builder);
    if (type == "CPE_OBUF") return add_buffer(cell, "A", "O", builder);
    if (type == "CLKIN") return add_clock_input(cell, builder);
    if (type == "GLBOUT") return add_clock_output(cell, builder);
    return cell.unsupported("there is no model of this type");
  }

 private:
  /// A number, then the cell's parameter of that name as bits.
  static Result<bool> flag(const RoutedCell& cell, std::string_view name) {
    LUTGEN_TRY(const std::uint64_t value, cell.number(name, 1));
    return value != 0;
  }

  /// `line` where parameter `select` is 1, else `pin`.
  static Result<std::optional<RoutedNet>> choose(const RoutedCell& cell, std::string_view select, std::string_view line,
                                                 std::string_view pin) {
    LUTGEN_TRY(const bool is_line, flag(cell, select));
    const auto from_line = cell.find(line);
    const auto from_pin = cell.find(pin);
    return is_line ? from_line : from_pin;
  }

  /// Adds a table of `function` of the pins' bits, where the output is connected.
  template <class Function>
  static Result<void> add_output(const RoutedCell& cell, RoutedBuilder& builder, std::uint32_t id, const Pins& pins,
                                 Function&& function, const std::optional<RoutedNet>& output) {
    if (!output) return {};
    truth::TruthTable table(static_cast<int>(pins.size()));
    for (std::uint32_t a = 0; a < table.entries(); ++a) table.set_bit(a, function(a));
    const int open = add_function(builder, id, table, pins, *output);
    if (open < 0) return {};
    return cell.invalid(fmt::format("its table reads input {}, which is not connected", open));
  }

  static Result<void> add_table_cell(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t l00, cell.number("INIT_L00", 4));
    LUTGEN_TRY(const std::uint64_t l01, cell.number("INIT_L01", 4));
    LUTGEN_TRY(const std::uint64_t l10, cell.number("INIT_L10", 4));
    LUTGEN_TRY(const std::uint64_t l20, cell.number("INIT_L20", 4));
    LUTGEN_TRY(const std::uint64_t function, cell.number("C_FUNCTION", 3));
    LUTGEN_TRY(const bool is_upper, flag(cell, "L2T4_UPPER"));
    LUTGEN_TRY(const auto in2, choose(cell, is_upper ? "C_I1" : "C_I3", "PINY1", "IN2"));
    LUTGEN_TRY(const auto in4, choose(cell, is_upper ? "C_I2" : "C_I4", is_upper ? "CINX" : "PINX", "IN4"));
    LUTGEN_TRY(const auto carry, choose(cell, "C_HORIZ", "CINX", "CINY1"));
    const Pins pins = {cell.find("IN1"), in2, cell.find("IN3"), in4, carry, cell.find("COMBIN")};
    constexpr std::uint64_t kPass = 0b1100;  // the upper half's output does not matter
    const auto value = [&](std::uint32_t a) {
      const auto in = [&](int i) { return ((a >> i) & 1) != 0; };
      bool second = entry(l01, in(2), in(3));
      if (!is_upper && function == 5) second = second || in(4);
      bool out = entry(l10, entry(l00, in(0), in(1)), second);
      if (!is_upper && l20 != kPass) out = entry(l20, in(5), out);
      if (!is_upper && function == 7) out = out != in(4);
      return out;
    };
    return add_output(cell, builder, builder.add_cell(cell.name()), pins, value, cell.find("OUT"));
  }

  /// A multiplexer whose selects are small tables; the four data inputs can be masked and inverted.
  static Result<void> add_mux(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    LUTGEN_TRY(const std::uint64_t used, cell.number("INIT_L10", 4));
    LUTGEN_TRY(const std::uint64_t inverted, cell.number("INIT_L11", 4));
    LUTGEN_TRY(const std::uint64_t l02, cell.number("INIT_L02", 4));
    LUTGEN_TRY(const std::uint64_t l03, cell.number("INIT_L03", 4));
    for (const char* unused : {"INIT_L00", "INIT_L01", "INIT_L20", "C_FUNCTION"}) static_cast<void>(cell.parameter(unused));
    LUTGEN_TRY(const auto in6, choose(cell, "C_I3", "PINY1", "IN6"));
    LUTGEN_TRY(const auto in8, choose(cell, "C_I4", "PINX", "IN8"));
    const RoutedNet s0 = builder.add_net("");
    const RoutedNet s1 = builder.add_net("");
    const auto select = [](std::uint64_t table) {
      return [table](std::uint32_t a) { return entry(table, (a & 1) != 0, (a & 2) != 0); };
    };
    LUTGEN_TRY_VOID(add_output(cell, builder, id, {cell.find("IN5"), in6}, select(l02), s0));
    LUTGEN_TRY_VOID(add_output(cell, builder, id, {cell.find("IN7"), in8}, select(l03), s1));
    const Pins pins = {cell.find("IN1"), cell.find("IN2"), cell.find("IN3"), cell.find("IN4"), s0, s1};
    const auto value = [&](std::uint32_t a) {
      const std::uint32_t chosen = (a >> 4) & 3;
      const bool data = ((used >> chosen) & 1) != 0 && ((a >> chosen) & 1) != 0;
      return data != (((inverted >> chosen) & 1) != 0);
    };
    return add_output(cell, builder, id, pins, value, cell.find("OUT1"));
  }

  /// One bit of an addition: two small tables and a carry.
  struct AdderBit {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    Pins pins;  // two of the first table, two of the second, the carry below
  };

  static Result<void> add_adder_bit(const RoutedCell& cell, RoutedBuilder& builder, std::uint32_t id, const AdderBit& bit,
                                    const std::optional<RoutedNet>& sum, std::span<const std::optional<RoutedNet>> carries) {
    const auto count = [&](std::uint32_t a) {
      return int{entry(bit.first, (a & 1) != 0, (a & 2) != 0)} + int{entry(bit.second, (a & 4) != 0, (a & 8) != 0)} +
             int{(a & 16) != 0};
    };
    LUTGEN_TRY_VOID(add_output(cell, builder, id, bit.pins, [&](std::uint32_t a) { return count(a) % 2 == 1; }, sum));
    for (const auto& carry : carries) {
      LUTGEN_TRY_VOID(add_output(cell, builder, id, bit.pins, [&](std::uint32_t a) { return count(a) >= 2; }, carry));
    }
    return {};
  }

  static Result<void> add_adder(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    AdderBit upper;
    AdderBit lower;
    LUTGEN_TRY(upper.first, cell.number("INIT_L00", 4));
    LUTGEN_TRY(upper.second, cell.number("INIT_L01", 4));
    LUTGEN_TRY(lower.first, cell.number("INIT_L02", 4));
    LUTGEN_TRY(lower.second, cell.number("INIT_L03", 4));
    for (const char* unused : {"INIT_L10", "INIT_L11", "INIT_L20", "C_FUNCTION"}) static_cast<void>(cell.parameter(unused));
    LUTGEN_TRY(const auto in2, choose(cell, "C_I1", "PINY1", "IN2"));
    LUTGEN_TRY(const auto in4, choose(cell, "C_I2", "CINX", "IN4"));
    const auto carry = cell.find("CINY1");
    upper.pins = {cell.find("IN1"), in2, cell.find("IN3"), in4, carry};
    if (cell.type() == "CPE_ADDF") {
      for (const char* unused : {"C_I3", "C_I4"}) static_cast<void>(cell.parameter(unused));
      const std::array carries = {cell.find("CPOUT2"), cell.find("COUTY1")};
      return add_adder_bit(cell, builder, id, upper, cell.find("OUT1"), carries);
    }
    LUTGEN_TRY(const auto in6, choose(cell, "C_I3", "PINY1", "IN6"));
    LUTGEN_TRY(const auto in8, choose(cell, "C_I4", "PINX", "IN8"));
    lower.pins = {cell.find("IN5"), in6, cell.find("IN7"), in8, carry};
    const std::array<std::optional<RoutedNet>, 1> middle = {builder.add_net("")};
    upper.pins[4] = middle[0];
    LUTGEN_TRY_VOID(add_adder_bit(cell, builder, id, lower, cell.find("OUT1"), middle));
    const std::array carries = {cell.find("COUTY1")};
    return add_adder_bit(cell, builder, id, upper, cell.find("OUT2"), carries);
  }

  /// C_CPE_x: 0 = never, 1 = inverted, 2 = as it is, 3 = always; set and reset are asynchronous, and 0 and 3 the other way.
  static Result<void> add_flop(const RoutedCell& cell, RoutedBuilder& builder) {
    RoutedFlop flop;
    flop.cell = builder.add_cell(cell.name());
    LUTGEN_TRY(const std::uint64_t clock, cell.number("C_CPE_CLK", 2));
    LUTGEN_TRY(const std::uint64_t enable, cell.number("C_CPE_EN", 2));
    LUTGEN_TRY(const std::uint64_t reset, cell.number("C_CPE_RES", 2));
    LUTGEN_TRY(const std::uint64_t set, cell.number("C_CPE_SET", 2));
    LUTGEN_TRY(const std::uint64_t initial, cell.number("FF_INIT", 2));
    LUTGEN_TRY(const bool clock_line, flag(cell, "C_CLKSEL"));
    LUTGEN_TRY(const bool enable_line, flag(cell, "C_ENSEL"));
    static_cast<void>(cell.parameter("C_EN_SR"));
    if (clock != (clock_line ? 0U : 2U)) return cell.unsupported("its clock is inverted or off");
    if (reset != 3 || set != 3) return cell.unsupported("its set or reset is used, which is asynchronous");
    cell.ignore("SR");
    LUTGEN_TRY(flop.clock, cell.get("CLK"));
    LUTGEN_TRY(flop.data, cell.get("DIN"));
    const bool always = enable == 3 && !enable_line;
    if (!always) {
      if (enable == 0 && !enable_line) return cell.unsupported("it is never enabled");
      LUTGEN_TRY(flop.enable, cell.get("EN"));
      const bool inverted = enable_line ? enable != 0 : enable == 1;
      if (inverted) {
        const RoutedNet net = builder.add_net("");
        add_table(builder, flop.cell, 0b01, {flop.enable}, net);
        flop.enable = net;
      }
    } else {
      cell.ignore("EN");
    }
    const auto output = cell.find("DOUT");
    flop.output = output ? *output : builder.add_net("");
    flop.initial = initial == 3;
    builder.add_flop(flop);
    return {};
  }

  /// The lines from cell to cell: each goes on, or begins here with one of the cell's outputs.
  static Result<void> add_lines(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const bool y12, flag(cell, "C_Y12"));
    LUTGEN_TRY(const bool sel_c, flag(cell, "C_SEL_C"));
    LUTGEN_TRY(const bool sel_p, flag(cell, "C_SEL_P"));
    const std::uint32_t id = builder.add_cell(cell.name());
    struct Line {
      const char* name;    // CX, PY1, ...
      const char* select;  // C_SELX, ...
      bool is_carry;
      const char* when_set;    // the output that is chosen with select = 1
      const char* when_clear;
    };
    constexpr std::array kLines = std::to_array<Line>({{"CX", "C_SELX", true, "OUT2", "OUT1"},
                                                       {"PX", "C_SELX", false, "OUT1", "OUT2"},
                                                       {"CY1", "C_SELY1", true, "OUT1", "OUT2"},
                                                       {"PY1", "C_SELY1", false, "OUT2", "OUT1"},
                                                       {"CY2", "C_SELY2", true, "OUT2", "OUT1"},
                                                       {"PY2", "C_SELY2", false, "OUT1", "OUT2"}});
    for (const Line& line : kLines) {
      const std::string way(1, line.name[0]);
      const std::string axis(line.name + 1);
      LUTGEN_TRY(const bool begins, flag(cell, fmt::format("C_{}_I", line.name)));
      LUTGEN_TRY(const bool select, flag(cell, line.select));
      std::string source = way + "IN" + axis;
      if (begins && (line.is_carry ? sel_c : sel_p)) {
        source = !select ? "COMPOUT" : way + "IN" + (axis == "X" ? (y12 ? "Y2" : "Y1") : "X");
      } else if (begins) {
        source = select ? line.when_set : line.when_clear;
      }
      const auto output = cell.find(way + "OUT" + axis);
      for (const char* pin : {"OUT1", "OUT2", "COMPOUT"}) cell.ignore(pin);
      cell.ignore(way + "IN" + axis);
      if (!output) continue;
      LUTGEN_TRY(const RoutedNet input, cell.get(source));
      add_table(builder, id, kBufferTable, {input}, *output);
    }
    return {};
  }

  static Result<void> add_bridge(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const std::uint64_t number, cell.number("C_SN", 3));
    static_cast<void>(cell.parameter("C_BR"));
    return add_buffer(cell, fmt::format("IN{}", number + 1), "MUXOUT", builder);
  }

  /// The way to and from what is not a CPE, the pads for example.
  static Result<void> add_border(const RoutedCell& cell, RoutedBuilder& builder) {
    for (const char* known : {"C_RAM_O", "C_RAM_I"}) static_cast<void>(cell.parameter(known));
    if (cell.find("RAM_O")) LUTGEN_TRY_VOID(add_buffer(cell, "I", "RAM_O", builder));
    cell.ignore("RAM_I");
    return cell.find("OUT") ? add_buffer(cell, "RAM_I", "OUT", builder) : Result<void>();
  }

  static Result<void> add_pad(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    for (const char* plain : {"USE_DDR", "OUT1_FF", "OUT2_FF", "IN1_FF", "IN2_FF", "USE_CFG_BIT"}) {
      LUTGEN_TRY(const bool used, flag(cell, plain));
      if (used) return cell.unsupported(fmt::format("{} is set", plain));
    }
    for (const char* electric : {"OPEN_DRAIN", "SLEW", "DRIVE", "INPUT_ENABLE", "PULLDOWN", "PULLUP", "SCHMITT_TRIGGER",
                                 "OE_ENABLE", "OE_SIGNAL", "DELAY_OBF", "DELAY_IBF", "SEL_IN_CLOCK", "SEL_OUT_CLOCK",
                                 "OUT_CLOCK", "IN_CLOCK"}) {
      static_cast<void>(cell.parameter(electric));
    }
    LUTGEN_TRY(const bool drives, flag(cell, "OUT_SIGNAL"));
    LUTGEN_TRY(const bool second, flag(cell, "OUT23_14_SEL"));
    LUTGEN_TRY(const bool fourth, flag(cell, "OUT1_4"));
    LUTGEN_TRY(const bool third, flag(cell, "OUT2_3"));
    cell.ignore("GPIO_EN");
    if (const auto in = cell.find("GPIO_IN")) {
      for (const char* pin : {"IN1", "IN2"}) {
        if (const auto output = cell.find(pin)) add_table(builder, id, kBufferTable, {*in}, *output);
      }
    }
    const auto pad = cell.find("GPIO_OUT");
    if (!pad) return {};
    const RoutedNet constant = second ? RoutedNet::one : RoutedNet::zero;
    RoutedNet source = constant;
    if (drives) {
      LUTGEN_TRY(source, cell.get(second ? (third ? "OUT3" : "OUT2") : (fourth ? "OUT4" : "OUT1")));
    }
    add_table(builder, id, kBufferTable, {source}, *pad);
    return {};
  }

  static Result<void> add_clock_input(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    for (int i = 0; i < 4; ++i) {
      LUTGEN_TRY(const std::uint64_t source, cell.number(fmt::format("REF{}", i), 4));
      LUTGEN_TRY(const bool inverted, flag(cell, fmt::format("REF{}_INV", i)));
      cell.ignore(fmt::format("CLK{}", i));
      const auto output = cell.find(fmt::format("CLK_REF{}", i));
      if (!output) continue;
      if (inverted || source > 3) return cell.unsupported("a clock is inverted, or comes from no pin");
      LUTGEN_TRY(const RoutedNet input, cell.get(fmt::format("CLK{}", source)));
      add_table(builder, id, kBufferTable, {input}, *output);
    }
    return {};
  }

  static Result<void> add_clock_output(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    for (int i = 0; i < 4; ++i) {
      LUTGEN_TRY(const std::uint64_t source, cell.number(fmt::format("GLB{}_CFG", i), 3));
      static_cast<void>(cell.parameter(fmt::format("GLB{}_EN", i)));
      cell.ignore(fmt::format("CLK_REF_OUT{}", i));
      const auto output = cell.find(fmt::format("GLB{}", i));
      if (!output) continue;
      if (source != 0) return cell.unsupported("a clock comes from a PLL or from the fabric");
      LUTGEN_TRY(const RoutedNet input, cell.get(fmt::format("CLK_REF_OUT{}", i)));
      add_table(builder, id, kBufferTable, {input}, *output);
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<RoutedTranslator> make_gatemate_translator() { return std::make_unique<GatemateTranslator>(); }

}  // namespace lutgen::flow

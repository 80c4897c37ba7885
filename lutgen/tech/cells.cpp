// SPDX-License-Identifier: Apache-2.0
#include "lutgen/tech/cells.hpp"

#include "lutgen/base/result.hpp"

namespace lutgen::tech {
namespace {

constexpr bool kOut = true;

constexpr Pin kLutPins[] = {{"O", 1, kOut}, {"I0"}, {"I1"}, {"I2"}, {"I3"}, {"I4"}, {"I5"}};
constexpr InitParameter kInit1[] = {{"INIT", 2, 0}};
constexpr InitParameter kInit2[] = {{"INIT", 4, 0}};
constexpr InitParameter kInit3[] = {{"INIT", 8, 0}};
constexpr InitParameter kInit4[] = {{"INIT", 16, 0}};
constexpr InitParameter kInit5[] = {{"INIT", 32, 0}};
constexpr InitParameter kInit6[] = {{"INIT", 64, 0}};
constexpr Pin kMuxfPins[] = {{"O", 1, kOut}, {"I0"}, {"I1"}, {"S"}};
constexpr Pin kCarry4Pins[] = {{"CO", 4, kOut}, {"O", 4, kOut}, {"CI"}, {"CYINIT"}, {"DI", 4}, {"S", 4}};
constexpr InitParameter kFlopInit[] = {{"INIT", 1, 0}};
constexpr Pin kFdrePins[] = {{"Q", 1, kOut}, {"C"}, {"CE"}, {"D"}, {"R"}};

constexpr Pin kEcp5LutPins[] = {{"Z", 1, kOut}, {"A"}, {"B"}, {"C"}, {"D"}};
constexpr Pin kPfumxPins[] = {{"Z", 1, kOut}, {"ALUT"}, {"BLUT"}, {"C0"}};
constexpr Pin kL6muxPins[] = {{"Z", 1, kOut}, {"D0"}, {"D1"}, {"SD"}};
constexpr Pin kCcu2cPins[] = {{"S0", 1, kOut}, {"S1", 1, kOut}, {"COUT", 1, kOut}, {"CIN"},
                              {"A0"}, {"B0"}, {"C0"}, {"D0"}, {"A1"}, {"B1"}, {"C1"}, {"D1"}};
constexpr InitParameter kCcu2cInit[] = {{"INIT0", 16, 0}, {"INIT1", 16, 16}};
constexpr TextParameter kCcu2cText[] = {{"INJECT1_0", "NO"}, {"INJECT1_1", "NO"}};
constexpr Pin kTrellisPins[] = {{"Q", 1, kOut}, {"CLK"}, {"DI"}, {"LSR"}};
constexpr TextParameter kTrellisText[] = {{"GSR", "DISABLED"},  {"CEMUX", "1"},
                                          {"CLKMUX", "CLK"},    {"LSRMUX", "LSR"},
                                          {"REGSET", "RESET"},  {"SRMODE", "LSR_OVER_CE"}};

constexpr Pin kSbLutPins[] = {{"O", 1, kOut}, {"I0"}, {"I1"}, {"I2"}, {"I3"}};
constexpr InitParameter kSbLutInit[] = {{"LUT_INIT", 16, 0}};
constexpr Pin kSbCarryPins[] = {{"CO", 1, kOut}, {"I0"}, {"I1"}, {"CI"}};
constexpr Pin kSbDffPins[] = {{"Q", 1, kOut}, {"C"}, {"D"}};
constexpr Pin kSbDffsrPins[] = {{"Q", 1, kOut}, {"C"}, {"D"}, {"R"}};

constexpr Pin kGowinLutPins[] = {{"F", 1, kOut}, {"I0"}, {"I1"}, {"I2"}, {"I3"}};
constexpr Pin kMux2Pins[] = {{"O", 1, kOut}, {"I0"}, {"I1"}, {"S0"}};
constexpr Pin kAluPins[] = {{"SUM", 1, kOut}, {"COUT", 1, kOut}, {"I0"}, {"I1"}, {"I3"}, {"CIN"}};
constexpr InitParameter kAluInit[] = {{"ALU_MODE", 32, 0}};
constexpr Pin kGowinDffPins[] = {{"Q", 1, kOut}, {"CLK"}, {"D"}};
constexpr Pin kGowinDffrPins[] = {{"Q", 1, kOut}, {"CLK"}, {"D"}, {"RESET"}};

constexpr Pin kCcLutPins[] = {{"O", 1, kOut}, {"I0"}, {"I1"}, {"I2"}, {"I3"}};
constexpr InitParameter kL2t4Init[] = {{"INIT_L00", 4, 0}, {"INIT_L01", 4, 4}, {"INIT_L10", 4, 8}};
constexpr Pin kMx4Pins[] = {{"Y", 1, kOut}, {"D0"}, {"D1"}, {"D2"}, {"D3"}, {"S0"}, {"S1"}};
constexpr Pin kAddfPins[] = {{"S", 1, kOut}, {"CO", 1, kOut}, {"A"}, {"B"}, {"CI"}};
constexpr Pin kCcDffPins[] = {{"Q", 1, kOut}, {"CLK"}, {"EN"}, {"D"}, {"SR"}};

/// The output of a LUT cell and its first inputs, `count` pins in all.
constexpr std::span<const Pin> first_pins(std::span<const Pin> pins, std::size_t count) {
  return pins.first(count);
}

constexpr CellType make(Cell id, std::string_view name, Family family, CellRole role,
                        std::span<const Pin> pins, std::span<const InitParameter> init = {},
                        std::span<const TextParameter> text = {}) {
  CellType type{id, name, family, role, pins, init, text, 0, 0};
  for (const Pin& pin : pins) {
    auto& bits = pin.is_output ? type.output_bits : type.input_bits;
    bits = static_cast<std::uint8_t>(bits + pin.pin_bits);
  }
  return type;
}

constexpr std::array<CellType, kCellCount> kTypes = {
    make(Cell::lut1, "LUT1", Family::xc7, CellRole::lut, first_pins(kLutPins, 2), kInit1),
    make(Cell::lut2, "LUT2", Family::xc7, CellRole::lut, first_pins(kLutPins, 3), kInit2),
    make(Cell::lut3, "LUT3", Family::xc7, CellRole::lut, first_pins(kLutPins, 4), kInit3),
    make(Cell::lut4, "LUT4", Family::xc7, CellRole::lut, first_pins(kLutPins, 5), kInit4),
    make(Cell::lut5, "LUT5", Family::xc7, CellRole::lut, first_pins(kLutPins, 6), kInit5),
    make(Cell::lut6, "LUT6", Family::xc7, CellRole::lut, first_pins(kLutPins, 7), kInit6),
    make(Cell::muxf7, "MUXF7", Family::xc7, CellRole::mux, kMuxfPins),
    make(Cell::muxf8, "MUXF8", Family::xc7, CellRole::mux, kMuxfPins),
    make(Cell::carry4, "CARRY4", Family::xc7, CellRole::carry, kCarry4Pins),
    make(Cell::fdre, "FDRE", Family::xc7, CellRole::flop, kFdrePins, kFlopInit),
    make(Cell::ecp5_lut4, "LUT4", Family::ecp5, CellRole::lut, kEcp5LutPins, kInit4),
    make(Cell::pfumx, "PFUMX", Family::ecp5, CellRole::mux, kPfumxPins),
    make(Cell::l6mux21, "L6MUX21", Family::ecp5, CellRole::mux, kL6muxPins),
    make(Cell::ccu2c, "CCU2C", Family::ecp5, CellRole::carry, kCcu2cPins, kCcu2cInit, kCcu2cText),
    make(Cell::trellis_ff, "TRELLIS_FF", Family::ecp5, CellRole::flop, kTrellisPins, {}, kTrellisText),
    make(Cell::sb_lut4, "SB_LUT4", Family::ice40, CellRole::lut, kSbLutPins, kSbLutInit),
    make(Cell::sb_carry, "SB_CARRY", Family::ice40, CellRole::carry, kSbCarryPins),
    make(Cell::sb_dff, "SB_DFF", Family::ice40, CellRole::flop, kSbDffPins),
    make(Cell::sb_dffsr, "SB_DFFSR", Family::ice40, CellRole::flop, kSbDffsrPins),
    make(Cell::gowin_lut1, "LUT1", Family::gowin, CellRole::lut, first_pins(kGowinLutPins, 2), kInit1),
    make(Cell::gowin_lut2, "LUT2", Family::gowin, CellRole::lut, first_pins(kGowinLutPins, 3), kInit2),
    make(Cell::gowin_lut3, "LUT3", Family::gowin, CellRole::lut, first_pins(kGowinLutPins, 4), kInit3),
    make(Cell::gowin_lut4, "LUT4", Family::gowin, CellRole::lut, kGowinLutPins, kInit4),
    make(Cell::mux2_lut5, "MUX2_LUT5", Family::gowin, CellRole::mux, kMux2Pins),
    make(Cell::mux2_lut6, "MUX2_LUT6", Family::gowin, CellRole::mux, kMux2Pins),
    make(Cell::mux2_lut7, "MUX2_LUT7", Family::gowin, CellRole::mux, kMux2Pins),
    make(Cell::mux2_lut8, "MUX2_LUT8", Family::gowin, CellRole::mux, kMux2Pins),
    make(Cell::gowin_alu, "ALU", Family::gowin, CellRole::carry, kAluPins, kAluInit),
    make(Cell::gowin_dff, "DFF", Family::gowin, CellRole::flop, kGowinDffPins),
    make(Cell::gowin_dffr, "DFFR", Family::gowin, CellRole::flop, kGowinDffrPins),
    make(Cell::cc_lut1, "CC_LUT1", Family::gatemate, CellRole::lut, first_pins(kCcLutPins, 2), kInit1),
    make(Cell::cc_lut2, "CC_LUT2", Family::gatemate, CellRole::lut, first_pins(kCcLutPins, 3), kInit2),
    make(Cell::cc_l2t4, "CC_L2T4", Family::gatemate, CellRole::lut, kCcLutPins, kL2t4Init),
    make(Cell::cc_mx4, "CC_MX4", Family::gatemate, CellRole::mux, kMx4Pins),
    make(Cell::cc_addf, "CC_ADDF", Family::gatemate, CellRole::carry, kAddfPins),
    make(Cell::cc_dff, "CC_DFF", Family::gatemate, CellRole::flop, kCcDffPins, kFlopInit),
};

/// The function of a LUT: a multiplexer tree over the init bits, least significant input first.
std::uint64_t evaluate_lut(std::uint64_t init, std::span<const std::uint64_t> inputs) {
  std::array<std::uint64_t, 64> level{};
  std::size_t count = std::size_t{1} << inputs.size();
  for (std::size_t a = 0; a < count; ++a) level[a] = ((init >> a) & 1) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint64_t select : inputs) {
    count /= 2;
    for (std::size_t a = 0; a < count; ++a) {
      level[a] = (select & level[2 * a + 1]) | (~select & level[2 * a]);
    }
  }
  return level[0];
}

std::uint64_t multiplex(std::uint64_t select, std::uint64_t zero, std::uint64_t one) {
  return (select & one) | (~select & zero);
}

/// UG953, CARRY4: CO[i] = S[i] ? carry-in : DI[i]; O[i] = S[i] ^ carry-in.
void evaluate_carry4(std::span<const std::uint64_t> in, std::span<std::uint64_t> out) {
  std::uint64_t carry = in[0] | in[1];
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t data = in[2 + i];
    const std::uint64_t select = in[6 + i];
    out[4 + i] = select ^ carry;
    carry = multiplex(select, data, carry);
    out[i] = carry;
  }
}

/// CCU2C without injection: each half has a LUT4 (propagate) and its lower four entries (generate).
void evaluate_ccu2c(std::uint64_t init, std::span<const std::uint64_t> in, std::span<std::uint64_t> out) {
  std::uint64_t carry = in[0];
  for (std::size_t half = 0; half < 2; ++half) {
    const std::uint64_t table = (init >> (16 * half)) & 0xFFFF;
    const auto operands = in.subspan(1 + 4 * half, 4);
    const std::uint64_t propagate = evaluate_lut(table, operands);
    const std::uint64_t generate = evaluate_lut(table & 0xF, operands.first(2));
    out[half] = propagate ^ carry;
    carry = multiplex(propagate, generate, carry);
  }
  out[2] = carry;
}

/// SUG283, ALU: SUM = S ^ CIN, COUT = S ? CIN : I0. In mode ADDSUB, the only one emitted, S is that of
/// I0 + I1 while I3 is 1, else that of I0 - I1.
void evaluate_gowin_alu(std::uint64_t mode, std::span<const std::uint64_t> in, std::span<std::uint64_t> out) {
  LUTGEN_CHECK(mode == kGowinAddSub);
  const std::uint64_t select = in[0] ^ in[1] ^ ~in[2];
  out[0] = select ^ in[3];
  out[1] = multiplex(select, in[0], in[3]);
}

/// DS1001, CPE: tables L00 of I0, I1 and L01 of I2, I3 feed table L10.
std::uint64_t evaluate_l2t4(std::uint64_t init, std::span<const std::uint64_t> in) {
  const std::array legs{evaluate_lut(init & 0xF, in.first(2)), evaluate_lut((init >> 4) & 0xF, in.subspan(2))};
  return evaluate_lut((init >> 8) & 0xF, legs);
}

std::uint64_t majority(std::uint64_t a, std::uint64_t b, std::uint64_t c) { return (a & b) | (c & (a | b)); }

}  // namespace

const CellType& cell_type(Cell cell) { return kTypes[static_cast<std::size_t>(cell)]; }

std::string_view family_name(Family family) {
  constexpr std::array<std::string_view, kFamilies.size()> kNames = {"xc7", "ecp5", "ice40", "gowin", "gatemate"};
  return kNames[static_cast<std::size_t>(family)];
}

std::optional<Family> find_family(std::string_view name) {
  for (const Family family : kFamilies) {
    if (family_name(family) == name) return family;
  }
  return std::nullopt;
}

int lut_inputs(Family family) { return family == Family::xc7 ? 6 : 4; }

Cell lut_cell(Family family, int inputs) {
  LUTGEN_CHECK(inputs >= 1 && inputs <= lut_inputs(family));
  switch (family) {
    case Family::xc7: return static_cast<Cell>(static_cast<int>(Cell::lut1) + inputs - 1);
    case Family::ecp5: return Cell::ecp5_lut4;
    case Family::ice40: return Cell::sb_lut4;
    case Family::gowin: return static_cast<Cell>(static_cast<int>(Cell::gowin_lut1) + inputs - 1);
    case Family::gatemate:
      LUTGEN_CHECK(inputs <= 2);
      return inputs == 1 ? Cell::cc_lut1 : Cell::cc_lut2;
  }
  LUTGEN_CHECK(false);
}

void evaluate_cell(Cell cell, std::uint64_t init, std::span<const std::uint64_t> inputs,
                   std::span<std::uint64_t> outputs) {
  const CellType& type = cell_type(cell);
  LUTGEN_CHECK(inputs.size() == type.input_bits && outputs.size() == type.output_bits);
  LUTGEN_CHECK(type.role != CellRole::flop);
  switch (cell) {
    case Cell::carry4: return evaluate_carry4(inputs, outputs);
    case Cell::ccu2c: return evaluate_ccu2c(init, inputs, outputs);
    case Cell::gowin_alu: return evaluate_gowin_alu(init, inputs, outputs);
    case Cell::sb_carry:
      outputs[0] = majority(inputs[0], inputs[1], inputs[2]);
      return;
    case Cell::cc_addf:
      outputs[0] = inputs[0] ^ inputs[1] ^ inputs[2];
      outputs[1] = majority(inputs[0], inputs[1], inputs[2]);
      return;
    case Cell::cc_l2t4: outputs[0] = evaluate_l2t4(init, inputs); return;
    case Cell::cc_mx4:
      outputs[0] = multiplex(inputs[5], multiplex(inputs[4], inputs[0], inputs[1]),
                             multiplex(inputs[4], inputs[2], inputs[3]));
      return;
    // PFUMX: Z is ALUT when C0 is 1 (Lattice numbers the halves the other way round).
    case Cell::pfumx: outputs[0] = multiplex(inputs[2], inputs[1], inputs[0]); return;
    case Cell::muxf7:
    case Cell::muxf8:
    case Cell::mux2_lut5:
    case Cell::mux2_lut6:
    case Cell::mux2_lut7:
    case Cell::mux2_lut8:
    case Cell::l6mux21: outputs[0] = multiplex(inputs[2], inputs[0], inputs[1]); return;
    default: outputs[0] = evaluate_lut(init, inputs); return;
  }
}

}  // namespace lutgen::tech

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lutgen::tech {

/// The device families that netlists are made for.
///
/// xc7    AMD 7 series (UG953, the libraries guide; UG474, the CLB guide)
/// ecp5   Lattice ECP5 (FPGA Libraries Reference Guide; primitives as Yosys and nextpnr-ecp5 name them)
/// ice40  Lattice iCE40 LP/HX/UP (iCE Technology Library)
/// gowin  Gowin GW1N, GW2A and their kin (SUG283, Gowin primitives user guide; UG288, CFU user guide)
/// gatemate  Cologne Chip GateMate (UG1001, primitives library; DS1001, data sheet)
enum class Family : std::uint8_t { xc7, ecp5, ice40, gowin, gatemate };

/// All of them, in the order of the enumeration.
inline constexpr std::array kFamilies = {Family::xc7, Family::ecp5, Family::ice40, Family::gowin, Family::gatemate};

/// Every primitive that a netlist may hold.
enum class Cell : std::uint8_t {
  lut1, lut2, lut3, lut4, lut5, lut6, muxf7, muxf8, carry4, fdre,  // xc7
  ecp5_lut4, pfumx, l6mux21, ccu2c, trellis_ff,                    // ecp5
  sb_lut4, sb_carry, sb_dff, sb_dffsr,                             // ice40
  gowin_lut1, gowin_lut2, gowin_lut3, gowin_lut4,                  // gowin
  mux2_lut5, mux2_lut6, mux2_lut7, mux2_lut8, gowin_alu, gowin_dff, gowin_dffr,
  cc_lut1, cc_lut2, cc_l2t4, cc_mx4, cc_addf, cc_dff,              // gatemate
};

/// ALU_MODE of Gowin's ALU, "ADDSUB": it adds I0, I1 and the carry while I3 is 1. The mode that Yosys and
/// nextpnr use (and so test) for adders.
inline constexpr std::uint64_t kGowinAddSub = 2;

/// What a cell is counted as.
enum class CellRole : std::uint8_t { lut, mux, carry, flop };

/// A pin: a bit, or a vector connected least significant bit first.
struct Pin {
  std::string_view name;
  std::uint8_t pin_bits = 1;
  bool is_output = false;
};

/// A numeric parameter: `bits` bits of the cell's init value from bit `shift` up, printed as sized hex.
struct InitParameter {
  std::string_view name;
  std::uint8_t bits = 0;
  std::uint8_t shift = 0;
};

/// A parameter with the same text in every instance.
struct TextParameter {
  std::string_view name;
  std::string_view value;
};

/// A primitive as the tools know it. Connections of an instance are one flat list of bits: pin by pin
/// in this order, vectors least significant bit first; outputs come before inputs.
struct CellType {
  Cell id;
  std::string_view name;
  Family family;
  CellRole role;
  std::span<const Pin> pins;
  std::span<const InitParameter> init;
  std::span<const TextParameter> text;
  std::uint8_t output_bits = 0;
  std::uint8_t input_bits = 0;
};

/// The type of a cell. O(1), static storage.
[[nodiscard]] const CellType& cell_type(Cell cell);

/// Number of all cell types, for tables indexed by Cell.
inline constexpr std::size_t kCellCount = static_cast<std::size_t>(Cell::cc_dff) + 1;

/// "xc7", "ecp5", "ice40", "gowin", "gatemate". Static storage.
[[nodiscard]] std::string_view family_name(Family family);
/// The family of that name, or nothing.
[[nodiscard]] std::optional<Family> find_family(std::string_view name);

/// Inputs of the family's largest single LUT: 6 or 4. For gatemate 4, the inputs of a CC_L2T4, which is a tree of
/// two-input tables and so holds some functions of them only (map/lut_tree).
[[nodiscard]] int lut_inputs(Family family);
/// The single-LUT cell for a table of `inputs` inputs, 1 <= inputs <= lut_inputs(family), 2 for gatemate (checked).
/// Families with one LUT size take that; the caller ties the unused inputs to 0.
[[nodiscard]] Cell lut_cell(Family family, int inputs);

/// The combinational function of a cell, for 64 samples at once; a flop has none (checked).
///
/// inputs, outputs  one word per bit, in the order of the flat connection list; bit s is sample s
/// Source           UG953 (xc7), the families' library guides (ecp5, ice40, gowin, gatemate)
void evaluate_cell(Cell cell, std::uint64_t init, std::span<const std::uint64_t> inputs,
                   std::span<std::uint64_t> outputs);

}  // namespace lutgen::tech

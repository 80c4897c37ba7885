// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// One line of FASM sets at most this many bits (a block RAM's INIT row has 256).
inline constexpr std::uint32_t kMaxFasmWidth = 4096;

/// The largest address of a bit inside a feature.
inline constexpr std::uint32_t kMaxFasmAddress = 65535;

/// One line that sets a feature: `INT_L_X10Y146.SW6BEG0.WW2END0`,
/// `CLBLL_L_X2Y4.SLICEL_X0.ALUT.INIT[63:0] = 64'h96`.
///
/// name        tile and feature, without the address: `CLBLL_L_X2Y4.SLICEL_X0.ALUT.INIT`
/// line        from 1
/// low, width  addresses low .. low + width - 1; 0 and 1 when the line names none
/// first_word  of the value in `Fasm::words`, ceil(width / 64) words, least significant first: bit i
///             belongs to the address low + i
struct FasmFeature {
  std::string_view name;
  std::uint32_t line = 0;
  std::uint32_t low = 0;
  std::uint32_t width = 1;
  std::size_t first_word = 0;

  /// The tile: all before the first dot.
  [[nodiscard]] std::string_view tile() const { return name.substr(0, name.find('.')); }
  /// The feature inside its tile: all after the first dot.
  [[nodiscard]] std::string_view local_name() const { return name.substr(name.find('.') + 1); }
};

/// The features of one FASM file in the order of their lines; comments and annotations are checked and
/// dropped. The names are views into the text that was parsed, which must outlive this.
struct Fasm {
  std::vector<FasmFeature> features;
  std::vector<std::uint64_t> words;

  /// Value of a feature at the address `feature.low + index`, index < width.
  [[nodiscard]] bool bit(const FasmFeature& feature, std::uint32_t index) const {
    return ((words[feature.first_word + index / 64] >> (index % 64)) & 1) != 0;
  }
};

/// Parses FASM (the "FPGA assembly" specification of the FASM project, chapter "File syntax
/// description"): one feature a line, `[bit]` or `[high:low]`, a value in Verilog's notation or as a
/// plain decimal number, `{ annotations }`, `# comments`. Without a value a feature is set to 1.
///
/// text     must outlive the result
/// place    names the text in diagnostics; `:line:column` is added (from 1, columns in bytes)
/// Errors   fasm_syntax; fasm_value_range when an address or value is too large, a range runs upwards,
///          or a value has more bits than its range
/// Cost     O(bytes)
[[nodiscard]] Result<Fasm> parse_fasm(std::string_view text, const std::string& place);

/// The contents of one lookup table of a slice. Bit i of `init` is the output at address i, input A1
/// being the least significant address bit (as in INIT of LUT6).
///
/// tile     CLBLL_L_X2Y4
/// site     SLICEL_X0
/// letter   A..D
struct LutInit {
  std::string tile;
  std::string site;
  char letter = 'A';
  std::uint64_t init = 0;

  /// Order of tile, site, letter, contents; equality of all.
  friend auto operator<=>(const LutInit&, const LutInit&) = default;
  friend bool operator==(const LutInit&, const LutInit&) = default;
};

/// Every lookup table that lines `TILE.SITE.xLUT.INIT[...]` give a 1, sorted; one entry a table, its
/// lines put together. Tables of zeros only are left out: the configuration does not tell them from
/// unused ones.
[[nodiscard]] std::vector<LutInit> collect_lut_inits(const Fasm& fasm);

}  // namespace lutgen::flow

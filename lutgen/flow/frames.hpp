// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/fasm.hpp"
#include "lutgen/flow/xray_database.hpp"

namespace lutgen::flow {

/// The words of one frame, word 0 first.
using FrameWords = std::array<std::uint32_t, kFrameWords>;

/// Frames by address. A frame that is missing is all zeros.
using FrameMap = std::map<std::uint32_t, FrameWords>;

/// True when `frames` has a 1 at `bit`. O(log frames).
[[nodiscard]] bool is_set(const FrameMap& frames, const FrameBit& bit);

/// A feature's word on one bit.
///
/// is_set    what it asks for
/// feature   index into `Fasm::features`; the first line that says so
struct BitClaim {
  FrameBit bit;
  bool is_set = true;
  std::uint32_t feature = 0;
};

/// What FASM means in bits.
///
/// claims    one a bit, sorted by bit: those to be set and those that must stay 0
/// frames    every frame with a 1
/// enabled   features counted by bit: a table's INIT of 64 bits with 20 ones counts 20
/// pseudo    of these, pseudo-pips, which have no bits
/// bits_set  number of ones in `frames`
struct FrameImage {
  std::vector<BitClaim> claims;
  FrameMap frames;
  std::size_t enabled = 0;
  std::size_t pseudo = 0;
  std::size_t bits_set = 0;
};

/// Looks every feature up and sets its bits. A value 0 asks for nothing, as FASM defines it.
///
/// place    names the FASM file in diagnostics; `:line` is added
/// Errors   fasm_unknown_tile, fasm_unknown_feature, with the number of further ones; fasm_conflict when
///          one feature sets a bit that another needs to be 0; those of the database
/// Cost     O(b log b), b being the number of bits of all features
[[nodiscard]] Result<FrameImage> convert_fasm(const Fasm& fasm, XrayDatabase& database, const std::string& place);

/// The text that `xc7frames2bit --frm_file` reads: a line `0x00400000 0x00000000,...` for each frame,
/// 101 words, in the order of addresses. Frames of zeros are left out: that program adds all frames of the
/// part that are missing, and computes the error-correcting code of every frame.
[[nodiscard]] std::string frames_text(const FrameMap& frames);

/// Parses what `bitread -y` writes: a line `bit_00400000_050_17` for each 1, address in hex, word and bit
/// in decimal. The error-correcting code is left out, whether it is there or not.
///
/// Errors   bitstream_invalid, with the line
[[nodiscard]] Result<FrameMap> parse_bit_list(std::string_view text, const std::string& place);

/// Reads the lookup tables of all slices (tiles CLB...) out of configuration memory; sorted, tables of
/// zeros left out, as `collect_lut_inits` does.
///
/// Errors   those of the database
/// Cost     O(slices * 256) lookups
[[nodiscard]] Result<std::vector<LutInit>> read_lut_inits(const FrameMap& frames, XrayDatabase& database);

}  // namespace lutgen::flow

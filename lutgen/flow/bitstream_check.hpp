// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/fasm.hpp"
#include "lutgen/flow/frames.hpp"
#include "lutgen/flow/xray_database.hpp"

namespace lutgen::flow {

/// A bitstream compared with the FASM that it was made from: every bit of the configuration memory but
/// the error-correcting codes, and every lookup table.
///
/// bits_asked, bits_found   ones that the FASM asks for, ones in the bitstream
/// missing, extra           asked for and 0; 1 and not asked for
/// luts, lut_differences    tables that hold a 1 on either side; those that differ
/// differences              the first ones as sentences: bit, tile, feature
struct BitstreamCheck {
  std::size_t bits_asked = 0;
  std::size_t bits_found = 0;
  std::size_t missing = 0;
  std::size_t extra = 0;
  std::size_t luts = 0;
  std::size_t lut_differences = 0;
  std::vector<std::string> differences;

  /// True when nothing differs.
  [[nodiscard]] bool passed() const { return missing == 0 && extra == 0 && lut_differences == 0; }
};

/// Compares configuration memory that was read back with what was asked for.
///
/// fasm, image   as `convert_fasm` took and gave them
/// found         frames read out of the bitstream
/// Errors   those of the database
/// Cost     O(bits + slices * 256)
[[nodiscard]] Result<BitstreamCheck> compare_bitstream(const Fasm& fasm, const FrameImage& image,
                                                       const FrameMap& found, XrayDatabase& database);

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// The parts of a .bit file: a header of four texts, then the words for the device.
///
/// design, part, date, time   texts a to d of the header, without their closing 0
/// data                       what the device is sent: sync word, commands, frames
struct BitFile {
  std::string design;
  std::string part;
  std::string date;
  std::string time;
  std::string data;
};

/// Takes a .bit file apart. The header's form is known from the FPGA FAQ, question 26: 13 fixed bytes,
/// then fields of a letter, a length and as many bytes.
///
/// Errors   bitstream_invalid
[[nodiscard]] Result<BitFile> parse_bit_file(std::string_view bytes, const std::string& place);

/// Puts a .bit file together. Texts of the header must be shorter than 65,535 bytes (checked).
[[nodiscard]] std::string bit_file_bytes(const BitFile& file);

}  // namespace lutgen::flow

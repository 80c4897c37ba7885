// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/bitstream_check.hpp"
#include "lutgen/flow/fasm.hpp"

namespace lutgen::flow {

/// The programs of the package prjxray: names in PATH, or paths.
struct Xc7Tools {
  std::string frames2bit = "xc7frames2bit";
  std::string bitread = "bitread";
};

/// What is to be made of a FASM file.
///
/// fasm       the file that nextpnr wrote
/// part       with package and speed grade: xc7a35tcsg324-1
/// database   folder of the Project X-Ray database, see `XrayDatabase::open`
/// frames     frames file to write; empty = none
/// bitstream  .bit file to write; empty = none, and no program is run
/// check      read the bitstream back and compare; it is not written when anything differs
/// work       folder for logs and intermediate files, kept; empty = beside `bitstream`, removed when all
///            went well
/// tools      programs to run
struct BitstreamJob {
  std::filesystem::path fasm;
  std::string part;
  std::filesystem::path database;
  std::filesystem::path frames;
  std::filesystem::path bitstream;
  bool check = false;
  std::filesystem::path work;
  Xc7Tools tools;
};

/// What was made.
///
/// lines     features of the FASM file
/// enabled   the same counted by bit; pseudo of them have no bits
/// bits_set  ones in the configuration memory
/// frames    frames that hold a one
/// bytes     of the bitstream
/// luts      contents of the lookup tables; read back out of the bitstream when it was checked, else as
///           the FASM says
/// *_seconds wall-clock time: FASM to frames; frames to bitstream; reading back and comparing
struct BitstreamReport {
  std::size_t lines = 0;
  std::size_t enabled = 0;
  std::size_t pseudo = 0;
  std::size_t bits_set = 0;
  std::size_t frames = 0;
  std::size_t bytes = 0;
  std::vector<LutInit> luts;
  std::optional<BitstreamCheck> check;
  double convert_seconds = 0;
  double write_seconds = 0;
  double check_seconds = 0;
};

/// FASM -> frames -> bitstream, and back. Same input, same bytes: the header of the .bit file names the
/// FASM file (without folder and ending) and no date.
///
/// Errors   those of `parse_fasm`, `XrayDatabase` and `convert_fasm`; tool_missing, tool_failed;
///          bitstream_invalid; bitstream_mismatch when the check finds a difference; those of writing files
[[nodiscard]] Result<BitstreamReport> make_bitstream(const BitstreamJob& job);

/// The contents of the lookup tables of a .bit file, sorted; tables of zeros are left out.
///
/// job      `part`, `database`, `bitstream`, `work` and `tools.bitread` are used
/// Errors   tool_missing, tool_failed, bitstream_invalid; those of the database and of reading files
/// Cost     about a second
[[nodiscard]] Result<std::vector<LutInit>> read_bitstream_luts(const BitstreamJob& job);

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::io {

/// A table of numbers.
///
/// values  [rows][columns], finite and within the range of 32-bit floating point
/// texts   [rows], the fields of the column that was asked for by name, as they stand; it is no column of values. Else empty
/// lines   [rows], the line of the file that each row stands on, from 1
struct CsvTable {
  std::size_t columns = 0;
  std::vector<double> values;
  std::vector<std::string> texts;
  std::vector<std::uint64_t> lines;

  [[nodiscard]] std::size_t rows() const { return lines.size(); }
};

/// Reads numbers separated by commas, one row a line. Blank lines are skipped; blanks around a number
/// too; lines end with LF or CR LF. A first line without a single number is a heading and is
/// skipped. There are no quotes and no other separators.
///
/// place    names the text in diagnostics; `:line:column` is added (both from 1, columns in bytes)
/// column   heading of a column that is kept as text; the first line is then the heading. Empty: all are numbers
/// Errors   csv_bad_number, csv_ragged (a row of another length than the first), csv_empty, csv_no_column
/// Cost     O(bytes); at most 8 bytes of memory for each byte of text, 32 more for each row with a column of text
[[nodiscard]] Result<CsvTable> parse_csv(std::string_view text, const std::string& place, std::string_view column = {});

}  // namespace lutgen::io

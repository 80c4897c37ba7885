// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::io {

/// An array of an .npz file is unpacked to at most this many bytes unless the caller says otherwise: 4 GiB.
inline constexpr std::uint64_t kMaxNpyBytes = std::uint64_t{1} << 32;

/// What an element of an NPY array is.
enum class NpyType : std::uint8_t { boolean, unsigned_integer, signed_integer, floating };

/// An array of numbers, as NumPy stores it.
///
/// shape      one length for each dimension; none for a single number
/// type       kind of the elements
/// width      bytes of an element: 1, 2, 4 or 8 (floating: 4 or 8)
/// is_swapped the most significant byte stands first
/// bytes      elements in C order
struct NpyArray {
  std::vector<std::uint64_t> shape;
  NpyType type = NpyType::unsigned_integer;
  std::size_t width = 1;
  bool is_swapped = false;
  std::string bytes;

  /// Number of elements. O(1).
  [[nodiscard]] std::size_t count() const { return bytes.size() / width; }
  /// Element `index` as a number; integers above 2^53 are rounded. O(1).
  [[nodiscard]] double value(std::size_t index) const;
};

/// Reads a file of NumPy's NPY format, version 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
/// booleans, integers and floating point of 4 or 8 bytes, either byte order, C order.
///
/// place    names the file in diagnostics
/// Errors   npy_invalid
/// Cost     O(bytes)
[[nodiscard]] Result<NpyArray> parse_npy(std::string_view bytes, const std::string& place);

/// The text of an .npy file, version 1.0, C order: what `parse_npy` gives back, and `numpy.load` reads.
///
/// array  bytes.size() is the product of shape times width (checked)
[[nodiscard]] std::string npy_text(const NpyArray& array);

/// Reads all arrays of an .npz file: a ZIP archive of .npy files (libzip), stored or deflated. Members that do not end in .npy are
/// left alone. What is unpacked, all arrays together, is limited to `max_bytes`, whatever the archive says of itself.
///
/// Returns  arrays by their names, without .npy
/// Errors   npz_invalid (no archive, damaged, too large), npy_invalid (names the array)
/// Cost     O(bytes unpacked)
[[nodiscard]] Result<std::map<std::string, NpyArray>> parse_npz(std::string_view bytes, const std::string& place,
                                                               std::uint64_t max_bytes = kMaxNpyBytes);

}  // namespace lutgen::io

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

/// A header longer than this is refused: 16 MiB, which is room for some 100,000 tensors.
inline constexpr std::uint64_t kMaxSafetensorsHeaderBytes = std::uint64_t{16} << 20;

/// One array of a safetensors file.
///
/// dtype  as in the file: "U8", "I32", "F32", ...; names that we do not know are kept
/// shape  C order; empty for a single value; a 0 makes the tensor empty
/// bytes  the values, little endian, packed, in C order; a view, valid as long as the file's bytes
struct Tensor {
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::string_view bytes;

  /// Value `index` of a U8 or BOOL tensor, counted in C order. O(1); the range is checked.
  [[nodiscard]] std::uint8_t u8(std::size_t index) const;
  /// Value `index` of an I32 tensor. O(1); the range is checked.
  [[nodiscard]] std::int32_t i32(std::size_t index) const;
  /// Value `index` of an F32 tensor. O(1); the range is checked.
  [[nodiscard]] float f32(std::size_t index) const;
};

/// What a safetensors file holds.
///
/// metadata  the text entries of "__metadata__"
/// tensors   by name; their bytes are views into the file's
struct Safetensors {
  std::map<std::string, std::string, std::less<>> metadata;
  std::map<std::string, Tensor, std::less<>> tensors;
};

/// Bytes of one value, or 0 for a dtype that we do not know or that is not made of whole bytes. O(1).
[[nodiscard]] std::uint64_t dtype_bytes(std::string_view dtype);

/// Reads a safetensors file: 8 bytes of header length (little endian), the header (JSON), the data.
/// https://github.com/huggingface/safetensors states the rules; all of them are checked: the header
/// starts with `{`; tensors lie inside the data, do not overlap and leave no gap; each has as many
/// bytes as its dtype and shape ask for (checked for the dtypes that `dtype_bytes` knows).
///
/// bytes    the whole file; the result points into it
/// place    names the file in diagnostics
/// Errors   safetensors_*; json_* with the place `FILE (header):line:column`
/// Cost     O(header log header); the data is not touched and nothing of its length is allocated
[[nodiscard]] Result<Safetensors> parse_safetensors(std::string_view bytes, const std::string& place);

/// The bytes of a file, made to be the same for the same content: tensors stand in the order of
/// falling value width, then of their names (so that every value is aligned), and the header is
/// padded with spaces to a multiple of 8. Each tensor must have the bytes that its dtype and shape
/// ask for (checked). Read back, it is equal.
[[nodiscard]] std::string serialize_safetensors(const Safetensors& content);

}  // namespace lutgen::io

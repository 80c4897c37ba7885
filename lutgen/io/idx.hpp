// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/large_vector.hpp"
#include "lutgen/base/result.hpp"

namespace lutgen::io {

/// An IDX array holds at most this many bytes unless the caller says otherwise: 1 GiB.
inline constexpr std::uint64_t kMaxIdxBytes = std::uint64_t{1} << 30;

/// An array of bytes, as the IDX format of MNIST stores it.
///
/// shape   one length for each dimension, none is missing (a 0 makes the array empty)
/// values  product of the shape, C order
struct IdxArray {
  std::vector<std::uint32_t> shape;
  base::LargeVector<std::uint8_t> values;
};

/// Reads an IDX file (http://yann.lecun.com/exdb/mnist), plain or gzip: two zero bytes, the type, the
/// number of dimensions, each length as 4 bytes (most significant first), the values. Only type 0x08
/// (unsigned bytes) is accepted. What is unpacked is limited to what the lengths ask for, and these
/// to `max_bytes` and to what a compressed file of this size can hold, so that neither a lying
/// length nor a gzip bomb costs memory.
///
/// place    names the file in diagnostics
/// Errors   idx_*
/// Cost     O(bytes)
[[nodiscard]] Result<IdxArray> parse_idx(std::string_view bytes, const std::string& place,
                                         std::uint64_t max_bytes = kMaxIdxBytes);

/// The same for a file.
///
/// Errors   idx_*, those of base::read_file
[[nodiscard]] Result<IdxArray> read_idx(const std::filesystem::path& path);

}  // namespace lutgen::io

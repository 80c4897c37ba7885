// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/idx.hpp"

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <optional>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/base/files.hpp"

namespace lutgen::io {
namespace {

constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr std::size_t kPrefixBytes = 4;

/// Deflate packs at most 1032 bytes into one (https://zlib.net/zlib_tech.html).
constexpr std::uint64_t kMaxRatio = 1032;

/// Gives the bytes of a plain or gzip file piece by piece.
class ByteSource {
 public:
  ByteSource(std::string_view bytes, const std::string& place) : rest_(bytes), place_(place) {
    packed_ = bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
  }
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource() {
    if (started_) ::inflateEnd(&stream_);
  }

  /// Up to `count` bytes; fewer only at the end.
  Result<std::string> take(std::uint64_t count) {
    if (packed_) return unpack(count);
    std::string piece(rest_.substr(0, count));
    rest_.remove_prefix(piece.size());
    return piece;
  }

  /// Most bytes that can still come.
  [[nodiscard]] std::uint64_t most_left() const {
    return packed_ ? rest_.size() * kMaxRatio + kMaxRatio : rest_.size();
  }

 private:
  tl::unexpected<Diagnostic> corrupt(std::string_view why) const {
    return fail(Code::idx_bad_gzip, place_, fmt::format("expected gzip data, got: {}", why),
                "is the file complete? Fetch or pack it again");
  }

  Result<std::string> unpack(std::uint64_t count) {
    constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more than the window bits means gzip
    if (!started_) {
      LUTGEN_CHECK(::inflateInit2(&stream_, kGzipWindow) == Z_OK);
      started_ = true;
    }
    std::string piece;
    char buffer[65536];
    while (piece.size() < count && !ended_) {
      const auto wanted = static_cast<uInt>(std::min<std::uint64_t>(sizeof buffer, count - piece.size()));
      const auto given = static_cast<uInt>(std::min<std::size_t>(rest_.size(), UINT_MAX));
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
      stream_.avail_in = given;
      stream_.next_out = reinterpret_cast<Bytef*>(buffer);
      stream_.avail_out = wanted;
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      rest_.remove_prefix(given - stream_.avail_in);
      piece.append(buffer, wanted - stream_.avail_out);
      if (status == Z_STREAM_END) {
        ended_ = true;
        if (!rest_.empty()) return corrupt(fmt::format("{} bytes after its end", rest_.size()));
      } else if (status == Z_BUF_ERROR) {
        return corrupt("it ends too early");
      } else if (status != Z_OK) {
        return corrupt(stream_.msg == nullptr ? "it is damaged" : stream_.msg);
      }
    }
    return piece;
  }

  std::string_view rest_;
  const std::string& place_;
  bool packed_ = false;
  bool started_ = false;
  bool ended_ = false;
  z_stream stream_{};
};

tl::unexpected<Diagnostic> truncated(const std::string& place, std::string_view what, std::uint64_t expected,
                                     std::uint64_t found) {
  return fail(Code::idx_truncated, place, fmt::format("expected {} bytes of {}, got {}", expected, what, found),
              "is this an IDX file, and was it copied to its end?");
}

Result<std::vector<std::uint32_t>> read_shape(ByteSource& source, const std::string& place) {
  LUTGEN_TRY(const std::string prefix, source.take(kPrefixBytes));
  if (prefix.size() < kPrefixBytes) return truncated(place, "the file's start", kPrefixBytes, prefix.size());
  const auto type = static_cast<std::uint8_t>(prefix[2]);
  const auto dimensions = static_cast<std::uint8_t>(prefix[3]);
  if (prefix[0] != 0 || prefix[1] != 0 || dimensions == 0) {
    return fail(Code::idx_bad_start, place,
                fmt::format("expected an IDX file (00 00, type, number of dimensions), got the bytes {:02x} {:02x} {:02x} {:02x}",
                            static_cast<std::uint8_t>(prefix[0]), static_cast<std::uint8_t>(prefix[1]), type, dimensions),
                "MNIST's files are of this format, as they are or packed with gzip");
  }
  if (type != kUnsignedByte) {
    return fail(Code::idx_bad_type, place,
                fmt::format("expected unsigned bytes (type 0x08), got type 0x{:02x}", type), "");
  }
  LUTGEN_TRY(const std::string lengths, source.take(dimensions * std::uint64_t{4}));
  if (lengths.size() < dimensions * std::size_t{4}) {
    return truncated(place, "lengths", dimensions * std::uint64_t{4}, lengths.size());
  }
  std::vector<std::uint32_t> shape(dimensions);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    shape[i / 4] = shape[i / 4] << 8 | static_cast<std::uint8_t>(lengths[i]);
  }
  return shape;
}

/// Product of the shape, or nothing above `max_bytes`.
std::optional<std::uint64_t> value_count(const std::vector<std::uint32_t>& shape, std::uint64_t max_bytes) {
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  std::uint64_t count = 1;
  for (const std::uint32_t length : shape) {
    if (__builtin_mul_overflow(count, std::uint64_t{length}, &count) || count > max_bytes) return std::nullopt;
  }
  return count;
}

}  // namespace

Result<IdxArray> parse_idx(std::string_view bytes, const std::string& place, std::uint64_t max_bytes) {
  ByteSource source(bytes, place);
  IdxArray array;
  LUTGEN_TRY(array.shape, read_shape(source, place));
  const auto count = value_count(array.shape, max_bytes);
  if (!count) {
    return fail(Code::idx_too_large, place,
                fmt::format("expected at most {} values, the lengths [{}] ask for more", max_bytes, fmt::join(array.shape, ", ")),
                "");
  }
  if (*count > source.most_left()) {
    return fail(Code::idx_truncated, place,
                fmt::format("the lengths [{}] ask for {} values, the file can hold {} at most",
                            fmt::join(array.shape, ", "), *count, source.most_left()),
                "is this an IDX file, and was it copied to its end?");
  }
  LUTGEN_TRY(const std::string values, source.take(*count + 1));
  if (values.size() < *count) return truncated(place, "values", *count, values.size());
  if (values.size() > *count) {
    return fail(Code::idx_trailing, place,
                fmt::format("expected the file to end after {} values of shape [{}], got more bytes", *count,
                            fmt::join(array.shape, ", ")),
                "");
  }
  array.values.assign(values.begin(), values.end());
  return array;
}

Result<IdxArray> read_idx(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string bytes, base::read_file(path));
  return parse_idx(bytes, path.string());
}

}  // namespace lutgen::io

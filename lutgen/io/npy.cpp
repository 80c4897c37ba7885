// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/npy.hpp"

#include <zip.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::string_view kEnding = ".npy";

tl::unexpected<Diagnostic> invalid(const std::string& place, std::string message) {
  return fail(Code::npy_invalid, place, std::move(message), "numpy.save of an array of plain numbers in C order writes what is read here");
}

/// The header's dictionary: a literal of Python with three entries, of which each value is a text, True or False, or numbers in parentheses.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text) {}

  struct Header {
    std::optional<std::string> type;
    std::optional<bool> is_fortran;
    std::optional<std::vector<std::uint64_t>> shape;
  };

  std::optional<Header> read() {
    Header header;
    if (!take('{')) return std::nullopt;
    while (!take('}')) {
      const auto key = text();
      if (!key || !take(':') || !read_value(*key, header)) return std::nullopt;
      if (!take(',') && (rest_.empty() || rest_.front() != '}')) return std::nullopt;
    }
    skip_blanks();
    if (!rest_.empty() || !header.type || !header.is_fortran || !header.shape) return std::nullopt;
    return header;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  bool take(char wanted) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  bool take_word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<std::string> text() {
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string found(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return found;
  }

  std::optional<std::vector<std::uint64_t>> lengths() {
    std::vector<std::uint64_t> found;
    if (!take('(')) return std::nullopt;
    while (!take(')')) {
      std::uint64_t length = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), length);
      if (error != std::errc{}) return std::nullopt;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      static_cast<void>(take_word("L"));  // as Python 2 wrote it
      found.push_back(length);
      if (!take(',') && (rest_.empty() || rest_.front() != ')')) return std::nullopt;
    }
    return found;
  }

  bool read_value(const std::string& key, Header& header) {
    if (key == "descr") {
      header.type = text();
      return header.type.has_value();
    }
    if (key == "fortran_order") {
      const bool is_true = take_word("True");
      if (!is_true && !take_word("False")) return false;
      header.is_fortran = is_true;
      return true;
    }
    if (key == "shape") {
      header.shape = lengths();
      return header.shape.has_value();
    }
    return false;
  }

  std::string_view rest_;
};

/// "<f4" and the like; nothing for what is not read.
bool set_type(NpyArray& array, std::string_view text) {
  if (text.size() != 3 || std::string_view("<>|=").find(text[0]) == std::string_view::npos) return false;
  array.width = static_cast<std::size_t>(text[2] - '0');
  array.is_swapped = text[0] == '>';
  const bool is_width = array.width == 1 || array.width == 2 || array.width == 4 || array.width == 8;
  switch (text[1]) {
    case 'b': array.type = NpyType::boolean; return array.width == 1;
    case 'u': array.type = NpyType::unsigned_integer; return is_width;
    case 'i': array.type = NpyType::signed_integer; return is_width;
    case 'f': array.type = NpyType::floating; return array.width == 4 || array.width == 8;
    default: return false;
  }
}

/// Bytes that the shape asks for, unless they are too many to count.
std::optional<std::uint64_t> byte_count(const NpyArray& array) {
  std::uint64_t count = array.width;
  if (std::find(array.shape.begin(), array.shape.end(), 0U) != array.shape.end()) return 0;
  for (const std::uint64_t length : array.shape) {
    if (__builtin_mul_overflow(count, length, &count)) return std::nullopt;
  }
  return count;
}

/// The header's text, taken from the front of the bytes.
Result<std::string_view> take_header(std::string_view& bytes, const std::string& place) {
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 4) {
    return invalid(place, fmt::format("expected an NPY array, which starts with {}, found {}", quote(kMagic), quote(bytes.substr(0, kMagic.size()))));
  }
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[at])); };
  const std::size_t version = byte(kMagic.size());
  if (version < 1 || version > 3) return invalid(place, fmt::format("expected version 1 to 3 of the format, found {}", version));
  const std::size_t start = kMagic.size() + 2;
  const std::size_t width = version == 1 ? 2 : 4;
  if (bytes.size() < start + width) return invalid(place, "expected a header, found the end of the file");
  std::size_t length = 0;
  for (std::size_t i = 0; i < width; ++i) length |= byte(start + i) << (8 * i);
  if (length > bytes.size() - start - width) {
    return invalid(place, fmt::format("expected a header of {} bytes, found the end of the file after {}", length, bytes.size() - start - width));
  }
  const std::string_view header = bytes.substr(start + width, length);
  bytes.remove_prefix(start + width + length);
  return header;
}

struct CloseZip {
  void operator()(zip_t* archive) const { ::zip_discard(archive); }
  void operator()(zip_file_t* file) const { ::zip_fclose(file); }
};

class Archive {
 public:
  Archive(std::string_view bytes, const std::string& place, std::uint64_t max_bytes) : bytes_(bytes), place_(place), left_(max_bytes) {}

  Result<std::map<std::string, NpyArray>> read() {
    if (bytes_.empty()) return bad("expected a ZIP archive, found an empty file");  // libzip takes it for an archive
    zip_error_t error;
    ::zip_error_init(&error);
    zip_source_t* source = ::zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error);
    LUTGEN_CHECK(source != nullptr);
    archive_.reset(::zip_open_from_source(source, ZIP_RDONLY, &error));
    if (!archive_) {
      const std::string why = ::zip_error_strerror(&error);
      ::zip_source_free(source);
      ::zip_error_fini(&error);
      return bad(fmt::format("expected a ZIP archive, found: {}", why));
    }
    ::zip_error_fini(&error);
    std::map<std::string, NpyArray> arrays;
    const auto members = static_cast<zip_uint64_t>(std::max<zip_int64_t>(0, ::zip_get_num_entries(archive_.get(), 0)));
    for (zip_uint64_t i = 0; i < members; ++i) {
      const char* name = ::zip_get_name(archive_.get(), i, ZIP_FL_ENC_RAW);
      if (name == nullptr) return bad("expected names for all members, found one without");
      std::string_view stem = name;
      if (!stem.ends_with(kEnding)) continue;
      stem.remove_suffix(kEnding.size());
      LUTGEN_TRY(const std::string bytes, unpack(i, stem));
      LUTGEN_TRY(NpyArray array, parse_npy(bytes, fmt::format("{}: {}", place_, quote(stem))));
      arrays.insert_or_assign(std::string(stem), std::move(array));
    }
    return arrays;
  }

 private:
  tl::unexpected<Diagnostic> bad(std::string message) const {
    return fail(Code::npz_invalid, place_, std::move(message), "numpy.savez writes such archives; was the file copied to its end?");
  }

  Result<std::string> unpack(zip_uint64_t member, std::string_view name) {
    const std::unique_ptr<zip_file_t, CloseZip> file(::zip_fopen_index(archive_.get(), member, 0));
    if (!file) return bad(fmt::format("expected a member that can be read, found {}: {}", quote(name), ::zip_strerror(archive_.get())));
    std::string content;
    std::string piece(65536, '\0');
    while (true) {
      const zip_int64_t got = ::zip_fread(file.get(), piece.data(), piece.size());
      if (got < 0) return bad(fmt::format("expected a member that can be unpacked, found {}: {}", quote(name), ::zip_file_strerror(file.get())));
      if (got == 0) return content;
      if (static_cast<std::uint64_t>(got) > left_) {
        return bad(fmt::format("expected arrays of a size that fits, found more than is accepted up to {}", quote(name)));
      }
      left_ -= static_cast<std::uint64_t>(got);
      content.append(piece, 0, static_cast<std::size_t>(got));
    }
  }

  std::string_view bytes_;
  const std::string& place_;
  std::uint64_t left_;
  std::unique_ptr<zip_t, CloseZip> archive_;
};

}  // namespace

double NpyArray::value(std::size_t index) const {
  LUTGEN_CHECK(index < count());
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[index * width + (is_swapped ? width - 1 - i : i)]);
    word |= std::uint64_t{byte} << (8 * i);
  }
  switch (type) {
    case NpyType::boolean: return word != 0 ? 1 : 0;
    case NpyType::unsigned_integer: return static_cast<double>(word);
    case NpyType::signed_integer: {
      const std::size_t shift = 64 - 8 * width;
      return static_cast<double>(static_cast<std::int64_t>(word << shift) >> shift);
    }
    case NpyType::floating: break;
  }
  return width == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(word))) : std::bit_cast<double>(word);
}

std::string npy_text(const NpyArray& array) {
  std::uint64_t count = 1;
  for (const std::uint64_t length : array.shape) count *= length;
  LUTGEN_CHECK(array.bytes.size() == count * array.width);
  const std::string shape = fmt::format("{}{}", fmt::join(array.shape, ", "), array.shape.size() == 1 ? "," : "");
  const char kind = array.type == NpyType::boolean            ? 'b'
                    : array.type == NpyType::unsigned_integer ? 'u'
                    : array.type == NpyType::signed_integer   ? 'i'
                                                              : 'f';
  const char order = array.width == 1 ? '|' : array.is_swapped ? '>' : '<';
  std::string header = fmt::format("{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}), }}", order, kind, array.width, shape);
  // The data begin at a multiple of 64 bytes; a line ends the header.
  header.resize((kMagic.size() + 4 + header.size() + 1 + 63) / 64 * 64 - kMagic.size() - 4 - 1, ' ');
  header += '\n';
  std::string text(kMagic);
  text += {'\x01', '\x00', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  return text + header + array.bytes;
}

Result<NpyArray> parse_npy(std::string_view bytes, const std::string& place) {
  LUTGEN_TRY(const std::string_view text, take_header(bytes, place));
  const auto header = HeaderReader(text).read();
  if (!header) return invalid(place, fmt::format("expected a header with descr, fortran_order and shape, found {}", quote(text)));
  NpyArray array;
  if (!set_type(array, *header->type)) {
    return invalid(place, fmt::format("expected booleans, integers, or floating point of 4 or 8 bytes, found elements {}", quote(*header->type)));
  }
  array.shape = *header->shape;
  const bool is_flat = array.shape.size() < 2;  // one dimension has the same bytes in both orders
  if (*header->is_fortran && !is_flat) return invalid(place, "expected C order, found Fortran's; numpy.ascontiguousarray changes it");
  const auto wanted = byte_count(array);
  if (!wanted || *wanted != bytes.size()) {
    return invalid(place, fmt::format("expected {} bytes of values for the shape [{}], found {}", wanted ? fmt::to_string(*wanted) : "countless",
                                      fmt::join(array.shape, ", "), bytes.size()));
  }
  array.bytes = bytes;
  return array;
}

Result<std::map<std::string, NpyArray>> parse_npz(std::string_view bytes, const std::string& place, std::uint64_t max_bytes) {
  return Archive(bytes, place, max_bytes).read();
}

}  // namespace lutgen::io

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bit_file.hpp"

#include <array>
#include <cstdint>

#include <fmt/core.h>

namespace lutgen::flow {
namespace {

using namespace std::string_view_literals;

/// Length 9, nine bytes, and the number of bytes of the first field's letter.
constexpr std::string_view kStart = "\x00\x09\x0f\xf0\x0f\xf0\x0f\xf0\x0f\xf0\x00\x00\x01"sv;

/// Most significant byte first.
std::size_t take_number(std::string_view& rest, std::size_t bytes) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | static_cast<unsigned char>(rest[i]);
  rest.remove_prefix(bytes);
  return value;
}

void append_number(std::string& text, std::size_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i > 0; --i) text += static_cast<char>((value >> (8 * (i - 1))) & 0xffU);
}

}  // namespace

Result<BitFile> parse_bit_file(std::string_view bytes, const std::string& place) {
  const auto invalid = [&](std::string_view expected) {
    return fail(Code::bitstream_invalid, place, fmt::format("expected {}, found none", expected),
                "the file is no .bit file, or it was cut short");
  };
  if (!bytes.starts_with(kStart)) return invalid("the 13 bytes that a .bit file starts with");
  std::string_view rest = bytes.substr(kStart.size());
  BitFile file;
  const std::array<std::string*, 4> texts{&file.design, &file.part, &file.date, &file.time};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const char letter = static_cast<char>('a' + i);
    const std::string field = fmt::format("the field '{}' of the header", letter);
    if (rest.size() < 3 || rest[0] != letter) return invalid(field);
    rest.remove_prefix(1);
    const std::size_t length = take_number(rest, 2);
    if (length == 0 || length > rest.size() || rest[length - 1] != '\0') return invalid(field);
    *texts[i] = rest.substr(0, length - 1);
    rest.remove_prefix(length);
  }
  if (rest.size() < 5 || rest[0] != 'e') return invalid("the field 'e' of the header");
  rest.remove_prefix(1);
  if (take_number(rest, 4) != rest.size()) return invalid("as many bytes of data as the header says");
  file.data = rest;
  return file;
}

std::string bit_file_bytes(const BitFile& file) {
  std::string bytes(kStart);
  char letter = 'a';
  for (const std::string* text : {&file.design, &file.part, &file.date, &file.time}) {
    LUTGEN_CHECK(text->size() < 65535);
    bytes += letter++;
    append_number(bytes, text->size() + 1, 2);
    bytes += *text;
    bytes += '\0';
  }
  LUTGEN_CHECK(file.data.size() <= UINT32_MAX);
  bytes += letter;
  append_number(bytes, file.data.size(), 4);
  return bytes + file.data;
}

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace lutgen::base {

/// Text under construction, for writers of millions of lines: room is made once a line, the rest is plain stores by the
/// `put` functions below.
///
///     char* out = buffer.make_room(100);
///     out = put(out, "wire n");
///     out = put_number(out, 17);
///     buffer.end_at(out);
class TextBuffer {
 public:
  /// Where at most `bytes` more can be put. Amortised O(1); what it gave before is not valid any more.
  [[nodiscard]] char* make_room(std::size_t bytes) {
    if (room_ - used_ < bytes) grow(used_ + bytes);
    return bytes_.get() + used_;
  }
  /// Says how far the text goes now: up to `end`, which lies within the room that was made.
  void end_at(const char* end) { used_ = static_cast<std::size_t>(end - bytes_.get()); }

  /// Any text, with its own room.
  void append(std::string_view text) {
    char* out = make_room(text.size());
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    used_ += text.size();
  }

  [[nodiscard]] std::string_view text() const { return {bytes_.get(), used_}; }
  void clear() { used_ = 0; }

 private:
  void grow(std::size_t least) {
    const std::size_t room = std::bit_ceil(least);
    auto bytes = std::make_unique_for_overwrite<char[]>(room);
    if (used_ != 0) std::memcpy(bytes.get(), bytes_.get(), used_);
    bytes_ = std::move(bytes);
    room_ = room;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t used_ = 0;
  std::size_t room_ = 0;
};

/// "00", "01", ... "99".
inline constexpr auto kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

/// Digits of the largest number that `put_number` takes.
inline constexpr std::size_t kMostDigits = 20;

/// Puts a text and gives its end.
[[nodiscard]] inline char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// A text of at most 8 bytes that is put by one store.
struct ShortText {
  std::array<char, 8> bytes{};
  std::uint8_t size = 0;

  constexpr ShortText() = default;
  /// Of a literal; a longer one is not constant.
  consteval ShortText(const char* text) {  // NOLINT(google-explicit-constructor)
    for (; *text != '\0'; ++text) bytes.at(size++) = *text;
  }
};

/// Puts a short text and gives its end. Writes 8 bytes, whatever its size: there must be room for them.
[[nodiscard]] inline char* put_short(char* out, const ShortText& text) {
  std::memcpy(out, text.bytes.data(), text.bytes.size());
  return out + text.size;
}

/// Puts a number in decimal and gives its end: at most kMostDigits bytes.
[[nodiscard]] inline char* put_number(char* out, std::uint64_t number) {
  if (number < 10) {
    *out = static_cast<char>('0' + number);
    return out + 1;
  }
  std::size_t length = 2;
  for (std::uint64_t rest = number / 100; rest != 0; rest /= 100) length += rest < 10 ? 1 : 2;
  char* at = out + length;
  for (; number >= 10; number /= 100) {
    at -= 2;
    std::memcpy(at, &kDigitPairs[number % 100 * 2], 2);
  }
  if (at != out) *out = static_cast<char>('0' + number);
  return out + length;
}

/// Puts the low `digits` hex digits of a number, upper case, the most significant first, and gives their end.
[[nodiscard]] inline char* put_hex(char* out, std::uint64_t number, std::size_t digits) {
  for (std::size_t d = digits; d-- > 0; number >>= 4) out[d] = "0123456789ABCDEF"[number & 15];
  return out + digits;
}

}  // namespace lutgen::base

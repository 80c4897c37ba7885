// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/fasm.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Value of a digit in bases up to 16, or 16 when it is none.
unsigned digit_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 16;
}

/// A number of any width, least significant word first.
class WideNumber {
 public:
  void append_digit(unsigned base, unsigned digit) {
    std::uint64_t carry = digit;
    for (std::uint64_t& word : words_) {
      // 32 bits at a time, so that products fit.
      const std::uint64_t low = (word & 0xffffffffU) * base + carry;
      const std::uint64_t high = (word >> 32U) * base + (low >> 32U);
      word = (low & 0xffffffffU) | (high << 32U);
      carry = high >> 32U;
    }
    if (carry != 0) words_.push_back(carry);
  }
  /// Position of the highest 1, plus one.
  [[nodiscard]] std::uint64_t bit_count() const {
    for (std::size_t i = words_.size(); i > 0; --i) {
      for (unsigned bit = 64; bit > 0; --bit) {
        if (((words_[i - 1] >> (bit - 1)) & 1) != 0) return 64 * (i - 1) + bit;
      }
    }
    return 0;
  }
  [[nodiscard]] std::size_t word_count() const { return words_.size(); }
  [[nodiscard]] std::uint64_t word(std::size_t index) const {
    return index < words_.size() ? words_[index] : 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& place) : text_(text), place_(place) {}

  Result<Fasm> run() {
    while (at_ < text_.size()) {
      ++line_;
      line_start_ = at_;
      LUTGEN_TRY_VOID(parse_line());
    }
    return std::move(fasm_);
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  [[nodiscard]] std::string where(std::size_t at) const {
    return fmt::format("{}:{}:{}", place_, line_, at - line_start_ + 1);
  }
  /// What stands at the current place: a word, a character, or the end of the line.
  [[nodiscard]] std::string found() const {
    if (at_ >= text_.size() || text_[at_] == '\n') return "the end of the line";
    std::size_t end = at_ + 1;
    if (is_word(text_[at_])) {
      while (end < text_.size() && is_word(text_[end])) ++end;
    }
    return io::quote(text_.substr(at_, end - at_));
  }
  [[nodiscard]] tl::unexpected<Diagnostic> syntax(std::string_view expected) const {
    return fail(Code::fasm_syntax, where(at_), fmt::format("expected {}, got {}", expected, found()),
                "a line of FASM reads TILE.FEATURE[high:low] = value, all but the feature may be left out");
  }

  Result<void> parse_line() {
    skip_blanks();
    if (is_word(peek())) LUTGEN_TRY_VOID(parse_feature());
    skip_blanks();
    if (peek() == '{') LUTGEN_TRY_VOID(skip_annotations());
    skip_blanks();
    if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ < text_.size() && !take('\n')) {
      return syntax("a feature, '[', '=', '{', '#' or the end of the line");
    }
    return {};
  }

  Result<void> parse_feature() {
    const std::size_t begin = at_;
    std::size_t dots = 0;
    for (;;) {
      const std::size_t part = at_;
      while (is_word(peek())) ++at_;
      if (at_ == part) return syntax("a name of letters, digits and _");
      if (!take('.')) break;
      ++dots;
    }
    if (dots == 0) return syntax("'.' and a feature after the tile");
    FasmFeature feature;
    feature.name = text_.substr(begin, at_ - begin);
    feature.line = line_;
    skip_blanks();
    if (take('[')) LUTGEN_TRY_VOID(parse_address(feature));
    skip_blanks();
    feature.first_word = fasm_.words.size();
    if (take('=')) {
      LUTGEN_TRY_VOID(parse_value(feature));
    } else if (feature.width != 1) {
      return syntax("'=' and a value for a range of bits");
    } else {
      fasm_.words.push_back(1);
    }
    fasm_.features.push_back(feature);
    return {};
  }

  Result<std::uint32_t> parse_number(std::uint32_t maximum, std::string_view what) {
    const std::size_t begin = at_;
    std::uint64_t value = 0;
    if (!is_digit(peek())) return syntax(what);
    while (is_digit(peek())) {
      value = std::min<std::uint64_t>(value * 10 + digit_value(text_[at_]), std::uint64_t{maximum} + 1);
      ++at_;
    }
    if (value > maximum) {
      return fail(Code::fasm_value_range, where(begin),
                  fmt::format("expected {} of at most {}, got {}", what, maximum,
                              io::printable(text_.substr(begin, at_ - begin))));
    }
    return static_cast<std::uint32_t>(value);
  }

  Result<void> parse_address(FasmFeature& feature) {
    const std::size_t begin = at_;
    skip_blanks();
    LUTGEN_TRY(const std::uint32_t high, parse_number(kMaxFasmAddress, "a bit address"));
    feature.low = high;
    skip_blanks();
    if (take(':')) {
      skip_blanks();
      LUTGEN_TRY(feature.low, parse_number(kMaxFasmAddress, "a bit address"));
      skip_blanks();
    }
    if (!take(']')) return syntax("':' or ']'");
    if (feature.low > high || high - feature.low >= kMaxFasmWidth) {
      return fail(Code::fasm_value_range, where(begin),
                  fmt::format("expected a range [high:low] of 1 to {} bits, got [{}:{}]", kMaxFasmWidth, high,
                              feature.low));
    }
    feature.width = high - feature.low + 1;
    return {};
  }

  /// `5`, `8'd5`, `64'h00ff_00ff`, `'b101`; the '=' has been taken.
  Result<void> parse_value(const FasmFeature& feature) {
    skip_blanks();
    const std::size_t begin = at_;
    std::uint32_t declared = feature.width;
    unsigned base = 10;
    const std::size_t digits_end = text_.find_first_not_of("0123456789", at_);
    const bool has_width = digits_end < text_.size() && digits_end > at_ && text_[digits_end] == '\'';
    if (has_width) {
      LUTGEN_TRY(declared, parse_number(kMaxFasmWidth, "a width"));
    }
    if (take('\'')) {
      switch (peek()) {
        case 'h': base = 16; break;
        case 'd': base = 10; break;
        case 'o': base = 8; break;
        case 'b': base = 2; break;
        default: return syntax("one of h, d, o, b after '");
      }
      ++at_;
      skip_blanks();
    }
    LUTGEN_TRY(const WideNumber number, parse_digits(base));
    if (declared > feature.width || number.bit_count() > declared) {
      return fail(Code::fasm_value_range, where(begin),
                  fmt::format("expected a value of at most {} bit{}, got one of {}",
                              std::min(declared, feature.width), std::min(declared, feature.width) == 1 ? "" : "s",
                              declared > feature.width ? declared : number.bit_count()),
                  "a value may not be wider than the range of bits it is for");
    }
    for (std::size_t i = 0; i < (feature.width + 63) / 64; ++i) fasm_.words.push_back(number.word(i));
    return {};
  }

  Result<WideNumber> parse_digits(unsigned base) {
    WideNumber number;
    const std::size_t begin = at_;
    for (; is_word(peek()); ++at_) {
      if (peek() == '_' && at_ != begin) continue;
      const unsigned digit = digit_value(peek());
      if (digit >= base) return syntax(fmt::format("a digit of base {}", base));
      number.append_digit(base, digit);
      // Looked at here, so that a long line costs no more than its length.
      if (number.word_count() > kMaxFasmWidth / 64) {
        return fail(Code::fasm_value_range, where(begin),
                    fmt::format("expected a value of at most {} bits, got a wider one", kMaxFasmWidth));
      }
    }
    if (at_ == begin) return syntax(fmt::format("a digit of base {}", base));
    return number;
  }

  /// `{ name = "text", ... }`; the text may hold \" and \\.
  Result<void> skip_annotations() {
    take('{');
    for (;;) {
      skip_blanks();
      const std::size_t name = at_;
      while (is_word(peek()) || peek() == '.') ++at_;
      if (at_ == name) return syntax("the name of an annotation");
      skip_blanks();
      if (!take('=')) return syntax("'=' after the name of an annotation");
      skip_blanks();
      if (!take('"')) return syntax("'\"' before the text of an annotation");
      while (peek() != '"' && peek() != '\n') {
        if (take('\\') && peek() == '\n') break;
        ++at_;
      }
      if (!take('"')) return syntax("'\"' after the text of an annotation");
      skip_blanks();
      if (take('}')) return {};
      if (!take(',')) return syntax("',' or '}' after an annotation");
    }
  }

  std::string_view text_;
  const std::string& place_;
  Fasm fasm_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 0;
};

}  // namespace

Result<Fasm> parse_fasm(std::string_view text, const std::string& place) {
  return Parser(text, place).run();
}

std::vector<LutInit> collect_lut_inits(const Fasm& fasm) {
  constexpr std::string_view kEnd = "LUT.INIT";  // after the letter, after the site's dot
  std::map<std::tuple<std::string_view, std::string_view, char>, std::uint64_t> tables;
  for (const FasmFeature& feature : fasm.features) {
    const std::string_view name = feature.local_name();
    if (!name.ends_with(kEnd) || name.size() < kEnd.size() + 3) continue;
    const char letter = name[name.size() - kEnd.size() - 1];
    const std::string_view site = name.substr(0, name.size() - kEnd.size() - 2);
    if (letter < 'A' || letter > 'D' || !site.starts_with("SLICE")) continue;
    std::uint64_t& init = tables[{feature.tile(), site, letter}];
    for (std::uint32_t i = 0; i < feature.width && feature.low + i < 64; ++i) {
      if (fasm.bit(feature, i)) init |= std::uint64_t{1} << (feature.low + i);
    }
  }
  std::vector<LutInit> result;
  for (const auto& [place, init] : tables) {
    const auto& [tile, site, letter] = place;
    if (init != 0) result.push_back({std::string(tile), std::string(site), letter, init});
  }
  return result;
}

}  // namespace lutgen::flow

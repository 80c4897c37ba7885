// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/xray_files.hpp"

#include <charconv>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Gives a text line by line, without the line feeds.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    ++number_;
    return true;
  }
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// Takes the next word of a line; empty at its end.
std::string_view take_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return line = {};
  line = line.substr(begin);
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line = line.substr(word.size());
  return word;
}

template <class Number>
bool to_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// `28_05` or `!28_05`.
bool parse_bit(std::string_view text, SegmentBit& bit) {
  bit.is_set = !text.starts_with('!');
  if (!bit.is_set) text = text.substr(1);
  const std::size_t middle = text.find('_');
  return middle != std::string_view::npos && to_number(text.substr(0, middle), bit.frame) &&
         to_number(text.substr(middle + 1), bit.offset);
}

/// Splits `TYPE.FEATURE[address]`; the type is dropped.
bool parse_key(std::string_view text, FeatureKey& key) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot + 1 == text.size()) return false;
  key.name = text.substr(dot + 1);
  if (!key.name.ends_with(']')) return true;
  const std::size_t open = key.name.rfind('[');
  if (open == std::string_view::npos) return false;
  const std::string_view digits = key.name.substr(open + 1, key.name.size() - open - 2);
  key.name = key.name.substr(0, open);
  return !key.name.empty() && to_number(digits, key.address);
}

tl::unexpected<Diagnostic> invalid(const std::string& place, std::size_t line, std::string_view expected,
                                   std::string_view got) {
  return fail(Code::xray_database_invalid, fmt::format("{}:{}", place, line),
              fmt::format("expected {}, got {}", expected, io::quote(got)),
              "the file is part of the Project X-Ray database; install the package prjxray-database again");
}

/// Without blanks and quotes round it.
std::string_view unquoted(std::string_view text) {
  constexpr std::string_view kRound = " \t\r\"'";
  const std::size_t begin = text.find_first_not_of(kRound);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kRound) - begin + 1);
}

}  // namespace

Result<SegbitsTable> parse_segbits(std::string_view text, const std::string& place) {
  SegbitsTable table;
  std::string_view line;
  for (Lines lines(text); lines.next(line);) {
    const std::string_view name = take_word(line);
    if (name.empty()) continue;
    FeatureKey key;
    if (!parse_key(name, key)) return invalid(place, lines.number(), "TYPE.FEATURE", name);
    const std::size_t first = table.bits.size();
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      SegmentBit bit;
      if (!parse_bit(word, bit)) return invalid(place, lines.number(), "a bit FRAME_OFFSET", word);
      table.bits.push_back(bit);
    }
    if (table.bits.size() == first) return invalid(place, lines.number(), "bits after the feature", name);
    if (!table.features.try_emplace(key, BitRange{first, table.bits.size() - first}).second) {
      return invalid(place, lines.number(), "each feature once", name);
    }
  }
  return table;
}

Result<std::vector<std::string_view>> parse_ppips(std::string_view text, const std::string& place) {
  std::vector<std::string_view> names;
  std::string_view line;
  for (Lines lines(text); lines.next(line);) {
    const std::string_view name = take_word(line);
    if (name.empty()) continue;
    const std::string_view kind = take_word(line);
    FeatureKey key;
    if (!parse_key(name, key)) return invalid(place, lines.number(), "TYPE.FEATURE", name);
    if (kind != "always" && kind != "default" && kind != "hint") {
      return invalid(place, lines.number(), "always, default or hint", kind);
    }
    names.push_back(key.name);
  }
  return names;
}

Result<std::map<std::string, std::string, std::less<>>> parse_mapping(std::string_view text, std::string_view field,
                                                                      const std::string& place) {
  std::map<std::string, std::string, std::less<>> values;
  std::string key;
  std::string_view line;
  for (Lines lines(text); lines.next(line);) {
    if (unquoted(line).empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return invalid(place, lines.number(), "'key:' or 'field: value'", line);
    const std::string_view name = unquoted(line.substr(0, colon));
    if (kBlanks.find(line.front()) == std::string_view::npos) {
      key = name;
    } else if (name == field) {
      values[key] = unquoted(line.substr(colon + 1));
    }
  }
  return values;
}

}  // namespace lutgen::flow

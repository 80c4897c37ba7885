// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/csv.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::io {
namespace {

/// One field of a line, without the blanks around it, and its column in the line (from 1).
struct Field {
  std::string_view text;
  std::size_t column;
};

/// The fields of a line, one after the other; there is always at least one.
class FieldReader {
 public:
  explicit FieldReader(std::string_view line) : line_(line), rest_(line) {}

  [[nodiscard]] bool more() const { return more_; }

  Field next() {
    const std::size_t comma = rest_.find(',');
    std::string_view text = rest_.substr(0, comma);
    more_ = comma != std::string_view::npos;
    rest_.remove_prefix(more_ ? comma + 1 : rest_.size());
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return {text, static_cast<std::size_t>(text.data() - line_.data()) + 1};
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t'; }

  std::string_view line_;
  std::string_view rest_;
  bool more_ = true;
};

std::optional<double> to_number(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(std::fabs(value) <= static_cast<double>(std::numeric_limits<float>::max()))) return std::nullopt;
  return value;
}

bool is_heading(std::string_view line) {
  for (FieldReader fields(line); fields.more();) {
    if (to_number(fields.next().text)) return false;
  }
  return true;
}

/// Which field of a line is text; none: kNoField.
constexpr std::size_t kNoField = std::numeric_limits<std::size_t>::max();

/// Position of a column in the heading.
Result<std::size_t> find_column(std::string_view heading, const std::string& place, std::string_view column) {
  std::string found;
  std::size_t position = 0;
  for (FieldReader fields(heading); fields.more(); ++position) {
    std::string_view name = fields.next().text;
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    if (name == column) return position;
    if (position < 20) found += fmt::format("{}{}", position == 0 ? "" : ", ", quote(name));
  }
  return fail(Code::csv_no_column, place, fmt::format("expected a heading with a column {}, found {}{}", quote(column), found, position > 20 ? ", ..." : ""),
              "the first line names the columns");
}

/// Appends a line's fields to `table`.
Result<void> read_row(std::string_view line, const std::string& place, std::size_t text_field, CsvTable& table) {
  std::size_t columns = 0;
  std::size_t position = 0;
  const std::size_t texts = table.texts.size();
  for (FieldReader fields(line); fields.more(); ++position) {
    const Field field = fields.next();
    if (position == text_field) {
      table.texts.emplace_back(field.text);
      continue;
    }
    const auto value = to_number(field.text);
    if (!value) {
      return fail(Code::csv_bad_number, fmt::format("{}:{}", place, field.column),
                  fmt::format("expected a number, got {}", quote(field.text)), "");
    }
    table.values.push_back(*value);
    ++columns;
  }
  if (table.lines.empty()) table.columns = columns;
  const bool lacks_text = text_field != kNoField && table.texts.size() == texts;
  if (columns != table.columns || lacks_text) {
    return fail(Code::csv_ragged, place,
                fmt::format("expected {} numbers as in line {}, got {}", table.columns, table.lines.empty() ? 0 : table.lines.front(), columns), "");
  }
  return {};
}

}  // namespace

Result<CsvTable> parse_csv(std::string_view text, const std::string& place, std::string_view column) {
  CsvTable table;
  bool first = true;
  std::size_t text_field = kNoField;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (std::exchange(first, false)) {
      if (!column.empty()) {
        LUTGEN_TRY(text_field, find_column(line, fmt::format("{}:{}", place, number), column));
        continue;
      }
      if (is_heading(line)) continue;
    }
    LUTGEN_TRY_VOID(read_row(line, fmt::format("{}:{}", place, number), text_field, table));
    table.lines.push_back(number);
  }
  if (table.lines.empty()) {
    return fail(Code::csv_empty, place, "expected at least one line of numbers, got none",
                "a first line without numbers is taken for a heading");
  }
  return table;
}

}  // namespace lutgen::io

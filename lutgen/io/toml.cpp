// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/toml.hpp"

// Header-only and without exceptions, whatever way the library was installed: nothing to link, nothing thrown.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <toml++/toml.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::io {
namespace {

/// Turns the parser's tree into ours; `unsupported` is the first date or time on the way.
class Converter {
 public:
  explicit Converter(const std::string& place) : place_(place) {}

  TomlValue convert(const toml::node& node) {
    TomlValue value{false, place_of(node.source())};
    if (const auto* table = node.as_table()) {
      value.data = convert_table(*table);
    } else if (const auto* array = node.as_array()) {
      std::vector<TomlValue> elements;
      for (const toml::node& element : *array) elements.push_back(convert(element));
      value.data = std::move(elements);
    } else if (const auto* text = node.as_string()) {
      value.data = text->get();
    } else if (const auto* whole = node.as_integer()) {
      value.data = whole->get();
    } else if (const auto* number = node.as_floating_point()) {
      value.data = number->get();
    } else if (const auto* flag = node.as_boolean()) {
      value.data = flag->get();
    } else if (!unsupported) {
      unsupported = Diagnostic{Code::toml_wrong_type, value.place,
                               "expected text, a number, true, false, a list or a table, got a date or time",
                               "put it in quotes"};
    }
    return value;
  }

  [[nodiscard]] std::string place_of(const toml::source_region& region) const {
    return fmt::format("{}:{}:{}", place_, region.begin.line, region.begin.column);
  }

  std::optional<Diagnostic> unsupported;

 private:
  std::vector<TomlField> convert_table(const toml::table& table) {
    // The parser sorts fields by name; a person wants the first mistake in the order of the file.
    std::vector<std::pair<const toml::key*, const toml::node*>> entries;
    for (auto&& [key, node] : table) entries.emplace_back(&key, &node);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      const auto& left = a.first->source().begin;
      const auto& right = b.first->source().begin;
      return std::pair(left.line, left.column) < std::pair(right.line, right.column);
    });
    std::vector<TomlField> fields;
    for (const auto& [key, node] : entries) {
      fields.push_back({std::string(key->str()), convert(*node), place_of(key->source())});
    }
    return fields;
  }

  const std::string& place_;
};

tl::unexpected<Diagnostic> wrong_type(std::string_view field, const TomlValue& found, std::string_view expected) {
  return fail(Code::toml_wrong_type, found.place,
              fmt::format("field {}: expected {}, got {}", quote(field), expected, describe(found)), "");
}

tl::unexpected<Diagnostic> out_of_range(std::string_view field, const TomlValue& found, const std::string& range) {
  return fail(Code::toml_number_range, found.place,
              fmt::format("field {}: expected a number from {}, got {}", quote(field), range, describe(found)), "");
}

}  // namespace

Result<TomlValue> parse_toml(std::string_view text, const std::string& place) {
  const toml::parse_result parsed = toml::parse(text);
  Converter converter(place);
  if (!parsed) {
    return fail(Code::toml_syntax, converter.place_of(parsed.error().source()),
                "not valid TOML: " + printable(parsed.error().description(), 200), "");
  }
  TomlValue value = converter.convert(parsed.table());
  if (converter.unsupported) return tl::make_unexpected(*converter.unsupported);
  value.place = place;
  return value;
}

std::string describe(const TomlValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return fmt::format("the number {}", *whole);
  if (const auto* number = std::get_if<double>(&value.data)) return fmt::format("the number {}", *number);
  if (const auto* text = std::get_if<std::string>(&value.data)) return "the text " + quote(*text);
  if (const auto* list = std::get_if<std::vector<TomlValue>>(&value.data)) {
    return fmt::format("a list of {}", list->size());
  }
  return "a table";
}

const TomlValue* find_field(const TomlValue& table, std::string_view field) {
  const auto* fields = std::get_if<std::vector<TomlField>>(&table.data);
  if (fields == nullptr) return nullptr;
  for (const TomlField& each : *fields) {
    if (each.name == field) return &each.value;
  }
  return nullptr;
}

Result<const TomlValue*> get_field(const TomlValue& table, std::string_view field) {
  if (!std::holds_alternative<std::vector<TomlField>>(table.data)) {
    return fail(Code::toml_wrong_type, table.place,
                fmt::format("expected a table with a field {}, got {}", quote(field), describe(table)), "");
  }
  const TomlValue* found = find_field(table, field);
  if (found == nullptr) {
    return fail(Code::toml_missing_field, table.place,
                fmt::format("expected a field {}, found none of that name", quote(field)), "");
  }
  return found;
}

Result<const TomlValue*> get_table(const TomlValue& table, std::string_view field) {
  LUTGEN_TRY(const TomlValue* found, get_field(table, field));
  if (!std::holds_alternative<std::vector<TomlField>>(found->data)) return wrong_type(field, *found, "a table");
  return found;
}

Result<const std::vector<TomlValue>*> get_array(const TomlValue& table, std::string_view field) {
  LUTGEN_TRY(const TomlValue* found, get_field(table, field));
  const auto* list = std::get_if<std::vector<TomlValue>>(&found->data);
  if (list == nullptr) return wrong_type(field, *found, "a list");
  return list;
}

Result<std::string> get_string(const TomlValue& table, std::string_view field) {
  LUTGEN_TRY(const TomlValue* found, get_field(table, field));
  const auto* text = std::get_if<std::string>(&found->data);
  if (text == nullptr) return wrong_type(field, *found, "text in quotes");
  return *text;
}

Result<std::vector<std::string>> get_strings(const TomlValue& table, std::string_view field) {
  LUTGEN_TRY(const std::vector<TomlValue>* list, get_array(table, field));
  std::vector<std::string> texts;
  for (const TomlValue& element : *list) {
    const auto* text = std::get_if<std::string>(&element.data);
    if (text == nullptr) return wrong_type(field, element, "text in quotes in the list");
    texts.push_back(*text);
  }
  return texts;
}

Result<std::int64_t> get_integer(const TomlValue& table, std::string_view field, std::int64_t minimum,
                                 std::int64_t maximum) {
  LUTGEN_TRY(const TomlValue* found, get_field(table, field));
  const auto* whole = std::get_if<std::int64_t>(&found->data);
  if (whole == nullptr) return wrong_type(field, *found, "a whole number");
  if (*whole < minimum || *whole > maximum) {
    return out_of_range(field, *found, fmt::format("{} to {}", minimum, maximum));
  }
  return *whole;
}

Result<double> get_number(const TomlValue& table, std::string_view field, double minimum, double maximum) {
  LUTGEN_TRY(const TomlValue* found, get_field(table, field));
  double number = 0;
  if (const auto* whole = std::get_if<std::int64_t>(&found->data)) {
    number = static_cast<double>(*whole);
  } else if (const auto* real = std::get_if<double>(&found->data)) {
    number = *real;
  } else {
    return wrong_type(field, *found, "a number");
  }
  if (!(number >= minimum && number <= maximum)) {  // NaN is out of every range
    return out_of_range(field, *found, fmt::format("{} to {}", minimum, maximum));
  }
  return number;
}

Result<void> check_fields(const TomlValue& table, std::initializer_list<std::string_view> known) {
  const auto* fields = std::get_if<std::vector<TomlField>>(&table.data);
  if (fields == nullptr) return {};
  for (const TomlField& field : *fields) {
    if (std::find(known.begin(), known.end(), field.name) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    return fail(Code::toml_unknown_field, field.place,
                fmt::format("expected one of the fields {}; got {}", names, quote(field.name)),
                "remove it or mend its name");
  }
  return {};
}

}  // namespace lutgen::io

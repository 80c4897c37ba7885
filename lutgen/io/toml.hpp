// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::io {

struct TomlField;

/// A value of a TOML text, with the place where it begins (`file:line:column`, both from 1).
///
/// data  true or false, a whole number, any other number, text, a list, or a table (its fields in the
///       order of the text). Dates are refused by the parser.
struct TomlValue {
  std::variant<bool, std::int64_t, double, std::string, std::vector<TomlValue>, std::vector<TomlField>> data;
  std::string place;
};

/// One field of a table; `place` is that of its name.
struct TomlField {
  std::string name;
  TomlValue value;
  std::string place;
};

/// Parses one TOML text (version 1.0); the result is always a table.
///
/// place    names the text in diagnostics and in the places of the values
/// Errors   toml_syntax (a field that appears twice is one, too), toml_wrong_type for dates and times
/// Cost     O(bytes log bytes)
[[nodiscard]] Result<TomlValue> parse_toml(std::string_view text, const std::string& place);

/// What a value is, for diagnostics: `the text "ten"`, `the number 3`, `a table`, ...
[[nodiscard]] std::string describe(const TomlValue& value);

/// A field of a table, or null when it is missing (or `table` is none). O(fields).
[[nodiscard]] const TomlValue* find_field(const TomlValue& table, std::string_view field);

/// A field that must be there. The pointer lives as long as `table`.
///
/// Errors   toml_wrong_type when `table` is no table, toml_missing_field
[[nodiscard]] Result<const TomlValue*> get_field(const TomlValue& table, std::string_view field);

/// A field that must be a table.
///
/// Errors   those of `get_field`; toml_wrong_type
[[nodiscard]] Result<const TomlValue*> get_table(const TomlValue& table, std::string_view field);

/// A field that must be a list; its elements.
///
/// Errors   those of `get_field`; toml_wrong_type
[[nodiscard]] Result<const std::vector<TomlValue>*> get_array(const TomlValue& table, std::string_view field);

/// A field that must be text.
///
/// Errors   those of `get_field`; toml_wrong_type
[[nodiscard]] Result<std::string> get_string(const TomlValue& table, std::string_view field);

/// A field that must be a list of texts.
///
/// Errors   those of `get_array`; toml_wrong_type, placed at the element
[[nodiscard]] Result<std::vector<std::string>> get_strings(const TomlValue& table, std::string_view field);

/// A field that must be a whole number in [minimum, maximum].
///
/// Errors   those of `get_field`; toml_wrong_type; toml_number_range
[[nodiscard]] Result<std::int64_t> get_integer(const TomlValue& table, std::string_view field, std::int64_t minimum,
                                               std::int64_t maximum);

/// A field that must be a number, whole or not, in [minimum, maximum].
///
/// Errors   those of `get_field`; toml_wrong_type; toml_number_range
[[nodiscard]] Result<double> get_number(const TomlValue& table, std::string_view field, double minimum,
                                        double maximum);

/// Refuses fields that are not in `known`: a misspelt optional field would be ignored otherwise.
///
/// Errors   toml_unknown_field for the first in the order of the text
[[nodiscard]] Result<void> check_fields(const TomlValue& table, std::initializer_list<std::string_view> known);

}  // namespace lutgen::io

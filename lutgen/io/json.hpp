// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lutgen/base/result.hpp"

namespace lutgen::io {

/// A JSON value; objects keep the order of their fields.
using Json = nlohmann::ordered_json;

/// Arrays and objects nest at most this deep.
inline constexpr std::size_t kMaxJsonDepth = 64;

/// Parses one JSON text (RFC 8259), more strictly than most: no field may appear twice in an object,
/// and a whole number must fit 64 bits, so that nothing is rounded or dropped silently.
///
/// place    names the text in diagnostics; `:line:column` is added (both from 1, columns in bytes)
/// Errors   json_syntax, json_duplicate_field, json_too_deep, json_number_range
/// Cost     O(bytes log bytes); memory at most about 50 bytes for each byte of text
[[nodiscard]] Result<Json> parse_json(std::string_view text, const std::string& place);

/// The text of a value: two spaces a level, fields in their order, a line feed at the end. The same
/// value gives the same text; invalid UTF-8 in strings is replaced by U+FFFD.
[[nodiscard]] std::string to_text(const Json& value);

/// What a value is, for diagnostics: `the text "ten"`, `the number 3`, `an object`, ...
[[nodiscard]] std::string describe(const Json& value);

/// A field of an object, or null when it is missing (or `object` is none). O(fields).
[[nodiscard]] const Json* find_field(const Json& object, std::string_view field);

/// A field that must be there. The pointer lives as long as `object`.
///
/// place    of the object, in diagnostics
/// Errors   json_wrong_type when `object` is not an object, json_missing_field
[[nodiscard]] Result<const Json*> get_field(const Json& object, std::string_view field,
                                            const std::string& place);

/// A field that must be an array.
///
/// Errors   those of `get_field`; json_wrong_type
[[nodiscard]] Result<const Json*> get_array(const Json& object, std::string_view field,
                                            const std::string& place);

/// A field that must be an object.
///
/// Errors   those of `get_field`; json_wrong_type
[[nodiscard]] Result<const Json*> get_object(const Json& object, std::string_view field,
                                             const std::string& place);

/// A field that must be text.
///
/// Errors   those of `get_field`; json_wrong_type
[[nodiscard]] Result<std::string> get_string(const Json& object, std::string_view field,
                                             const std::string& place);

/// A field that must be a whole number in [0, maximum]; 1.0 is none.
///
/// Errors   those of `get_field`; json_wrong_type; json_number_range above `maximum`
[[nodiscard]] Result<std::uint64_t> get_unsigned(const Json& object, std::string_view field,
                                                 const std::string& place,
                                                 std::uint64_t maximum = UINT64_MAX);

/// A field that must be a number of any kind.
///
/// Errors   those of `get_field`; json_wrong_type
[[nodiscard]] Result<double> get_number(const Json& object, std::string_view field,
                                        const std::string& place);

/// A field that must be true or false.
///
/// Errors   those of `get_field`; json_wrong_type
[[nodiscard]] Result<bool> get_boolean(const Json& object, std::string_view field,
                                       const std::string& place);

/// The elements of `array`, each a whole number in [0, maximum]; `place` names the array.
///
/// Errors   json_wrong_type, json_number_range
[[nodiscard]] Result<std::vector<std::uint64_t>> unsigned_elements(
    const Json& array, const std::string& place, std::uint64_t maximum = UINT64_MAX);

}  // namespace lutgen::io

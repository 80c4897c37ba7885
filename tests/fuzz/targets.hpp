// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/io/csv.hpp"
#include "lutgen/io/idx.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model_file.hpp"

// What each fuzzer does with one input. A reader may refuse it, with a diagnostic that is text; what it
// accepts must hold together. The unit tests run the same functions over the kept corpus.
namespace lutgen::fuzz {

/// Every diagnostic is one printable text, whatever was in the file.
inline void check_diagnostic(const Diagnostic& diagnostic) {
  for (const char c : to_text(diagnostic)) LUTGEN_CHECK(c == '\n' || (c >= 0x20 && c < 0x7f));
}

/// What parses prints as text that parses to the same value.
inline void run_json(std::string_view text) {
  const auto value = io::parse_json(text, "input");
  if (!value) return check_diagnostic(value.error());
  const auto again = io::parse_json(io::to_text(*value), "again");
  LUTGEN_CHECK(again && *again == *value);
}

/// A table is full, and its lines are in order.
inline void run_csv(std::string_view text) {
  const auto table = io::parse_csv(text, "input");
  if (!table) return check_diagnostic(table.error());
  LUTGEN_CHECK(table->columns > 0 && table->values.size() == table->rows() * table->columns);
  for (std::size_t i = 1; i < table->rows(); ++i) LUTGEN_CHECK(table->lines[i - 1] < table->lines[i]);
}

/// An array has as many values as its shape asks for, and stays under the limit.
inline void run_idx(std::string_view bytes) {
  constexpr std::uint64_t kLimit = 1 << 20;
  const auto array = io::parse_idx(bytes, "input", kLimit);
  if (!array) return check_diagnostic(array.error());
  std::uint64_t count = 1;
  for (const auto length : array->shape) count = length == 0 ? 0 : count * length;
  LUTGEN_CHECK(count == array->values.size() && count <= kLimit);
}

/// A model that reads is written, and what was written reads back and writes the same bytes.
inline void run_model(std::string_view bytes) {
  const auto model = model::parse_model(bytes, "input");
  if (!model) return check_diagnostic(model.error());
  const std::string written = model::serialize_model(*model);
  const auto again = model::parse_model(written, "again");
  LUTGEN_CHECK(again && model::serialize_model(*again) == written);
}

}  // namespace lutgen::fuzz

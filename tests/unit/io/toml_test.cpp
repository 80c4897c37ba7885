// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/toml.hpp"

#include <fmt/core.h>

#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

io::TomlValue parsed(const std::string& text) {
  auto value = io::parse_toml(text, "f.toml");
  REQUIRE(value);
  return *value;
}

template <class T>
std::string error_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return to_text(result.error());
}

}  // namespace

TEST_CASE("values keep their kind, order and place", "[io][toml]") {
  const auto root = parsed("z = 1\na = [\"x\", 'y']\n[t]\n  f = 2.5 # comment\n  b = true\n");
  const auto& fields = std::get<std::vector<io::TomlField>>(root.data);
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].name == "z");
  CHECK(fields[1].name == "a");
  CHECK(fields[2].name == "t");
  CHECK(fields[1].value.place == "f.toml:2:5");
  CHECK(io::get_integer(root, "z", 0, 1) == 1);
  CHECK(io::get_strings(root, "a") == std::vector<std::string>{"x", "y"});
  const auto table = io::get_table(root, "t");
  REQUIRE(table);
  CHECK(io::get_number(**table, "f", 0, 3) == 2.5);
  CHECK(io::find_field(**table, "f")->place == "f.toml:4:7");
  CHECK(io::find_field(**table, "g") == nullptr);
}

TEST_CASE("what breaks the grammar is placed", "[io][toml]") {
  for (const char* text : {"a = 1\na = 2\n", "a = \n", "[t\n", "a = \"\\q\"", "a = 99999999999999999999", "\xff = 1"}) {
    const std::string error = error_of(io::parse_toml(text, "f.toml"));
    CAPTURE(text, error);
    CHECK(error.rfind("f.toml:", 0) == 0);
    CHECK(error.find("error[toml_syntax]") != std::string::npos);
  }
}

TEST_CASE("getters say what they wanted and what they found", "[io][toml]") {
  const auto root = parsed("n = 7\ns = \"x\"\nl = [1]\nt = {}\n");
  CHECK(error_of(io::get_string(root, "n")) ==
        "f.toml:1:5: error[toml_wrong_type]: field \"n\": expected text in quotes, got the number 7\n");
  CHECK(error_of(io::get_integer(root, "n", 8, 9)) ==
        "f.toml:1:5: error[toml_number_range]: field \"n\": expected a number from 8 to 9, got the number 7\n");
  CHECK(error_of(io::get_number(root, "s", 0, 1)).find("expected a number, got the text \"x\"") != std::string::npos);
  CHECK(error_of(io::get_strings(root, "l")).find("f.toml:3:6:") == 0);
  CHECK(error_of(io::get_table(root, "l")).find("expected a table, got a list of 1") != std::string::npos);
  CHECK(error_of(io::get_array(root, "t")).find("expected a list, got a table") != std::string::npos);
  CHECK(error_of(io::get_field(*io::find_field(root, "n"), "x")).find("got the number 7") != std::string::npos);
  CHECK(error_of(io::get_field(root, "x")).find("toml_missing_field") != std::string::npos);
  CHECK(error_of(io::check_fields(root, {"s", "n", "t"})).rfind("f.toml:3:1: error[toml_unknown_field]", 0) == 0);
  CHECK(error_of(io::parse_toml("d = 2020-01-01", "f.toml")).find("got a date or time") != std::string::npos);
}

TEST_CASE("numbers that are no numbers are in no range", "[io][toml]") {
  CHECK_FALSE(io::get_number(parsed("a = nan"), "a", -1e308, 1e308));
  CHECK_FALSE(io::get_number(parsed("a = inf"), "a", 0, 1e308));
}

TEST_CASE("whole numbers read back", "[io][toml][property]") {
  test::property([](std::int64_t number) {
    const auto root = io::parse_toml(fmt::format("a = {}", number), "f");
    RC_ASSERT(root.has_value());
    RC_ASSERT(io::get_integer(*root, "a", INT64_MIN, INT64_MAX) == number);
  });
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/json.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;
using io::Json;

namespace {

std::string error_of(const std::string& text) {
  const auto value = io::parse_json(text, "f.json");
  REQUIRE_FALSE(value);
  return to_text(value.error());
}

/// A random value, `depth` levels deep at most.
Json any_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
    case 0: return Json(nullptr);
    case 1: return Json(*rc::gen::arbitrary<bool>());
    case 2: return Json(*rc::gen::arbitrary<std::int64_t>());
    case 3: return Json(*rc::gen::arbitrary<std::uint64_t>());
    case 4: return Json(*rc::gen::string<std::string>());
    case 5: {
      Json list = Json::array();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) list.push_back(any_json(depth - 1));
      return list;
    }
    default: break;
  }
  Json object = Json::object();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) object[fmt::format("field{}", i)] = any_json(depth - 1);
  return object;
}

}  // namespace

TEST_CASE("fields keep the order of the text", "[io][json]") {
  const auto value = io::parse_json(R"({"b": 1, "a": [true, null, -2, 1.5]})", "f.json");
  REQUIRE(value);
  CHECK(io::to_text(*value) == R"({
  "b": 1,
  "a": [
    true,
    null,
    -2,
    1.5
  ]
}
)");
}

TEST_CASE("a value printed and parsed is the same value", "[io][json][property]") {
  test::property([] {
    const Json value = any_json(3);
    const auto again = io::parse_json(io::to_text(value), "again");
    // What is not UTF-8 is replaced when printed; strings of bytes above 127 may be such.
    if (io::to_text(value).find("\xef\xbf\xbd") == std::string::npos) RC_ASSERT(*again == value);
    RC_ASSERT(io::to_text(*again) == io::to_text(value));
  });
}

TEST_CASE("a syntax error is placed by line and column", "[io][json]") {
  CHECK(error_of("{\n  \"a\": tru\n}") ==
        "f.json:2:11: error[json_syntax]: not valid JSON: while parsing value - invalid literal; last read: '\"a\": tru<U+000A>'\n");
  CHECK(error_of("") ==
        "f.json:1:1: error[json_syntax]: not valid JSON: while parsing value - unexpected end of input; expected '[', '{', or a literal\n");
  CHECK(error_of("1 2").find("f.json:1:3: error[json_syntax]") == 0);
}

TEST_CASE("a field that appears twice is refused where it does", "[io][json]") {
  CHECK(error_of("{\"a\": 1,\n \"b\": {\"a\": 2}, \"a\": 3}") ==
        "f.json:2:17: error[json_duplicate_field]: expected each field once in an object, got \"a\" a second time\n"
        "  hint: remove or rename one of them\n");
}

TEST_CASE("whole numbers are exact or refused", "[io][json]") {
  CHECK(io::parse_json("18446744073709551615", "").value() == UINT64_MAX);
  CHECK(io::parse_json("-9223372036854775808", "").value() == INT64_MIN);
  CHECK(error_of("[18446744073709551616]") ==
        "f.json:1:2: error[json_number_range]: expected a whole number of at most 64 bits, got 18446744073709551616\n");
  CHECK(error_of("1e999").find("error[json_number_range]") != std::string::npos);
}

TEST_CASE("nesting is limited", "[io][json]") {
  const std::string deepest = std::string(io::kMaxJsonDepth, '[') + std::string(io::kMaxJsonDepth, ']');
  CHECK(io::parse_json(deepest, ""));
  CHECK(error_of("[" + deepest + "]") ==
        "f.json:1:65: error[json_too_deep]: expected at most 64 arrays and objects inside each other, got more\n");
  CHECK(error_of(std::string(100000, '[')).find("json_too_deep") != std::string::npos);
}

TEST_CASE("a large object takes no quadratic time", "[io][json]") {
  std::string text = "{";
  for (int i = 0; i < 200000; ++i) text += fmt::format("{}\"{}\":0", i == 0 ? "" : ",", i);
  CHECK(io::parse_json(text + "}", "")->size() == 200000);
}

TEST_CASE("getters give the field, or say what is wrong with it", "[io][json]") {
  const Json object = io::parse_json(R"({"n": 3, "t": "x", "l": [1, 2], "o": {}, "b": true, "m": -1, "d": 0.5})", "").value();
  CHECK(io::get_unsigned(object, "n", "p").value() == 3);
  CHECK(io::get_string(object, "t", "p").value() == "x");
  CHECK(io::get_boolean(object, "b", "p").value());
  CHECK(io::get_number(object, "d", "p").value() == 0.5);
  CHECK(io::get_object(object, "o", "p").value()->empty());
  CHECK(io::unsigned_elements(*io::get_array(object, "l", "p").value(), "p").value() == std::vector<std::uint64_t>{1, 2});

  CHECK(to_text(io::get_string(object, "n", "p").error()) ==
        "p: error[json_wrong_type]: field \"n\": expected text in quotes, got the number 3\n");
  CHECK(to_text(io::get_unsigned(object, "m", "p").error()) ==
        "p: error[json_wrong_type]: field \"m\": expected a whole number, 0 or more, got the number -1\n");
  CHECK(to_text(io::get_unsigned(object, "n", "p", 2).error()) ==
        "p: error[json_number_range]: field \"n\": expected at most 2, got 3\n");
  CHECK(to_text(io::get_array(object, "zz", "p").error()) ==
        "p: error[json_missing_field]: expected a field \"zz\", found none of that name\n");
  CHECK(to_text(io::get_field(Json(1), "zz", "p").error()) ==
        "p: error[json_wrong_type]: expected an object with a field \"zz\", got the number 1\n");
  CHECK(to_text(io::unsigned_elements(Json::array({1, "x"}), "p").error()) ==
        "p: error[json_wrong_type]: element 1: expected a whole number, 0 or more, got the text \"x\"\n");
  CHECK(io::find_field(object, "zz") == nullptr);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/csv.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

std::string error_of(const std::string& text) {
  const auto table = io::parse_csv(text, "f.csv");
  REQUIRE_FALSE(table);
  return to_text(table.error());
}

}  // namespace

TEST_CASE("rows, blanks, blank lines, a heading and both line ends", "[io][csv]") {
  const auto table = io::parse_csv("width, class\r\n\n1 ,\t+2\r\n\n-3.5,4e1", "f.csv");
  REQUIRE(table);
  CHECK(table->columns == 2);
  CHECK(table->values == std::vector<double>{1, 2, -3.5, 40});
  CHECK(table->lines == std::vector<std::uint64_t>{3, 5});
}

TEST_CASE("numbers printed as rows read back", "[io][csv][property]") {
  test::property([](const std::vector<std::array<std::int32_t, 3>>& rows) {
    RC_PRE(!rows.empty());
    std::string text;
    for (const auto& row : rows) text += fmt::format("{},{},{}\n", row[0], row[1], row[2]);
    const auto table = io::parse_csv(text, "f");
    RC_ASSERT(table.has_value());
    RC_ASSERT(table->rows() == rows.size());
    for (std::size_t i = 0; i < rows.size() * 3; ++i) RC_ASSERT(table->values[i] == rows[i / 3][i % 3]);
  });
}

TEST_CASE("a bad field is placed by line and column", "[io][csv]") {
  CHECK(error_of("1,2\n3, x4\n") == "f.csv:2:4: error[csv_bad_number]: expected a number, got \"x4\"\n");
  CHECK(error_of("1,2,\n") == "f.csv:1:5: error[csv_bad_number]: expected a number, got \"\"\n");
  for (const char* text : {"1,nan", "1,inf", "1,1e39", "1,+-2", "1,1 2", "1,0x10"}) {
    CHECK(error_of(text).find("f.csv:1:3: error[csv_bad_number]") == 0);
  }
}

TEST_CASE("rows of different lengths and empty tables are refused", "[io][csv]") {
  CHECK(error_of("1,2\n\n3\n") == "f.csv:3: error[csv_ragged]: expected 2 numbers as in line 1, got 1\n");
  CHECK(error_of("a,b\n\n") == "f.csv: error[csv_empty]: expected at least one line of numbers, got none\n"
        "  hint: a first line without numbers is taken for a heading\n");
  CHECK(error_of("").find("csv_empty") != std::string::npos);
}

TEST_CASE("a column that is asked for by its heading is kept as text", "[io][csv]") {
  const auto table = io::parse_csv("1,\"kind\", 2\n 5, red ,7\n6,,8\n", "f.csv", "kind");
  REQUIRE(table);
  CHECK(table->columns == 2);
  CHECK(table->values == std::vector<double>{5, 7, 6, 8});
  CHECK(table->texts == std::vector<std::string>{"red", ""});
  const auto refused = io::parse_csv("a,b\n1,2\n", "f.csv", "c");
  REQUIRE_FALSE(refused);
  CHECK(to_text(refused.error()) == "f.csv:1: error[csv_no_column]: expected a heading with a column \"c\", found \"a\", \"b\"\n"
        "  hint: the first line names the columns\n");
  CHECK_FALSE(io::parse_csv("a,b\n1\n", "f.csv", "b"));
  const auto ragged = io::parse_csv("a,b,class\r\n 1\n-6.5e-2,4,1", "f.csv", "a");
  REQUIRE_FALSE(ragged);
  CHECK(to_text(ragged.error()) == "f.csv:3: error[csv_ragged]: expected 0 numbers as in line 2, got 2\n");
}

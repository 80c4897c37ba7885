// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/quote.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;

TEST_CASE("bytes that do not print are shown as hex", "[io][quote]") {
  CHECK(io::printable("a\n\xff~") == "a\\x0a\\xff~");
  CHECK(io::quote("name") == "\"name\"");
}

TEST_CASE("a long text is cut, and the cut shows", "[io][quote]") {
  CHECK(io::printable("abcdef", 3) == "abc...");
  CHECK(io::printable("abc", 3) == "abc");
}

TEST_CASE("whatever the text, its form is printable ASCII", "[io][quote][property]") {
  test::property([](const std::string& text) {
    for (const char c : io::quote(text)) RC_ASSERT(c >= 0x20 && c < 0x7f);
  });
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bit_file.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("a .bit file comes apart and goes together again", "[flow][bitstream]") {
  const flow::BitFile file{"design", "xc7a35tcsg324-1", "1970/01/01", "00:00:00", std::string("\xaa\x99\x55\x66\0", 5)};
  const std::string bytes = flow::bit_file_bytes(file);
  CHECK(bytes.substr(13, 10) == std::string("a\0\7design\0", 10));
  const auto again = flow::parse_bit_file(bytes, "x.bit");
  REQUIRE(again);
  CHECK(again->design == "design");
  CHECK(again->part == "xc7a35tcsg324-1");
  CHECK(again->time == "00:00:00");
  CHECK(again->data == file.data);
  CHECK(flow::bit_file_bytes(*again) == bytes);
}

TEST_CASE("a .bit file cut at any byte, or with more behind it, is refused", "[flow][bitstream]") {
  const std::string bytes = flow::bit_file_bytes({"d", "p", "x", "y", "1234"});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto file = flow::parse_bit_file(bytes.substr(0, length), "x.bit");
    REQUIRE_FALSE(file);
    CHECK(file.error().code == Code::bitstream_invalid);
  }
  CHECK_FALSE(flow::parse_bit_file(bytes + "5", "x.bit"));
}

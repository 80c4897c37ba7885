// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/parallel.hpp"

#include <array>
#include <new>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("every index is called once, on any number of threads", "[base][parallel]") {
  for (const std::size_t threads : {1u, 2u, 7u, 100u}) {
    std::vector<int> calls(50, 0);
    base::parallel_for(50, threads, [&](std::size_t i) { ++calls[i]; });
    CHECK(calls == std::vector<int>(50, 1));
  }
}

TEST_CASE("memory that runs out in a helper is the caller's exception, not the program's end", "[base][parallel]") {
  for (const std::size_t threads : {1u, 4u}) {
    CHECK_THROWS_AS(base::parallel_for(50, threads, [](std::size_t i) { if (i % 2 == 1) throw std::bad_alloc(); }), std::bad_alloc);
  }
}

TEST_CASE("pieces are taken in order, on any number of threads", "[base][parallel]") {
  std::string expected;
  for (int i = 0; i < 200; ++i) expected += std::to_string(i * 7) + ",";
  for (const std::size_t threads : {0u, 1u, 2u, 5u, 300u}) {
    std::string text;
    const auto done = base::write_pieces(
        200, threads,
        [](std::size_t i, base::TextBuffer& piece) {
          piece.end_at(base::put(base::put_number(piece.make_room(base::kMostDigits + 1), i * 7), ","));
        },
        [&](std::string_view piece) -> Result<void> {
          text += piece;
          return {};
        });
    CHECK(done);
    CHECK(text == expected);
  }
}

TEST_CASE("a piece that cannot be taken ends the work with its diagnostic", "[base][parallel]") {
  for (const std::size_t threads : {1u, 4u}) {
    std::size_t taken = 0;
    const auto done = base::write_pieces(1000, threads, [](std::size_t, base::TextBuffer&) {}, [&](std::string_view) -> Result<void> {
      if (++taken == 17) return fail(Code::file_write_failed, "somewhere", "full", "");
      return {};
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().message == "full");
    CHECK(taken == 17);
  }
}

TEST_CASE("memory that runs out while a piece is made ends the work", "[base][parallel]") {
  for (const std::size_t threads : {1u, 4u}) {
    const auto run = [&] {
      return base::write_pieces(50, threads, [](std::size_t i, base::TextBuffer&) { if (i == 20) throw std::bad_alloc(); },
                                [](std::string_view) -> Result<void> { return {}; });
    };
    CHECK_THROWS_AS(run(), std::bad_alloc);
  }
}

TEST_CASE("numbers and hex digits are put as fmt writes them", "[base][text]") {
  std::array<char, 64> text;
  for (const std::uint64_t number : {0ull, 7ull, 10ull, 99ull, 100ull, 101ull, 1005ull, 65535ull, 4294967295ull, 18446744073709551615ull}) {
    CHECK(std::string(text.data(), base::put_number(text.data(), number)) == fmt::format("{}", number));
    CHECK(std::string(text.data(), base::put_hex(text.data(), number, 16)) == fmt::format("{:016X}", number));
  }
  CHECK(std::string(text.data(), base::put_hex(text.data(), 0xABC, 2)) == "BC");
}

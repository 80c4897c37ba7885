// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/serial.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// A pseudo-terminal: `path` is the port, `master` the other end.
struct Terminal {
  Terminal() : master(::posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(master >= 0);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    path = ::ptsname(master);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { hang_up(); }
  void hang_up() {
    if (master >= 0) ::close(master);
    master = -1;
  }
  int master;
  std::string path;
};

constexpr std::chrono::milliseconds kLong{5000};

}  // namespace

TEST_CASE("a serial port carries every byte as it is, both ways", "[board][serial]") {
  Terminal terminal;
  const auto port = board::SerialPort::open(terminal.path, 1000000);
  REQUIRE(port);
  std::array<std::uint8_t, 256> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  REQUIRE((*port)->write(all));
  std::array<std::uint8_t, 256> got{};
  std::size_t count = 0;
  while (count < got.size()) {
    const ssize_t more = ::read(terminal.master, got.data() + count, got.size() - count);
    REQUIRE(more > 0);
    count += static_cast<std::size_t>(more);
  }
  CHECK(got == all);
  REQUIRE(::write(terminal.master, all.data(), all.size()) == 256);
  got = {};
  for (count = 0; count < got.size();) {
    const auto more = (*port)->read(std::span(got).subspan(count), kLong);
    REQUIRE(more);
    REQUIRE(*more > 0);
    count += *more;
  }
  CHECK(got == all);
  const auto nothing = (*port)->read(got, std::chrono::milliseconds(1));
  REQUIRE(nothing);
  CHECK(*nothing == 0);
}

TEST_CASE("a serial port is for one at a time", "[board][serial]") {
  Terminal terminal;
  {
    const auto port = board::SerialPort::open(terminal.path, 115200);
    REQUIRE(port);
    const auto second = board::SerialPort::open(terminal.path, 115200);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::serial_busy);
  }
  CHECK(board::SerialPort::open(terminal.path, 115200));
}

TEST_CASE("a board that is unplugged is noticed", "[board][serial]") {
  Terminal terminal;
  const auto port = board::SerialPort::open(terminal.path, 115200);
  REQUIRE(port);
  terminal.hang_up();
  std::array<std::uint8_t, 4> bytes{};
  const auto read = (*port)->read(bytes, kLong);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Code::serial_failed);
  const auto written = (*port)->write(bytes);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::serial_failed);
}

TEST_CASE("what is no serial port is refused", "[board][serial]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "file", "text"));
  for (const std::string name : {"file", "missing"}) {
    const auto port = board::SerialPort::open((folder.path() / name).string(), 115200);
    REQUIRE_FALSE(port);
    CHECK(port.error().code == Code::serial_failed);
  }
}

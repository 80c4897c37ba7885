// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/serial.hpp"

// The kernel's own header: <termios.h> has a fixed list of rates and cannot be included beside it.
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

namespace lutgen::board {
namespace {

/// The deadline of a write: a line that takes nothing for so long is stuck.
constexpr int kWriteTimeoutMs = 5000;

std::string hint_for(int error) {
  switch (error) {
    case ENOENT:
    case ENXIO:
    case ENODEV: return "is the board plugged in? `ls /dev/serial/by-id` lists the ports that are there";
    case EACCES: return "ports belong to a group, dialout on Debian: `sudo adduser $USER dialout`, then log in anew";
    default: return "";
  }
}

tl::unexpected<Diagnostic> failed(const std::string& path, std::string_view found, int error) {
  return fail(Code::serial_failed, path, fmt::format("expected a serial port, found {}: {}", found, std::strerror(error)),
              hint_for(error));
}

}  // namespace

/// What a port was set to.
struct SerialPort::Settings {
  struct termios2 values = {};
};

SerialPort::SerialPort(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

SerialPort::~SerialPort() {
  if (before_ != nullptr) ::ioctl(descriptor_, TCSETS2, &before_->values);
  ::close(descriptor_);
}

Result<std::unique_ptr<SerialPort>> SerialPort::open(const std::string& path, std::uint32_t baud) {
  // Without O_NONBLOCK, opening waits for a modem's carrier on ports that have the wire.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  const int error = errno;
  const auto busy = [&path] {
    return fail(Code::serial_busy, path, "expected a port that is free, found one that another program uses",
                "end the other program: `fuser " + path + "` says which one it is");
  };
  if (descriptor < 0) {
    if (error == EBUSY) return busy();
    return failed(path, "none that can be opened", error);
  }
  std::unique_ptr<SerialPort> port(new SerialPort(path, descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return busy();
  LUTGEN_TRY_VOID(port->set_up(baud));
  return port;
}

Result<void> SerialPort::set_up(std::uint32_t baud) {
  auto before = std::make_unique<Settings>();
  if (::ioctl(descriptor_, TCGETS2, &before->values) != 0) return failed(path_, "another kind of file", errno);
  struct termios2 raw = before->values;
  raw.c_iflag = 0;
  raw.c_oflag = 0;
  raw.c_lflag = 0;
  raw.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  raw.c_ispeed = baud;
  raw.c_ospeed = baud;
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  if (::ioctl(descriptor_, TCSETS2, &raw) != 0) return failed(path_, fmt::format("one without {} baud", baud), errno);
  before_ = std::move(before);
  struct termios2 after = {};
  const bool is_known = ::ioctl(descriptor_, TCGETS2, &after) == 0;
  // A driver that cannot do a rate sets the nearest one; beyond 3 % the UART reads garbage.
  const double ratio = static_cast<double>(after.c_ospeed) / baud;
  if (is_known && (ratio < 0.97 || ratio > 1.03)) {
    return fail(Code::serial_failed, path_,
                fmt::format("expected a port that offers {} baud, found one that set {}", baud, after.c_ospeed),
                "build for a rate that the port has, or use another adapter");
  }
  ::ioctl(descriptor_, TIOCEXCL);
  ::ioctl(descriptor_, TCFLSH, TCIOFLUSH);
  return {};
}

tl::unexpected<Diagnostic> SerialPort::lost(std::string_view doing, int error) const {
  return fail(Code::serial_failed, path_,
              fmt::format("expected the port to stay, {} failed: {}", doing, error == 0 ? "it was closed" : std::strerror(error)),
              "was the board unplugged?");
}

Result<void> SerialPort::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      struct pollfd wait = {descriptor_, POLLOUT, 0};
      if (::poll(&wait, 1, kWriteTimeoutMs) == 0) return lost("writing", ETIMEDOUT);
    } else if (errno != EINTR) {
      return lost("writing", errno);
    }
  }
  return {};
}

Result<std::size_t> SerialPort::read(std::span<std::uint8_t> into, std::chrono::milliseconds timeout) {
  struct pollfd wait = {descriptor_, POLLIN, 0};
  const int ready = ::poll(&wait, 1, static_cast<int>(timeout.count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) return 0;
  if (ready < 0) return lost("waiting", errno);
  const ssize_t got = ::read(descriptor_, into.data(), into.size());
  if (got > 0) return static_cast<std::size_t>(got);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  return lost("reading", got == 0 ? 0 : errno);
}

}  // namespace lutgen::board

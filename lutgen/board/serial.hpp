// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "lutgen/base/result.hpp"

namespace lutgen::board {

/// Bytes to and from a board, whatever carries them.
class ByteLine {
 public:
  virtual ~ByteLine() = default;

  /// Sends all of `bytes`; waits until they are with the system, not until they are on the line.
  ///
  /// Errors   serial_failed
  [[nodiscard]] virtual Result<void> write(std::span<const std::uint8_t> bytes) = 0;
  /// Takes what has come, at least one byte if one comes before `timeout`; gives how many. 0 when none came, or when a
  /// signal interrupted the wait.
  ///
  /// Errors   serial_failed
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds timeout) = 0;
};

/// A serial port: 8 data bits, no parity, 1 stop bit, no flow control, bytes as they are. For us alone while it is
/// open; at the end its settings are as they were.
class SerialPort final : public ByteLine {
 public:
  /// Opens a port and drops what it still holds.
  ///
  /// path    "/dev/ttyUSB1"
  /// baud    any rate that the system's driver offers
  /// Errors  serial_failed (no such file, no permission, no serial port, no such rate), serial_busy
  [[nodiscard]] static Result<std::unique_ptr<SerialPort>> open(const std::string& path, std::uint32_t baud);

  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;
  ~SerialPort() override;
  [[nodiscard]] Result<void> write(std::span<const std::uint8_t> bytes) override;
  [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds timeout) override;

 private:
  struct Settings;
  SerialPort(std::string path, int descriptor);
  [[nodiscard]] Result<void> set_up(std::uint32_t baud);
  [[nodiscard]] tl::unexpected<Diagnostic> lost(std::string_view doing, int error) const;

  std::string path_;
  int descriptor_;
  std::unique_ptr<Settings> before_;
};

}  // namespace lutgen::board

// SPDX-License-Identifier: Apache-2.0
// A board behind a pseudo-terminal: the Verilator model of lutgen_board_top, its two lines driven and sampled bit by
// bit, and between terminal and lines somebody who damages bytes.
// usage: line_model [--drop P] [--change P] [--insert P] [--garbage N] [--seed N]
// Prints the name of the terminal, then serves it until it is ended. P: one byte in P of the requests, one in P / 20 of
// the answers, which are shorter; N bytes of garbage come first, both ways.
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>

#include "Vlutgen_board_top.h"
#include "lutgen/base/rng.hpp"

namespace {

struct Faults {
  std::uint64_t drop = 0, change = 0, insert = 0, garbage = 0, seed = 1;
};

/// Passes bytes on, some of them damaged.
class Injector {
 public:
  Injector(const Faults& faults, std::uint64_t often) : faults_(faults), often_(often), rng_(faults.seed + often) {
    for (std::uint64_t i = 0; i < faults.garbage; ++i) out.push_back(random_byte());
  }
  void pass(std::uint8_t byte) {
    if (one_in(faults_.insert)) out.push_back(random_byte());
    if (one_in(faults_.drop)) return;
    if (one_in(faults_.change)) byte = static_cast<std::uint8_t>(byte ^ (1 + rng_.below(255)));
    out.push_back(byte);
  }
  std::deque<std::uint8_t> out;

 private:
  bool one_in(std::uint64_t bytes) { return bytes != 0 && rng_.below(bytes) < often_; }
  std::uint8_t random_byte() { return static_cast<std::uint8_t>(rng_.next()); }
  Faults faults_;
  std::uint64_t often_;
  lutgen::base::Rng rng_;
};

/// One bit time after the other: the host's transmitter and receiver.
class Line {
 public:
  Line(Vlutgen_board_top& top, const Faults& faults) : top_(top), to_board(faults, 1), to_host(faults, 20) {}

  void clock() {
    if (send_bits_ == 0 && !to_board.out.empty()) {
      send_ = 0x200u | static_cast<unsigned>(to_board.out.front()) << 1;  // stop, data, start
      send_bits_ = 10;
      to_board.out.pop_front();
    }
    top_.uart_rx = send_bits_ == 0 ? 1 : send_ & 1u;
    if (send_bits_ != 0 && ++send_clock_ == CLOCKS_PER_BIT) {
      send_clock_ = 0;
      send_ >>= 1;
      --send_bits_;
    }
    top_.clk = 1;
    top_.eval();
    top_.clk = 0;
    top_.eval();
    receive(top_.uart_tx != 0);
    idle_ = send_bits_ == 0 && receive_bits_ == 0 && to_board.out.empty() ? idle_ + 1 : 0;
  }
  /// Nothing is on its way, in either direction, nor will be.
  bool is_quiet() const { return idle_ > 1000 + 40 * CLOCKS_PER_BIT; }

 private:
  void receive(bool level) {
    if (receive_bits_ == 0) {
      if (level) return;
      receive_bits_ = 10;
      receive_clock_ = CLOCKS_PER_BIT / 2;
    }
    if (receive_clock_-- != 0) return;
    receive_clock_ = CLOCKS_PER_BIT - 1;
    received_ = received_ >> 1 | (level ? 0x200u : 0u);
    if (--receive_bits_ == 0 && level) to_host.pass(static_cast<std::uint8_t>(received_ >> 1));
  }

  Vlutgen_board_top& top_;
  unsigned send_ = 0, send_bits_ = 0, send_clock_ = 0, received_ = 0, receive_bits_ = 0, receive_clock_ = 0;
  unsigned long idle_ = 0;

 public:
  Injector to_board, to_host;
};

int open_terminal() {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return -1;
  // Held open, so that the terminal outlives every host that uses it.
  if (::open(::ptsname(master), O_RDWR | O_NOCTTY) < 0) return -1;
  std::printf("%s\n", ::ptsname(master));
  std::fflush(stdout);
  return master;
}

/// Bytes that came from the host, within `wait_ms`; false when the terminal is gone.
bool read_host(int master, Line& line, int wait_ms) {
  struct pollfd wait = {master, POLLIN, 0};
  if (::poll(&wait, 1, wait_ms) <= 0) return true;
  std::uint8_t bytes[256];
  const ssize_t count = ::read(master, bytes, sizeof bytes);
  for (ssize_t i = 0; i < count; ++i) line.to_board.pass(bytes[i]);
  return count > 0;
}

bool write_host(int master, Line& line) {
  while (!line.to_host.out.empty()) {
    const std::uint8_t byte = line.to_host.out.front();
    line.to_host.out.pop_front();
    if (::write(master, &byte, 1) != 1) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Faults faults;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--drop") faults.drop = value;
    if (name == "--change") faults.change = value;
    if (name == "--insert") faults.insert = value;
    if (name == "--garbage") faults.garbage = value;
    if (name == "--seed") faults.seed = value;
  }
  Vlutgen_board_top top;
#ifdef BUTTON_UP  // the level at which the reset button is not pressed
  top.rst_button = BUTTON_UP;
#endif
  Line line(top, faults);
  const int master = open_terminal();
  if (master < 0) return 1;
  for (int i = 0; i < 300; ++i) line.clock();  // out of reset
  for (;;) {
    if (!read_host(master, line, line.is_quiet() ? 1000 : 0)) return 1;
    for (unsigned i = 0; i < 20 * CLOCKS_PER_BIT; ++i) line.clock();
    if (!write_host(master, line)) return 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/board/link_protocol.hpp"
#include "lutgen/board/serial.hpp"

namespace lutgen::board {

/// Options of `LinkClient`.
///
/// timeout  how long an answer may take; see `answer_time`
/// tries    requests sent for one answer before it is given up
/// stop     when it becomes true the answer that is being waited for is given up; not owned, may be null
/// place    names the port in diagnostics
struct ClientOptions {
  std::chrono::milliseconds timeout{1000};
  std::uint32_t tries = 10;
  const std::atomic<bool>* stop = nullptr;
  std::string place;
};

/// What happened on the line.
///
/// requests  sent, those that were sent again included
/// refused   the board said that a request came damaged
/// damaged   answers that came damaged
/// silent    requests that nothing came back for in time
/// stray     answers that nobody waited for (any more)
struct LineCounts {
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::uint64_t damaged = 0;
  std::uint64_t silent = 0;
  std::uint64_t stray = 0;
};

/// How long request and answer of that many payload bytes take at most, with 250 ms for bridges and schedulers. O(1).
[[nodiscard]] std::chrono::milliseconds answer_time(const LinkIdentity& identity, std::uint32_t baud);

/// The host's end of the line: asks until the right answer comes.
class LinkClient {
 public:
  /// `line` is not owned. `expected` is what the board should say of itself; how wide its scores are, it says.
  LinkClient(ByteLine& line, const LinkIdentity& expected, ClientOptions options)
      : line_(line), expected_(expected), options_(std::move(options)), decoder_(16 + 2 + 4 * std::size_t{expected.groups}) {}

  /// Ends what a program before us may have begun, and drops what still comes; then asks the board who it is and
  /// compares. Call it first.
  ///
  /// Errors   link_no_answer, link_other_network, serial_failed
  [[nodiscard]] Result<void> connect();

  /// Class and scores of one sample; `payload` as `sample_payload` makes it.
  ///
  /// Errors   link_no_answer after `tries` requests (or when stopped), serial_failed
  [[nodiscard]] Result<LinkResult> ask(std::span<const std::uint8_t> payload);

  /// What happened so far. O(1).
  [[nodiscard]] LineCounts counts() const;

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] bool stopped() const { return options_.stop != nullptr && *options_.stop; }
  Result<Response> exchange(RequestKind kind, std::uint8_t status, std::span<const std::uint8_t> payload);
  Result<std::optional<Response>> wait_for(std::uint8_t status, Clock::time_point deadline);
  Result<void> drain();

  ByteLine& line_;
  LinkIdentity expected_;  // once connected: what the board said
  ClientOptions options_;
  ResponseDecoder decoder_;
  LineCounts counts_;
  std::uint8_t number_ = 0;
};

}  // namespace lutgen::board

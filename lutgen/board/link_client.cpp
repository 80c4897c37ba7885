// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/link_client.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lutgen::board {
namespace {

using std::chrono::milliseconds;

/// After a refusal or a damaged answer, how long the right one may still be on its way.
constexpr milliseconds kQuiet{30};
/// No wait is longer, so that a stop is noticed.
constexpr milliseconds kSlice{100};

std::string hex(std::span<const std::uint8_t> bytes) { return fmt::format("{:02x}", fmt::join(bytes, "")); }

}  // namespace

milliseconds answer_time(const LinkIdentity& identity, std::uint32_t baud) {
  const std::uint64_t bytes = max_frame_bytes(identity.sample_bytes()) + max_frame_bytes(16 + 4 * std::uint64_t{identity.groups});
  return milliseconds(250 + bytes * 10 * 1000 / std::max(baud, 1u));
}

LineCounts LinkClient::counts() const {
  LineCounts counts = counts_;
  counts.damaged = decoder_.damaged();
  return counts;
}

Result<void> LinkClient::drain() {
  std::array<std::uint8_t, 256> bytes{};
  const auto deadline = Clock::now() + options_.timeout;
  while (Clock::now() < deadline && !stopped()) {
    LUTGEN_TRY(const std::size_t count, line_.read(bytes, kQuiet));
    if (count == 0) break;
  }
  return {};
}

Result<std::optional<Response>> LinkClient::wait_for(std::uint8_t status, Clock::time_point deadline) {
  std::array<std::uint8_t, 256> bytes{};
  bool is_refused = false;
  const std::uint64_t damaged_before = decoder_.damaged();
  while (!stopped()) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) break;
    LUTGEN_TRY(const std::size_t count, line_.read(bytes, std::min(left, kSlice)));
    std::optional<Response> found;
    for (std::size_t i = 0; i < count; ++i) {
      auto response = decoder_.feed(bytes[i]);
      if (!response) continue;
      if (response->is_refusal()) {
        is_refused = true;
        ++counts_.refused;
      } else if (!found && response->number == number_ && response->status == status) {
        found = std::move(response);
      } else {
        ++counts_.stray;
      }
    }
    if (found) return found;
    // The right answer may be right behind; else there is no use in waiting.
    if (is_refused || decoder_.damaged() != damaged_before) deadline = std::min(deadline, Clock::now() + kQuiet);
  }
  if (!is_refused && decoder_.damaged() == damaged_before) ++counts_.silent;
  return std::optional<Response>();
}

Result<Response> LinkClient::exchange(RequestKind kind, std::uint8_t status, std::span<const std::uint8_t> payload) {
  // The number is kept when asking again: board and line keep the order, so an answer to an older try is as good, and one
  // to an older request with the same number, 256 requests ago, has come long since.
  ++number_;
  const std::vector<std::uint8_t> frame = encode_request(kind, number_, payload);
  const LineCounts before = counts();
  for (std::uint32_t tried = 0; tried < options_.tries && !stopped(); ++tried) {
    ++counts_.requests;
    LUTGEN_TRY_VOID(line_.write(frame));
    LUTGEN_TRY(auto response, wait_for(status, Clock::now() + options_.timeout));
    if (response) return *std::move(response);
  }
  const LineCounts after = counts();
  return fail(Code::link_no_answer, options_.place,
              fmt::format("expected an answer within {} tries of {} ms; found {} refusals, {} damaged answers, {} times nothing",
                          options_.tries, options_.timeout.count(), after.refused - before.refused,
                          after.damaged - before.damaged, after.silent - before.silent),
              "is this the board's port, was it programmed with `lutgen build --board`, and is --baud what it was built for?");
}

Result<void> LinkClient::connect() {
  constexpr std::array<std::uint8_t, 1> kFlag = {0x7e};
  LUTGEN_TRY_VOID(line_.write(kFlag));
  LUTGEN_TRY_VOID(drain());
  LUTGEN_TRY(const Response response, exchange(RequestKind::who, kStatusIdentity, {}));
  const auto found = parse_identity(response.payload);
  if (!found || found->version != expected_.version) {
    return fail(Code::link_other_network, options_.place,
                fmt::format("expected a board that speaks version {} of the protocol, found {}", expected_.version,
                            found ? fmt::format("version {}", found->version) : "another answer"),
                "build and program the board anew with this lutgen");
  }
  expected_.score_bits = found->score_bits;
  if (*found == expected_ && found->score_bits >= 1 && found->score_bits <= 32) return {};
  const auto text = [](const LinkIdentity& identity) {
    return fmt::format("{} ({} features of {} bytes, {} classes, scores of {} bits)", hex(identity.model), identity.features,
                       identity.bytes_per_feature, identity.groups, identity.score_bits);
  };
  return fail(Code::link_other_network, options_.place,
              fmt::format("expected a board with the model {}, found {}", text(expected_), text(*found)),
              "program the board with this model, or name the model that it holds; `lutgen info` says each model's sha256");
}

Result<LinkResult> LinkClient::ask(std::span<const std::uint8_t> payload) {
  LUTGEN_TRY(const Response response, exchange(RequestKind::sample, kStatusResult, payload));
  const auto result = parse_result(expected_, response.payload);
  if (result) return *result;
  return fail(Code::link_other_network, options_.place,
              fmt::format("expected an answer of {} bytes, found {}", expected_.result_bytes(), response.payload.size()),
              "the board was programmed anew while it was asked");
}

}  // namespace lutgen::board

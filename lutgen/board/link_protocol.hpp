// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::board {

/// What a board says of itself: the answer to "who are you", 16 bytes on the line (rtl/link/README.md).
///
/// version            of the protocol
/// model              first bytes of the model file's SHA-256
/// features           of one sample; below 2^24
/// bytes_per_feature  1, 2 or 4, least significant byte first; 0: features are bits, eight a byte
/// groups             scores of one answer
/// score_bits         width of a score
struct LinkIdentity {
  std::uint8_t version = 1;
  std::array<std::uint8_t, 8> model{};
  std::uint32_t features = 0;
  std::uint8_t bytes_per_feature = 1;
  std::uint16_t groups = 0;
  std::uint8_t score_bits = 0;

  friend bool operator==(const LinkIdentity&, const LinkIdentity&) = default;
  /// Payload bytes of a sample. O(1).
  [[nodiscard]] std::uint32_t sample_bytes() const;
  /// Bytes of the class in an answer: 1, or 2 above 256 groups. O(1).
  [[nodiscard]] std::uint32_t class_bytes() const;
  /// Bytes of a score in an answer, 1 to 4. O(1).
  [[nodiscard]] std::uint32_t score_bytes() const;
  /// Payload bytes of an answer: the class, then the scores. O(1).
  [[nodiscard]] std::uint32_t result_bytes() const;
};

/// Version of the protocol that this program speaks.
inline constexpr std::uint8_t kLinkVersion = 1;

/// What a board with this network says of itself.
///
/// model_sha256  of the model file, 64 hex digits
/// score_bits    width of a score in the emitted core
/// Requires      a network with classes, fewer than 2^24 features and 2^16 groups
[[nodiscard]] LinkIdentity identity_of(const model::Model& model, const std::string& model_sha256,
                                       std::uint32_t score_bits);

/// The identity as the 16 bytes of the line, and back; of `payload` other lengths than 16 give nothing.
[[nodiscard]] std::array<std::uint8_t, 16> identity_bytes(const LinkIdentity& identity);
/// See `identity_bytes`.
[[nodiscard]] std::optional<LinkIdentity> parse_identity(std::span<const std::uint8_t> payload);

/// One sample's features as bytes of the line: integers and f32 in their own width, least significant byte first;
/// bits eight a byte, the first in bit 0, the last byte filled with 0.
///
/// features  [feature_count] of `input`, values of its type
[[nodiscard]] std::vector<std::uint8_t> sample_payload(const model::Input& input, std::span<const double> features);

/// What the host can ask.
enum class RequestKind : std::uint8_t { who = 0x01, sample = 0x02 };

/// A request as it goes onto the line, stuffed, with check and flags. O(payload).
[[nodiscard]] std::vector<std::uint8_t> encode_request(RequestKind kind, std::uint8_t number,
                                                       std::span<const std::uint8_t> payload);

/// The most bytes that a frame of so many payload bytes takes on the line: everything between the flags stuffed.
[[nodiscard]] constexpr std::uint64_t max_frame_bytes(std::uint64_t payload_bytes) { return 2 * (payload_bytes + 6) + 2; }

/// One response whose check was right.
///
/// status  0x81 identity, 0x82 result, 0xe0 + bits: the request was refused (1 check, 2 length or kind,
///         4 a stop bit was missing)
/// number  that of the request; of a refused one it means nothing
struct Response {
  std::uint8_t status = 0;
  std::uint8_t number = 0;
  std::vector<std::uint8_t> payload;

  /// The device refused the request. O(1).
  [[nodiscard]] bool is_refusal() const { return (status & 0xf8u) == 0xe0u; }
};

/// Status of a response whose payload is an identity.
inline constexpr std::uint8_t kStatusIdentity = 0x81;
/// Status of a response whose payload is a result.
inline constexpr std::uint8_t kStatusResult = 0x82;

/// Class and scores of one sample.
struct LinkResult {
  std::uint32_t class_index = 0;
  std::vector<std::uint32_t> scores;
};

/// Reads the payload of a result; nothing when it is not as long as `identity` says.
[[nodiscard]] std::optional<LinkResult> parse_result(const LinkIdentity& identity,
                                                     std::span<const std::uint8_t> payload);

/// Takes responses out of a stream of bytes, whatever else is in it; damaged ones are counted and dropped.
class ResponseDecoder {
 public:
  /// Frames longer than this many bytes are garbage: no more is kept of them.
  explicit ResponseDecoder(std::size_t max_payload_bytes) : max_bytes_(max_payload_bytes + 6) {}

  /// Takes the next byte of the line; gives the response that it ends, if it ends one. O(1), at the end O(frame).
  [[nodiscard]] std::optional<Response> feed(std::uint8_t byte);
  /// Frames so far whose check or form was wrong. O(1).
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }

 private:
  std::size_t max_bytes_;
  std::vector<std::uint8_t> frame_;
  bool escaped_ = false;
  bool wrong_ = false;
  std::uint64_t damaged_ = 0;
};

}  // namespace lutgen::board

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/link_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace lutgen::board {
namespace {

constexpr std::uint8_t kFlag = 0x7e;
constexpr std::uint8_t kEscape = 0x7d;
constexpr std::uint8_t kEscapeXor = 0x20;
constexpr std::size_t kCheckBytes = 4;

/// CRC-32 of IEEE 802.3 without the final inversion. Over a frame and its own check bytes it is 0.
std::uint32_t check_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
  }
  return crc;
}

/// The low `count` bytes of a number, least significant first.
void put_bytes(std::vector<std::uint8_t>& bytes, std::uint64_t value, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t get_bytes(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::uint32_t float_bits(double value) {
  const auto single = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof bits);
  return bits;
}

}  // namespace

std::uint32_t LinkIdentity::sample_bytes() const {
  return bytes_per_feature == 0 ? (features + 7) / 8 : features * bytes_per_feature;
}

std::uint32_t LinkIdentity::class_bytes() const { return groups > 256 ? 2 : 1; }

std::uint32_t LinkIdentity::score_bytes() const { return (std::uint32_t{score_bits} + 7) / 8; }

std::uint32_t LinkIdentity::result_bytes() const { return class_bytes() + groups * score_bytes(); }

LinkIdentity identity_of(const model::Model& model, const std::string& model_sha256, std::uint32_t score_bits) {
  LinkIdentity identity;
  const std::uint64_t features = model.input.feature_count();
  LUTGEN_CHECK(features < (1u << 24) && model.class_count() >= 1 && model.class_count() < (1u << 16) && score_bits <= 32);
  for (std::size_t i = 0; i < identity.model.size() && 2 * i + 2 <= model_sha256.size(); ++i) {
    const char* digits = model_sha256.data() + 2 * i;
    std::from_chars(digits, digits + 2, identity.model[i], 16);
  }
  identity.features = static_cast<std::uint32_t>(features);
  identity.bytes_per_feature = static_cast<std::uint8_t>(model::bits_per_feature(model.input.type) / 8);
  identity.groups = static_cast<std::uint16_t>(model.class_count());
  identity.score_bits = static_cast<std::uint8_t>(score_bits);
  return identity;
}

std::array<std::uint8_t, 16> identity_bytes(const LinkIdentity& identity) {
  std::vector<std::uint8_t> bytes = {identity.version};
  bytes.insert(bytes.end(), identity.model.begin(), identity.model.end());
  put_bytes(bytes, identity.features, 3);
  put_bytes(bytes, identity.bytes_per_feature, 1);
  put_bytes(bytes, identity.groups, 2);
  put_bytes(bytes, identity.score_bits, 1);
  std::array<std::uint8_t, 16> result{};
  LUTGEN_CHECK(bytes.size() == result.size());
  std::copy(bytes.begin(), bytes.end(), result.begin());
  return result;
}

std::optional<LinkIdentity> parse_identity(std::span<const std::uint8_t> payload) {
  LinkIdentity identity;
  if (payload.size() != 16) return std::nullopt;
  identity.version = payload[0];
  std::copy_n(payload.begin() + 1, identity.model.size(), identity.model.begin());
  identity.features = get_bytes(payload.subspan(9, 3));
  identity.bytes_per_feature = payload[12];
  identity.groups = static_cast<std::uint16_t>(get_bytes(payload.subspan(13, 2)));
  identity.score_bits = payload[15];
  return identity;
}

std::vector<std::uint8_t> sample_payload(const model::Input& input, std::span<const double> features) {
  LUTGEN_CHECK(features.size() == input.feature_count());
  std::vector<std::uint8_t> bytes;
  if (input.type == model::FeatureType::bit) {
    bytes.resize((features.size() + 7) / 8);
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (features[i] != 0) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1u << (i % 8));
    }
    return bytes;
  }
  const std::uint32_t count = model::bits_per_feature(input.type) / 8;
  bytes.reserve(features.size() * count);
  for (const double feature : features) {
    const bool is_float = input.type == model::FeatureType::f32;
    put_bytes(bytes, is_float ? float_bits(feature) : static_cast<std::uint64_t>(static_cast<std::int64_t>(feature)), count);
  }
  return bytes;
}

std::vector<std::uint8_t> encode_request(RequestKind kind, std::uint8_t number, std::span<const std::uint8_t> payload) {
  std::vector<std::uint8_t> plain = {static_cast<std::uint8_t>(kind), number};
  plain.insert(plain.end(), payload.begin(), payload.end());
  put_bytes(plain, check_of(plain), kCheckBytes);
  std::vector<std::uint8_t> line = {kFlag};
  for (const std::uint8_t byte : plain) {
    const bool special = byte == kFlag || byte == kEscape;
    if (special) line.push_back(kEscape);
    line.push_back(special ? static_cast<std::uint8_t>(byte ^ kEscapeXor) : byte);
  }
  line.push_back(kFlag);
  return line;
}

std::optional<LinkResult> parse_result(const LinkIdentity& identity, std::span<const std::uint8_t> payload) {
  if (payload.size() != identity.result_bytes()) return std::nullopt;
  LinkResult result;
  result.class_index = get_bytes(payload.first(identity.class_bytes()));
  payload = payload.subspan(identity.class_bytes());
  for (std::size_t g = 0; g < identity.groups; ++g) {
    result.scores.push_back(get_bytes(payload.subspan(g * identity.score_bytes(), identity.score_bytes())));
  }
  return result;
}

std::optional<Response> ResponseDecoder::feed(std::uint8_t byte) {
  if (byte != kFlag) {
    wrong_ = wrong_ || (byte == kEscape && escaped_) || frame_.size() >= max_bytes_;
    if (byte != kEscape && !wrong_) {
      frame_.push_back(escaped_ ? static_cast<std::uint8_t>(byte ^ kEscapeXor) : byte);
    }
    escaped_ = byte == kEscape;
    return std::nullopt;
  }
  const bool is_empty = frame_.empty() && !escaped_ && !wrong_;
  const bool is_good = !escaped_ && !wrong_ && frame_.size() >= 2 + kCheckBytes && check_of(frame_) == 0;
  std::optional<Response> response;
  if (is_good) {
    response = Response{frame_[0], frame_[1], {frame_.begin() + 2, frame_.end() - kCheckBytes}};
  } else if (!is_empty) {
    ++damaged_;
  }
  frame_.clear();
  escaped_ = false;
  wrong_ = false;
  return response;
}

}  // namespace lutgen::board

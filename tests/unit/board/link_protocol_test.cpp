// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/link_protocol.hpp"

#include <limits>

#include "tests/support/property.hpp"

using namespace lutgen;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// A response has the form of a request: its status stands where the kind does.
Bytes response_frame(std::uint8_t status, std::uint8_t number, const Bytes& payload) {
  return board::encode_request(static_cast<board::RequestKind>(status), number, payload);
}

std::vector<board::Response> decode(board::ResponseDecoder& decoder, const Bytes& bytes) {
  std::vector<board::Response> responses;
  for (const std::uint8_t byte : bytes) {
    if (auto response = decoder.feed(byte)) responses.push_back(*std::move(response));
  }
  return responses;
}

}  // namespace

TEST_CASE("requests are the bytes that rtl/link/README.md shows", "[board][link]") {
  CHECK(board::encode_request(board::RequestKind::who, 1, {}) == Bytes{0x7e, 0x01, 0x01, 0xd7, 0xec, 0x3a, 0xd0, 0x7e});
  // A payload byte 7e and a sequence number 7d are stuffed.
  CHECK(board::encode_request(board::RequestKind::sample, 0x7d, Bytes{0x7e, 0x46}) ==
        Bytes{0x7e, 0x02, 0x7d, 0x5d, 0x7d, 0x5e, 0x46, 0xb6, 0xa3, 0x98, 0x06, 0x7e});
}

TEST_CASE("a response comes through, whatever garbage is before it", "[board][link][property]") {
  test::property([](std::uint8_t status, std::uint8_t number) {
    const auto payload = *rc::gen::container<Bytes>(rc::gen::element<std::uint8_t>(0x7d, 0x7e, 0x00, 0x5d, 0x5e, 0xff));
    const auto garbage = *rc::gen::container<Bytes>(rc::gen::arbitrary<std::uint8_t>());
    board::ResponseDecoder decoder(payload.size());
    (void)decode(decoder, garbage);
    const auto responses = decode(decoder, response_frame(status, number, payload));
    RC_ASSERT(responses.size() == 1u);
    RC_ASSERT(responses[0].status == status && responses[0].number == number && responses[0].payload == payload);
  });
}

TEST_CASE("a response with a byte lost, added or changed is dropped and counted", "[board][link][property]") {
  test::property([](std::uint8_t number) {
    const auto payload = *rc::gen::container<Bytes>(rc::gen::arbitrary<std::uint8_t>());
    Bytes frame = response_frame(board::kStatusResult, number, payload);
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(1, frame.size() - 1));
    const auto other = *rc::gen::arbitrary<std::uint8_t>();
    switch (*rc::gen::inRange(0, 3)) {
      case 0: frame.erase(frame.begin() + at); break;
      case 1: frame.insert(frame.begin() + at, other); break;
      default:
        RC_PRE(frame[static_cast<std::size_t>(at)] != other);
        frame[static_cast<std::size_t>(at)] = other;
        break;
    }
    RC_PRE(other != 0x7e);
    board::ResponseDecoder decoder(payload.size());
    RC_ASSERT(decode(decoder, frame).empty());
    RC_ASSERT(decoder.damaged() == 1u);
  });
}

TEST_CASE("garbage without end is not kept", "[board][link]") {
  board::ResponseDecoder decoder(4);
  CHECK(decode(decoder, Bytes(100000, 0x11)).empty());
  const auto responses = decode(decoder, response_frame(board::kStatusIdentity, 3, {1, 2, 3, 4}));
  REQUIRE(responses.size() == 1);
  CHECK(decoder.damaged() == 1);
}

TEST_CASE("an identity comes back as it was", "[board][link]") {
  board::LinkIdentity identity{1, {1, 2, 3, 4, 5, 6, 7, 8}, 0x123456, 4, 0x789, 12};
  const auto bytes = board::identity_bytes(identity);
  CHECK(Bytes(bytes.begin(), bytes.end()) == Bytes{1, 1, 2, 3, 4, 5, 6, 7, 8, 0x56, 0x34, 0x12, 4, 0x89, 0x07, 12});
  CHECK(board::parse_identity(bytes) == identity);
  CHECK_FALSE(board::parse_identity(Bytes(15, 0)).has_value());
  CHECK(identity.class_bytes() == 2);
  CHECK(identity.score_bytes() == 2);
  CHECK(identity.result_bytes() == 2 + 2 * 0x789);
  identity.bytes_per_feature = 0;
  identity.features = 17;
  CHECK(identity.sample_bytes() == 3);
}

TEST_CASE("samples are sent in the width of their type, least significant byte first", "[board][link]") {
  using model::FeatureType;
  const auto sent = [](FeatureType type, std::vector<double> features) {
    return board::sample_payload({{static_cast<std::uint32_t>(features.size())}, type}, features);
  };
  CHECK(sent(FeatureType::bit, {1, 0, 0, 0, 0, 0, 0, 1, 0, 1}) == Bytes{0x81, 0x02});
  CHECK(sent(FeatureType::u8, {0, 255, 126}) == Bytes{0, 255, 126});
  CHECK(sent(FeatureType::i8, {-1, -128}) == Bytes{0xff, 0x80});
  CHECK(sent(FeatureType::u16, {0x1234}) == Bytes{0x34, 0x12});
  CHECK(sent(FeatureType::i16, {-2}) == Bytes{0xfe, 0xff});
  CHECK(sent(FeatureType::i32, {-2147483648.0}) == Bytes{0, 0, 0, 0x80});
  CHECK(sent(FeatureType::f32, {1.5, -0.0}) == Bytes{0, 0, 0xc0, 0x3f, 0, 0, 0, 0x80});
}

TEST_CASE("a result is the class and the scores", "[board][link]") {
  board::LinkIdentity identity;
  identity.groups = 3;
  identity.score_bits = 9;
  const auto result = board::parse_result(identity, Bytes{2, 0x01, 0x00, 0xff, 0x01, 0x34, 0x00});
  REQUIRE(result);
  CHECK(result->class_index == 2);
  CHECK(result->scores == std::vector<std::uint32_t>{1, 511, 52});
  CHECK_FALSE(board::parse_result(identity, Bytes(6, 0)).has_value());
}

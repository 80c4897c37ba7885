// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/link_client.hpp"

#include <deque>
#include <functional>

#include "tests/support/catch.hpp"

using namespace lutgen;
using Bytes = std::vector<std::uint8_t>;

namespace {

const board::LinkIdentity kIdentity{1, {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 7};

/// A response has the form of a request.
Bytes response(std::uint8_t status, std::uint8_t number, const Bytes& payload) {
  return board::encode_request(static_cast<board::RequestKind>(status), number, payload);
}

/// A board that is a function: what it sends for each request; no time passes while it is silent.
class FakeLine final : public board::ByteLine {
 public:
  using Answer = std::function<Bytes(const board::Response& request, int nth)>;
  explicit FakeLine(Answer answer) : answer_(std::move(answer)) {}

  Result<void> write(std::span<const std::uint8_t> bytes) override {
    for (const std::uint8_t byte : bytes) {
      const auto request = requests_.feed(byte);
      if (!request) continue;
      const Bytes sent = answer_(*request, count_++);
      waiting_.insert(waiting_.end(), sent.begin(), sent.end());
    }
    return {};
  }
  Result<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds) override {
    if (waiting_.empty()) return 0;
    into[0] = waiting_.front();
    waiting_.pop_front();
    return 1;
  }
  [[nodiscard]] int requests() const { return count_; }
  void add_garbage(const Bytes& bytes) { waiting_.insert(waiting_.begin(), bytes.begin(), bytes.end()); }

 private:
  Answer answer_;
  board::ResponseDecoder requests_{1000};
  std::deque<std::uint8_t> waiting_;
  int count_ = 0;
};

/// A board that works: class 1, scores are the sample's bytes.
Bytes right_answer(const board::Response& request) {
  if (request.status == 0x01) {
    const auto identity = board::identity_bytes(kIdentity);
    return response(board::kStatusIdentity, request.number, {identity.begin(), identity.end()});
  }
  return response(board::kStatusResult, request.number, {1, request.payload[0], request.payload[1]});
}

/// Long enough that no answer that is there comes too late on a busy machine; silence costs it each time.
board::ClientOptions options() { return {.timeout = std::chrono::milliseconds(500), .tries = 4, .stop = nullptr, .place = "port"}; }

board::LinkIdentity expected() {
  board::LinkIdentity identity = kIdentity;
  identity.score_bits = 1;  // the board says it
  return identity;
}

}  // namespace

TEST_CASE("a client takes the answer to its own request, whatever comes before", "[board][client]") {
  FakeLine line([](const board::Response& request, int) {
    Bytes sent = response(board::kStatusResult, static_cast<std::uint8_t>(request.number - 1), {0, 9, 9});  // an old one
    const Bytes garbage = {0x7e, 0x11, 0x7d, 0x7e};
    const Bytes right = right_answer(request);
    sent.insert(sent.end(), garbage.begin(), garbage.end());
    sent.insert(sent.end(), right.begin(), right.end());
    return sent;
  });
  line.add_garbage({1, 2, 3, 0x7e});
  board::LinkClient client(line, expected(), options());
  REQUIRE(client.connect());
  for (std::uint8_t i = 0; i < 255; ++i) {
    const auto answer = client.ask(Bytes{i, 200});
    REQUIRE(answer);
    CHECK(answer->class_index == 1);
    CHECK(answer->scores == std::vector<std::uint32_t>{i, 200});
  }
  CHECK(client.counts().requests == 256);
  CHECK(client.counts().stray == 256);
}

TEST_CASE("a client asks again when it is refused, when the answer is damaged, and when nothing comes", "[board][client]") {
  FakeLine line([](const board::Response& request, int nth) {
    Bytes right = right_answer(request);
    if (nth == 1) return response(0xe1, 77, {});
    if (nth == 2) right[3] ^= 1;
    if (nth == 3) right.clear();
    return right;
  });
  board::LinkClient client(line, expected(), options());
  REQUIRE(client.connect());
  const auto answer = client.ask(Bytes{5, 6});
  REQUIRE(answer);
  CHECK(answer->scores == std::vector<std::uint32_t>{5, 6});
  const board::LineCounts counts = client.counts();
  CHECK(counts.requests == 5);
  CHECK(counts.refused == 1);
  CHECK(counts.damaged == 1);
  CHECK(counts.silent == 1);
}

TEST_CASE("a client gives up after its tries and says what it saw", "[board][client]") {
  FakeLine line([](const board::Response& request, int nth) { return nth == 0 ? right_answer(request) : Bytes{}; });
  board::LinkClient client(line, expected(), options());
  REQUIRE(client.connect());
  const auto answer = client.ask(Bytes{5, 6});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Code::link_no_answer);
  CHECK(answer.error().message == "expected an answer within 4 tries of 500 ms; found 0 refusals, 0 damaged answers, 4 times nothing");
  CHECK(line.requests() == 5);
}

TEST_CASE("a client refuses a board that holds another network or speaks otherwise", "[board][client]") {
  for (int which = 0; which < 4; ++which) {
    CAPTURE(which);
    board::LinkIdentity found = kIdentity;
    if (which == 0) found.version = 2;
    if (which == 1) found.model[7] = 0;
    if (which == 2) found.features = 3;
    if (which == 3) found.score_bits = 0;
    FakeLine line([&](const board::Response& request, int) {
      const auto bytes = board::identity_bytes(found);
      return response(board::kStatusIdentity, request.number, {bytes.begin(), bytes.end()});
    });
    board::LinkClient client(line, expected(), options());
    const auto connected = client.connect();
    REQUIRE_FALSE(connected);
    CHECK(connected.error().code == Code::link_other_network);
  }
}

TEST_CASE("a client stops at once when it is told to", "[board][client]") {
  std::atomic<bool> stop{false};
  FakeLine line([&](const board::Response& request, int nth) {
    if (nth == 0) return right_answer(request);
    stop = true;
    return Bytes{};
  });
  auto with_stop = options();
  with_stop.stop = &stop;
  with_stop.timeout = std::chrono::hours(1);
  board::LinkClient client(line, expected(), with_stop);
  REQUIRE(client.connect());
  CHECK_FALSE(client.ask(Bytes{5, 6}).has_value());
  CHECK(line.requests() == 2);
}

TEST_CASE("the time for an answer grows with the sample and falls with the baud rate", "[board][client]") {
  board::LinkIdentity mnist = kIdentity;
  mnist.features = 784;
  mnist.groups = 10;
  CHECK(board::answer_time(mnist, 1000000).count() == 250 + 17);    // 1582 and 126 bytes at most
  CHECK(board::answer_time(mnist, 115200).count() == 250 + 148);
}

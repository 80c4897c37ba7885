// SPDX-License-Identifier: Apache-2.0
#include "lutgen_sim/stimulus.hpp"

#include "lutgen_sim/port.hpp"
#include "lutgen_sim/result.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"

using namespace lutgen::sim;

namespace {

Stimulus small_stimulus() {
  Stimulus stimulus;
  stimulus.latency_cycles = 3;
  stimulus.interval_cycles = 2;
  stimulus.seed = 0x123456789abcdef0u;
  stimulus.reset_after = 1;
  stimulus.samples = 2;
  stimulus.inputs = {{"features", 40}};
  stimulus.outputs = {{"class_index", 4}, {"scores", 7}};
  stimulus.input_words = {1, 2, 3, 4};
  stimulus.output_words = {5, 6, 7, 8};
  return stimulus;
}

/// Puts a little-endian number over the bytes at `offset`.
std::string with_number(std::string bytes, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[offset + i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  return bytes;
}

}  // namespace

TEST_CASE("a stimulus file is read back as it was written", "[cosim][stimulus]") {
  const DecodedStimulus decoded = decode_stimulus(encode_stimulus(small_stimulus()));
  REQUIRE(decoded.stimulus.has_value());
  const Stimulus& read = *decoded.stimulus;
  CHECK(read.latency_cycles == 3);
  CHECK(read.interval_cycles == 2);
  CHECK(read.seed == 0x123456789abcdef0u);
  CHECK(read.reset_after == 1);
  CHECK(read.samples == 2);
  REQUIRE(read.outputs.size() == 2);
  CHECK(read.outputs[1].name == "scores");
  CHECK(read.outputs[1].width_bits == 7);
  CHECK(read.input_words == small_stimulus().input_words);
  CHECK(read.output_words == small_stimulus().output_words);
}

TEST_CASE("every truncated stimulus file is refused", "[cosim][stimulus]") {
  const std::string bytes = encode_stimulus(small_stimulus());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const DecodedStimulus decoded = decode_stimulus(std::string_view(bytes).substr(0, length));
    CHECK(!decoded.stimulus.has_value());
    CHECK(!decoded.error.empty());
  }
  CHECK(!decode_stimulus(bytes + "x").stimulus.has_value());
}

TEST_CASE("hostile lengths in a stimulus file are refused before they are used",
          "[cosim][stimulus]") {
  const std::string bytes = encode_stimulus(small_stimulus());
  // magic 8, six u32, then three u64 and two counts: see stimulus.hpp
  const std::size_t samples = 8 + 6 * 4 + 2 * 8;
  const std::size_t input_count = samples + 8;
  const std::size_t width = input_count + 8;
  CHECK(decode_stimulus(with_number(bytes, 8, 2)).error == "expected version 1, got 2");
  CHECK(decode_stimulus(with_number(bytes, 16, 0)).error ==
        "interval, longest burst and length of a reset must be at least 1");
  CHECK(decode_stimulus(with_number(bytes, samples + 4, 0xffffffffu)).error ==
        "expected 18446744069414584322 samples of 16 bytes, got 32 bytes");
  CHECK(decode_stimulus(with_number(bytes, input_count, 0xffffffffu)).error ==
        "more than 4096 fields");
  CHECK(decode_stimulus(with_number(bytes, width, 0)).error ==
        "field 0 has a width outside 1..2^26 bits");
  CHECK(decode_stimulus(with_number(bytes, width + 4, 0xffffffffu)).error ==
        "field 0 has a name of more than 1024 bytes");
}

TEST_CASE("any bytes are decoded or refused, never more", "[cosim][stimulus][property]") {
  lutgen::test::property([](const std::string& tail) {
    const DecodedStimulus decoded = decode_stimulus("LUTGSTIM" + tail);
    RC_ASSERT(decoded.stimulus.has_value() == decoded.error.empty());
  });
}

TEST_CASE("a port keeps a value of any width", "[cosim][port]") {
  std::uint8_t narrow = 0;
  std::uint64_t wide = 0;
  const Port narrow_port("narrow", narrow, 5);
  const Port wide_port("wide", wide, 40);
  const Words value = {0x89abcdefu, 0x45u};
  Words read(2);
  wide_port.write(value.data());
  wide_port.read(read.data());
  CHECK(wide == 0x4589abcdefu);
  CHECK(read == value);
  narrow_port.write_bit(true);
  CHECK(narrow == 1);
  CHECK(narrow_port.read_bit());
  CHECK(to_hex(value.data(), 40) == "4589abcdef");
  CHECK(to_hex(Words{0x1fu}.data(), 5) == "1f");
  CHECK(!Port().connected());
  CHECK(!Port().read_bit());
}

TEST_CASE("a result is JSON with null for what is not there", "[cosim][result]") {
  Result result;
  result.samples = 1;
  result.mismatches = 1;
  result.first_mismatch = FieldMismatch{0, 7, "a\"b", "0f", "1f"};
  const std::string json = to_json(result);
  CHECK(json.find("\"latency_cycles\": null") != std::string::npos);
  CHECK(json.find("\"field\": \"a\\\"b\"") != std::string::npos);
  CHECK(json.find("\"first_valid_error\": null") != std::string::npos);
  CHECK(!result.passed());
}

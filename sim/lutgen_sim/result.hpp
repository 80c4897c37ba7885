// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lutgen::sim {

/// The first output field that was wrong. Values are hex, most significant digit first.
struct FieldMismatch {
  std::uint64_t sample = 0;
  std::uint64_t cycle = 0;
  std::string field;
  std::string expected;
  std::string found;
};

/// The first cycle in which out_valid was wrong.
///
/// expected  what out_valid had to be; it was the opposite
/// sample    the sample that was due in that cycle, if one was
struct ValidError {
  std::uint64_t cycle = 0;
  bool expected = false;
  std::optional<std::uint64_t> sample;
};

/// What a run found.
///
/// samples          samples whose outputs were compared, each once
/// cycles           clock cycles simulated, resets included
/// seconds          wall time of the simulation alone
/// mismatches       samples with at least one wrong output field
/// valid_errors     cycles with a wrong out_valid
/// lost_in_reset    samples that the reset in the middle threw away; they were sent again
/// latency_cycles   measured on the first sample, sent alone; nothing when no out_valid came
/// interval_cycles  least distance of two results that came as expected; nothing below two results
struct Result {
  std::uint64_t samples = 0;
  std::uint64_t cycles = 0;
  double seconds = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t valid_errors = 0;
  std::uint64_t lost_in_reset = 0;
  std::optional<std::uint64_t> latency_cycles;
  std::optional<std::uint64_t> interval_cycles;
  std::optional<FieldMismatch> first_mismatch;
  std::optional<ValidError> first_valid_error;

  /// Nothing was wrong.
  [[nodiscard]] bool passed() const { return mismatches == 0 && valid_errors == 0; }
};

namespace detail {

inline std::string json_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (code < 0x20) {
      quoted += "\\u00";
      quoted += "0123456789abcdef"[code >> 4];
      quoted += "0123456789abcdef"[code & 15u];
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

inline std::string json_number(const std::optional<std::uint64_t>& value) {
  return value ? std::to_string(*value) : "null";
}

inline std::string json_mismatch(const std::optional<FieldMismatch>& mismatch) {
  if (!mismatch) return "null";
  return "{\"sample\": " + std::to_string(mismatch->sample) +
         ", \"cycle\": " + std::to_string(mismatch->cycle) +
         ", \"field\": " + json_string(mismatch->field) +
         ", \"expected\": " + json_string(mismatch->expected) +
         ", \"found\": " + json_string(mismatch->found) + "}";
}

inline std::string json_valid_error(const std::optional<ValidError>& error) {
  if (!error) return "null";
  return "{\"cycle\": " + std::to_string(error->cycle) +
         ", \"expected\": " + (error->expected ? "1" : "0") +
         ", \"sample\": " + json_number(error->sample) + "}";
}

}  // namespace detail

/// The result as a JSON text with one member a line; a value that is not there is null.
[[nodiscard]] inline std::string to_json(const Result& result) {
  return "{\n  \"format\": 1,\n  \"samples\": " + std::to_string(result.samples) +
         ",\n  \"cycles\": " + std::to_string(result.cycles) +
         ",\n  \"seconds\": " + std::to_string(result.seconds) +
         ",\n  \"mismatches\": " + std::to_string(result.mismatches) +
         ",\n  \"valid_errors\": " + std::to_string(result.valid_errors) +
         ",\n  \"lost_in_reset\": " + std::to_string(result.lost_in_reset) +
         ",\n  \"latency_cycles\": " + detail::json_number(result.latency_cycles) +
         ",\n  \"interval_cycles\": " + detail::json_number(result.interval_cycles) +
         ",\n  \"first_mismatch\": " + detail::json_mismatch(result.first_mismatch) +
         ",\n  \"first_valid_error\": " + detail::json_valid_error(result.first_valid_error) +
         "\n}\n";
}

}  // namespace lutgen::sim

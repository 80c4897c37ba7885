// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lutgen_sim/bits.hpp"

namespace lutgen::sim {

/// No reset in the middle of the run.
inline constexpr std::uint64_t kNoReset = std::numeric_limits<std::uint64_t>::max();

/// A data port: its name and its width.
struct Field {
  std::string name;
  std::uint32_t width_bits = 1;
};

/// Sum of the words of a list of fields: one sample's part of `input_words` or `output_words`.
[[nodiscard]] inline std::size_t sample_words(const std::vector<Field>& fields) {
  std::size_t total = 0;
  for (const Field& field : fields) total += words_for(field.width_bits);
  return total;
}

/// Everything that one run needs: what is driven, what is expected, and when.
///
/// latency_cycles   cycles from the one that takes a sample to the one that shows its result
/// interval_cycles  least distance of two samples, >= 1
/// max_burst        longest run of samples without a gap, >= 1
/// max_gap          longest gap in cycles; 0 = no gaps
/// reset_cycles     length of each reset, >= 1
/// reset_after      the reset in the middle comes after this many samples were taken, or kNoReset
/// seed             of burst and gap lengths and of the garbage on idle data ports
/// input_words      [samples][sample_words(inputs)], a sample's fields one after another, each in
///                  whole words, least significant first, bits above the width 0
/// output_words     [samples][sample_words(outputs)], the expected values, same layout
struct Stimulus {
  std::uint32_t latency_cycles = 0;
  std::uint32_t interval_cycles = 1;
  std::uint32_t max_burst = 128;
  std::uint32_t max_gap = 16;
  std::uint32_t reset_cycles = 3;
  std::uint64_t reset_after = kNoReset;
  std::uint64_t seed = 1;
  std::uint64_t samples = 0;
  std::vector<Field> inputs;
  std::vector<Field> outputs;
  Words input_words;
  Words output_words;
};

/// A decoded stimulus, or one sentence that says what is wrong with the bytes.
struct DecodedStimulus {
  std::optional<Stimulus> stimulus;
  std::string error;
};

namespace detail {

inline constexpr std::string_view kStimulusMagic = "LUTGSTIM";
inline constexpr std::uint32_t kStimulusVersion = 1;
inline constexpr std::uint32_t kMaxFields = 4096;
inline constexpr std::uint32_t kMaxNameBytes = 1024;
inline constexpr std::uint32_t kMaxWidthBits = std::uint32_t{1} << 26;

inline void append_u32(std::string& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(static_cast<unsigned char>((value >> shift) & 255u));
}

inline void append_u64(std::string& bytes, std::uint64_t value) {
  append_u32(bytes, static_cast<std::uint32_t>(value));
  append_u32(bytes, static_cast<std::uint32_t>(value >> 32));
}

/// Many at once: a copy on a little-endian machine.
inline void append_words(std::string& bytes, const std::uint32_t* words, std::size_t count) {
  if constexpr (std::endian::native == std::endian::little) {
    if (count > 0) bytes.append(reinterpret_cast<const char*>(words), count * sizeof(std::uint32_t));
  } else {
    for (std::size_t i = 0; i < count; ++i) append_u32(bytes, words[i]);
  }
}

/// Takes little-endian numbers from bytes; after the end everything is 0 and `failed` is set.
struct ByteReader {
  std::string_view bytes;
  std::size_t position = 0;
  bool failed = false;

  [[nodiscard]] std::size_t left() const { return bytes.size() - position; }

  std::uint32_t u32() {
    if (left() < 4) {
      failed = true;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value |= std::uint32_t{static_cast<unsigned char>(bytes[position + i])} << (8 * i);
    position += 4;
    return value;
  }

  std::uint64_t u64() {
    const std::uint64_t low = u32();
    return low | (std::uint64_t{u32()} << 32);
  }

  std::string text(std::uint32_t length) {
    if (left() < length) {
      failed = true;
      return {};
    }
    position += length;
    return std::string(bytes.substr(position - length, length));
  }
};

inline void append_fields(std::string& bytes, const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    append_u32(bytes, field.width_bits);
    append_u32(bytes, static_cast<std::uint32_t>(field.name.size()));
    bytes += field.name;
  }
}

/// Empty when fine, else what is wrong.
inline std::string take_fields(ByteReader& reader, std::uint32_t count,
                               std::vector<Field>& fields) {
  if (count > kMaxFields) return "more than 4096 fields";
  for (std::uint32_t i = 0; i < count; ++i) {
    Field field;
    field.width_bits = reader.u32();
    const std::uint32_t name_bytes = reader.u32();
    if (reader.failed) return "the list of fields ends early";
    if (field.width_bits < 1 || field.width_bits > kMaxWidthBits)
      return "field " + std::to_string(i) + " has a width outside 1..2^26 bits";
    if (name_bytes > kMaxNameBytes)
      return "field " + std::to_string(i) + " has a name of more than 1024 bytes";
    field.name = reader.text(name_bytes);
    if (reader.failed) return "the list of fields ends early";
    fields.push_back(std::move(field));
  }
  return {};
}

inline void take_words(ByteReader& reader, std::size_t count, Words& words) {
  if constexpr (std::endian::native == std::endian::little) {
    if (count == 0 || reader.left() / sizeof(std::uint32_t) < count) {
      reader.failed = reader.failed || count > 0;
      return;
    }
    words.resize(words.size() + count);
    std::memcpy(words.data() + words.size() - count, reader.bytes.data() + reader.position, count * sizeof(std::uint32_t));
    reader.position += count * sizeof(std::uint32_t);
  } else {
    for (std::size_t i = 0; i < count; ++i) words.push_back(reader.u32());
  }
}

/// Empty when fine, else what is wrong.
inline std::string take_header(ByteReader& reader, Stimulus& stimulus) {
  if (reader.text(8) != kStimulusMagic) return "it does not start with \"LUTGSTIM\"";
  const std::uint32_t version = reader.u32();
  if (version != kStimulusVersion)
    return "expected version 1, got " + std::to_string(version);
  stimulus.latency_cycles = reader.u32();
  stimulus.interval_cycles = reader.u32();
  stimulus.max_burst = reader.u32();
  stimulus.max_gap = reader.u32();
  stimulus.reset_cycles = reader.u32();
  stimulus.reset_after = reader.u64();
  stimulus.seed = reader.u64();
  stimulus.samples = reader.u64();
  const std::uint32_t input_count = reader.u32();
  const std::uint32_t output_count = reader.u32();
  if (reader.failed) return "the header ends early";
  if (stimulus.interval_cycles < 1 || stimulus.max_burst < 1 || stimulus.reset_cycles < 1)
    return "interval, longest burst and length of a reset must be at least 1";
  std::string error = take_fields(reader, input_count, stimulus.inputs);
  if (error.empty()) error = take_fields(reader, output_count, stimulus.outputs);
  return error;
}

}  // namespace detail

/// The bytes of a stimulus file. All numbers are little-endian; u32 unless said otherwise:
///
///     "LUTGSTIM", version = 1, latency, interval, max_burst, max_gap, reset_cycles,
///     reset_after (u64), seed (u64), samples (u64), number of inputs, number of outputs,
///     each input then each output: width in bits, bytes of its name, the name,
///     each sample: words of its inputs, words of its expected outputs (as in `Stimulus`)
///
/// and nothing after that. O(bytes).
[[nodiscard]] inline std::string encode_stimulus(const Stimulus& stimulus) {
  std::string bytes(detail::kStimulusMagic);
  const std::size_t in = sample_words(stimulus.inputs);
  const std::size_t out = sample_words(stimulus.outputs);
  bytes.reserve(4096 + 4 * (in + out) * stimulus.samples);
  for (const std::uint32_t value :
       {detail::kStimulusVersion, stimulus.latency_cycles, stimulus.interval_cycles,
        stimulus.max_burst, stimulus.max_gap, stimulus.reset_cycles})
    detail::append_u32(bytes, value);
  for (const std::uint64_t value : {stimulus.reset_after, stimulus.seed, stimulus.samples})
    detail::append_u64(bytes, value);
  detail::append_u32(bytes, static_cast<std::uint32_t>(stimulus.inputs.size()));
  detail::append_u32(bytes, static_cast<std::uint32_t>(stimulus.outputs.size()));
  detail::append_fields(bytes, stimulus.inputs);
  detail::append_fields(bytes, stimulus.outputs);
  for (std::size_t sample = 0; sample < stimulus.samples; ++sample) {
    detail::append_words(bytes, stimulus.input_words.data() + sample * in, in);
    detail::append_words(bytes, stimulus.output_words.data() + sample * out, out);
  }
  return bytes;
}

/// Reads what `encode_stimulus` wrote; every length is checked before it is used. O(bytes).
[[nodiscard]] inline DecodedStimulus decode_stimulus(std::string_view bytes) {
  detail::ByteReader reader{bytes};
  Stimulus stimulus;
  if (std::string error = detail::take_header(reader, stimulus); !error.empty())
    return {std::nullopt, std::move(error)};
  const std::size_t in = sample_words(stimulus.inputs);
  const std::size_t out = sample_words(stimulus.outputs);
  const std::uint64_t words_left = reader.left() / 4;
  const bool fits = in + out == 0 ? stimulus.samples == 0
                                  : stimulus.samples <= words_left / (in + out);
  if (!fits || reader.left() != 4 * (in + out) * stimulus.samples)
    return {std::nullopt, "expected " + std::to_string(stimulus.samples) + " samples of " +
                              std::to_string(4 * (in + out)) + " bytes, got " +
                              std::to_string(reader.left()) + " bytes"};
  stimulus.input_words.reserve(in * stimulus.samples);
  stimulus.output_words.reserve(out * stimulus.samples);
  for (std::uint64_t sample = 0; sample < stimulus.samples; ++sample) {
    detail::take_words(reader, in, stimulus.input_words);
    detail::take_words(reader, out, stimulus.output_words);
  }
  return {std::move(stimulus), {}};
}

}  // namespace lutgen::sim

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/stream_encoder.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "lutgen/base/result.hpp"

namespace lutgen::board {
namespace {

using model::FeatureType;

bool is_signed(FeatureType type) {
  return type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
}

/// Bits that hold 0 to `largest`, at least 1.
std::uint32_t bits_for(std::uint64_t largest) {
  std::uint32_t bits = 1;
  while ((largest >>= 1) != 0) ++bits;
  return bits;
}

/// The largest f32 that is not above the threshold; never -0.
float float_floor(double threshold) {
  auto nearest = static_cast<float>(threshold);
  if (static_cast<double>(nearest) > threshold) nearest = std::nextafter(nearest, -std::numeric_limits<float>::infinity());
  return nearest == 0 ? 0.0f : nearest;
}

/// One threshold of every feature.
struct Column {
  std::vector<ThresholdKey> keys;  // [features]
  bool is_constant = true;
  bool has_always = false;
};

std::vector<Column> columns_of(const model::Thermometer& encoder, FeatureType type) {
  std::vector<Column> columns(encoder.levels);
  for (std::uint32_t t = 0; t < encoder.levels; ++t) {
    Column& column = columns[t];
    for (std::uint32_t f = 0; f < encoder.features; ++f) {
      column.keys.push_back(threshold_key(type, encoder.thresholds[std::size_t{f} * encoder.levels + t]));
      column.is_constant = column.is_constant && column.keys.back() == column.keys.front();
      column.has_always = column.has_always || column.keys.back().always;
    }
  }
  return columns;
}

class EncoderPrinter {
 public:
  EncoderPrinter(const model::Thermometer& encoder, FeatureType type)
      : encoder_(encoder), type_(type), width_(model::bits_per_feature(type)), columns_(columns_of(encoder, type)) {}

  std::string print() {
    print_feature();
    print_rom();
    print_levels();
    const std::uint32_t levels = encoder_.levels;
    const std::uint64_t bits = std::uint64_t{encoder_.features} * levels;
    write("    reg [{0}:0] sample = {1}'d0;\n    always @(posedge clk) begin\n", bits - 1, bits);
    write("        if (feature_valid) sample <= {};\n    end\n\n",
          bits == levels ? "above" : fmt::format("{{above, sample[{}:{}]}}", bits - 1, levels));
    return std::move(text_);
  }

 private:
  template <class... Arguments>
  void write(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
  }

  /// The bytes of a feature, put together; `key` is in the order of the numbers.
  void print_feature() {
    const std::uint32_t bytes = width_ / 8;
    write("    // A feature: {} byte{}, the least significant first.\n", bytes, bytes == 1 ? "" : "s");
    write("    reg [{}:0] feature = {}'d0;\n    reg feature_valid = 1'b0;\n", width_ - 1, width_);
    if (bytes > 1) write("    reg [{}:0] feature_byte = {}'d0;  // which one comes next\n", bytes / 2 - 1, bytes / 2);
    write("    always @(posedge clk) begin\n");
    if (bytes == 1) {
      write("        if (payload_valid) feature <= payload_byte;\n        feature_valid <= payload_valid & ~rst;\n");
    } else {
      write("        if (payload_valid) feature <= {{payload_byte, feature[{}:8]}};\n", width_ - 1);
      write("        feature_valid <= payload_valid & (&feature_byte) & ~rst;\n");
      write("        if (frame_start) feature_byte <= {}'d0;\n", bytes / 2);
      write("        else if (payload_valid) feature_byte <= feature_byte + 1'b1;\n");
    }
    write("    end\n");
    if (type_ == FeatureType::f32) {
      write("    // The bits of a float, so that keys are in the order of the numbers; no NaN is above anything.\n"
            "    wire [31:0] key = {{~feature[31], feature[30:0] ^ {{31{{feature[31]}}}}}};\n"
            "    wire is_number = key <= 32'hff800000;\n\n");
    } else if (is_signed(type_)) {
      write("    wire [{0}:0] key = {{~feature[{0}], feature[{1}:0]}};  // signed: moved up by half the range\n\n",
            width_ - 1, width_ - 2);
    } else {
      write("    wire [{}:0] key = feature;\n\n", width_ - 1);
    }
  }

  /// Thresholds that are not the same for all features, an entry a feature.
  void print_rom() {
    for (const Column& column : columns_) {
      if (!column.is_constant) rom_bits_ += width_ + (column.has_always ? 1 : 0);
    }
    if (rom_bits_ == 0) {
      if (width_ == 8) write("    wire unused_frame_start = frame_start;  // all bytes are treated alike\n\n");
      return;
    }
    const std::uint32_t features = encoder_.features;
    const std::uint32_t index_bits = bits_for(features - 1);
    write("    // Thresholds that differ from feature to feature, read before the feature is there.\n"
          "    reg [{0}:0] index = {1}'d0;\n    reg [{2}:0] thresholds [0:{3}];\n    reg [{2}:0] threshold;\n"
          "    always @(posedge clk) begin\n        if (frame_start) index <= {1}'d0;\n"
          "        else if (feature_valid) index <= index + 1'b1;\n        threshold <= thresholds[index];\n    end\n"
          "    initial begin\n",
          index_bits - 1, index_bits, rom_bits_ - 1, features - 1);
    for (std::uint32_t f = 0; f < features; ++f) write("        thresholds[{}] = {};\n", f, entry(f));
    write("    end\n\n");
  }

  /// One entry of the ROM, the last column in the most significant bits.
  [[nodiscard]] std::string entry(std::uint32_t feature) const {
    std::string text;
    for (std::size_t t = columns_.size(); t-- > 0;) {
      const Column& column = columns_[t];
      if (column.is_constant) continue;
      const ThresholdKey& key = column.keys[feature];
      if (column.has_always) text += fmt::format("{}1'b{:d}", text.empty() ? "" : ", ", key.always);
      text += fmt::format("{}{}'h{:0{}x}", text.empty() ? "" : ", ", width_, key.key, width_ / 4);
    }
    return "{" + text + "}";
  }

  void print_levels() {
    const std::uint32_t largest = width_ == 32 ? ~std::uint32_t{0} : (1u << width_) - 1;
    write("    // One comparator a threshold.\n    wire [{}:0] above;\n", encoder_.levels - 1);
    std::uint32_t at = 0;
    bool reads_key = false;
    for (std::uint32_t t = 0; t < encoder_.levels; ++t) {
      const Column& column = columns_[t];
      const ThresholdKey& key = column.keys.front();
      std::string test;
      if (!column.is_constant) {
        test = fmt::format("key > threshold[{}:{}]", at + width_ - 1, at);
        at += width_;
        if (column.has_always) test = fmt::format("(({}) | threshold[{}])", test, at++);
      } else if (key.always || key.key == largest) {
        test = key.always ? "1'b1" : "1'b0";
      } else {
        test = fmt::format("key > {}'h{:0{}x}", width_, key.key, width_ / 4);
      }
      const bool compares = test.starts_with("1'b") == false;
      reads_key = reads_key || compares;
      if (compares) test = fmt::format("({}){}", test, type_ == FeatureType::f32 ? " & is_number" : "");
      write("    assign above[{}] = {};\n", t, test);
    }
    if (!reads_key) write("    wire [{}:0] unused_key = key;  // every threshold is beyond the features' range\n", width_ - 1);
  }

  const model::Thermometer& encoder_;
  FeatureType type_;
  std::uint32_t width_;
  std::vector<Column> columns_;
  std::uint32_t rom_bits_ = 0;
  std::string text_;
};

/// Features that are bits: a byte brings eight of them.
std::string bit_shifter(std::uint64_t features) {
  const std::uint64_t bits = (features + 7) / 8 * 8;
  std::string text = fmt::format("    // Features are bits, eight a byte, the first in bit 0.\n    reg [{0}:0] sample = {1}'d0;\n"
                                 "    always @(posedge clk) begin\n        if (payload_valid) sample <= {2};\n    end\n"
                                 "    wire unused_frame_start = frame_start;\n",
                                 bits - 1, bits, bits == 8 ? "payload_byte" : fmt::format("{{payload_byte, sample[{}:8]}}", bits - 1));
  // Bits above the last feature: those of a later byte pass through them, those of the last one are read by nobody.
  if (bits == 8 && features < 8) text += fmt::format("    wire [{}:0] unused_sample = sample[7:{}];\n", 7 - features, features);
  return text + "\n";
}

}  // namespace

const model::Thermometer* encoder_of(const model::Model& model) {
  if (model.input.type == FeatureType::bit) return nullptr;
  for (const model::Layer& layer : model.layers) {
    if (const auto* encoder = std::get_if<model::Thermometer>(&layer.operation)) return encoder;
  }
  return nullptr;
}

ThresholdKey threshold_key(FeatureType type, double threshold) {
  if (type == FeatureType::f32) {
    const float level = float_floor(threshold);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &level, sizeof bits);
    return {false, (bits >> 31) != 0 ? ~bits : bits | 0x80000000u};
  }
  const std::uint32_t width = model::bits_per_feature(type);
  const double largest = std::ldexp(1.0, static_cast<int>(width)) - 1;
  // x > t for a whole x is x > floor(t).
  const double key = std::floor(threshold) + (is_signed(type) ? std::ldexp(1.0, static_cast<int>(width) - 1) : 0);
  if (key < 0) return {true, 0};
  return {false, static_cast<std::uint32_t>(std::min(key, largest))};
}

std::string stream_encoder(const model::Model& model) {
  const model::Thermometer* encoder = encoder_of(model);
  return encoder == nullptr ? bit_shifter(model.input.feature_count()) : EncoderPrinter(*encoder, model.input.type).print();
}

}  // namespace lutgen::board

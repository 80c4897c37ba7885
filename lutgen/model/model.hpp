// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace lutgen::model {

/// Tables have at most this many inputs: 65,536 entries, 8 KiB.
inline constexpr std::uint32_t kMaxTableInputs = 16;

/// Format number of the model file that this version reads and writes.
inline constexpr int kFormat = 1;

/// What one feature of a sample is. `bit` is 0 or 1; f32 has no hardware encoder.
enum class FeatureType : std::uint8_t { bit, u8, i8, u16, i16, i32, f32 };

/// Bits that a feature of this type occupies on a port (1, 8, 16 or 32).
[[nodiscard]] std::uint32_t bits_per_feature(FeatureType type);

/// The name in the model file: "bit", "u8", ... Static storage.
[[nodiscard]] const char* feature_type_name(FeatureType type);

/// One sample: an array of `shape` in C order, flattened feature by feature.
struct Input {
  std::vector<std::uint32_t> shape;
  FeatureType type = FeatureType::u8;

  /// Product of the shape; at least 1 in a valid model.
  [[nodiscard]] std::uint64_t feature_count() const;
};

/// Compares every feature with its own thresholds: bit f*levels + t is x[f] > thresholds[f*levels + t].
///
/// thresholds  [features][levels], C order, finite; integers and f32 are both exact as double
/// stored_type how the file stores them: u8, i32 or f32 (kept so that a file is written as read)
struct Thermometer {
  std::uint32_t features = 0;
  std::uint32_t levels = 0;
  std::vector<double> thresholds;
  FeatureType stored_type = FeatureType::u8;
};

/// A rank of lookup tables.
///
/// inputs   [neurons][fan_in], index of an input bit; input 0 is the least significant address bit
/// tables   [neurons][table_bytes()], table bit a is bit a%8 of byte a/8; unused high bits are 0
struct LutLayer {
  std::uint32_t neurons = 0;
  std::uint32_t fan_in = 0;
  std::vector<std::uint32_t> inputs;
  std::vector<std::uint8_t> tables;

  /// Bytes of one table: ceil(2^fan_in / 8).
  [[nodiscard]] std::uint32_t table_bytes() const;
  /// The input indices of one neuron. O(1).
  [[nodiscard]] std::span<const std::uint32_t> inputs_of(std::uint32_t neuron) const;
  /// The table bytes of one neuron. O(1).
  [[nodiscard]] std::span<const std::uint8_t> table_of(std::uint32_t neuron) const;
  /// Table bit `address` of one neuron. O(1).
  [[nodiscard]] bool table_bit(std::uint32_t neuron, std::uint32_t address) const;
};

/// A neuron has at most this many residual bits.
inline constexpr std::uint32_t kMaxResidualBits = 3;

/// Neurons that compare a sum of weighted bits with constants: binarised neurons, and those of LUTNet and ReBNet with
/// their residual bits (Ghasemzadeh et al., FCCM 2018). Bit 0 of a neuron is sum > its threshold 0; every further bit
/// takes one step down a binary search tree in heap order: from node i to 2i+1 where the comparison gave 0, to 2i+2
/// where it gave 1. Bit `level` of neuron n is output n*levels + level.
///
/// levels      bits of a neuron, 1..kMaxResidualBits
/// offsets     [neurons + 1]: neuron n adds up terms offsets[n] .. offsets[n+1]-1
/// inputs      [terms], index of an input bit; equal ones in a neuron add up
/// weights     [terms]; empty: all 1
/// thresholds  [neurons][nodes()]
struct ThresholdLayer {
  std::uint32_t neurons = 0;
  std::uint32_t levels = 1;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> inputs;
  std::vector<std::int32_t> weights;
  std::vector<std::int32_t> thresholds;

  /// Comparisons of a neuron: 2^levels - 1.
  [[nodiscard]] std::uint32_t nodes() const { return (1u << levels) - 1; }
  /// The weight of a term. O(1).
  [[nodiscard]] std::int32_t weight(std::size_t term) const { return weights.empty() ? 1 : weights[term]; }
  /// The thresholds of one neuron, in heap order. O(1).
  [[nodiscard]] std::span<const std::int32_t> thresholds_of(std::uint32_t neuron) const;
};

/// Counts the ones in `groups` equal, contiguous groups of bits; the counts are the scores.
struct GroupSum {
  std::uint32_t groups = 0;
};

/// Index of the largest score; the lowest index wins a tie.
struct Argmax {};

/// What a layer computes: one of the kinds of the model file.
using Operation = std::variant<Thermometer, LutLayer, ThresholdLayer, GroupSum, Argmax>;

/// What a layer gives to the next: bits, integer scores, or one class index.
enum class ValueKind : std::uint8_t { features, bits, scores, class_index };

/// Source index that stands for the network's input.
inline constexpr std::int32_t kNetworkInput = -1;

/// One layer. `sources` are indices of earlier layers, or kNetworkInput; the bits of several sources
/// are concatenated in that order.
///
/// name          as in the file, or empty
/// operation     what it computes
/// sources       resolved "from"; one entry (the previous layer) when the file says nothing
/// input_count   number of values that it reads
/// output_count  number of values that it gives: bits, scores, or 1 for argmax
/// output        their kind
struct Layer {
  std::string name;
  Operation operation;
  std::vector<std::int32_t> sources;
  std::uint32_t input_count = 0;
  std::uint32_t output_count = 0;
  ValueKind output = ValueKind::bits;
};

/// A validated network. Layers stand in evaluation order; the last one is the output.
struct Model {
  std::string name;
  Input input;
  std::vector<Layer> layers;

  /// Number of classes: scores of the last group sum; 0 when the network ends in bits.
  [[nodiscard]] std::uint32_t class_count() const;
};

/// The kind's name in the model file: "thermometer", "lut", "threshold", "group_sum", "argmax". Static storage.
[[nodiscard]] const char* kind_name(const Operation& operation);

/// How diagnostics and reports call a layer: `layer 1 (lut)`, or `layer 1 (lut "hidden")`.
[[nodiscard]] std::string layer_label(const Model& model, std::size_t layer);

}  // namespace lutgen::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lutgen/csource/plan.hpp"
#include "lutgen/eval/packing.hpp"
#include "lutgen/eval/program.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::csource {

/// The C type of a feature: `uint8_t` for bits and u8, ... `float`. Static storage.
[[nodiscard]] const char* feature_c_type(model::FeatureType type);

/// Everything that the printer needs, decided before.
///
/// prefix, macros  what names and macros start with
/// lines           of the comment at the head of both files
/// type            of a feature
/// features        values of a sample
/// bits            [program.input_count], at least one (checked)
/// program         its outputs are the words that NAME_predict64 writes, at least one (checked)
/// class_planes    outputs that are the class index, least significant first; 0: the outputs are the network's bits
/// classes         scores of a sample; 0: the network ends in bits
/// score_planes    outputs that are a score, after those of the class; 0: no scores
/// score_offset    what a score is more than its planes say
struct SourceText {
  std::string prefix;
  std::string macros;
  std::vector<std::string> lines;
  model::FeatureType type = model::FeatureType::u8;
  std::uint64_t features = 0;
  std::span<const eval::EncodedBit> bits;
  const eval::Program* program = nullptr;
  const Plan* plan = nullptr;
  std::uint32_t class_planes = 0;
  std::uint32_t classes = 0;
  std::uint32_t score_planes = 0;
  std::int64_t score_offset = 0;
};

/// The text of NAME.h.
[[nodiscard]] std::string print_header(const SourceText& text);

/// The text of NAME.c.
[[nodiscard]] std::string print_source(const SourceText& text);

}  // namespace lutgen::csource

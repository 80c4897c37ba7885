// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/board/top.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_model.hpp"

namespace lutgen::test {

/// A threshold that fits the stored type, often at the ends of the features' range or beyond it.
inline double random_threshold(base::Rng& rng, model::FeatureType type, model::FeatureType stored) {
  const bool is_float = stored == model::FeatureType::f32;
  const bool is_signed = type != model::FeatureType::u8 && type != model::FeatureType::u16;
  const double half = std::ldexp(1.0, static_cast<int>(model::bits_per_feature(type)) - 1);
  if (stored == model::FeatureType::u8) return pick(rng, 0, 255);
  const double low = is_signed ? -half : 0;
  const double high = is_signed ? half - 1 : 2 * half - 1;
  double value = 0;
  switch (pick(rng, 0, 7)) {
    case 0: value = low; break;
    case 1: value = low - 1; break;
    case 2: value = high; break;
    case 3: value = 0; break;
    case 4: value = -1; break;
    default: value = std::floor(low + rng.unit() * (high - low)); break;
  }
  if (is_float) return static_cast<double>(static_cast<float>(value + (pick(rng, 0, 1) == 0 ? 0 : 0.5)));
  return std::clamp(value, -0x1p31, 0x1p31 - 1);
}

/// A valid random classifier with features of that type; thresholds of some columns are the same for all features.
inline model::Model random_classifier(std::uint64_t seed, model::FeatureType type) {
  base::Rng rng(seed);
  model::Model model;
  model.name = fmt::format("classifier {}", seed);
  const std::uint32_t features = pick(rng, 1, 11);
  model.input = {{features}, type};
  const auto add = [&](model::Operation operation) {
    model::Layer layer;
    layer.operation = std::move(operation);
    model.layers.push_back(std::move(layer));
  };
  std::uint32_t bits = features;
  if (type != model::FeatureType::bit) {
    model::Thermometer encoder;
    encoder.features = features;
    encoder.levels = pick(rng, 1, 4);
    constexpr model::FeatureType kStored[] = {model::FeatureType::u8, model::FeatureType::i32, model::FeatureType::f32};
    encoder.stored_type = kStored[pick(rng, 0, 2)];
    std::vector<double> shared;
    for (std::uint32_t t = 0; t < encoder.levels; ++t) shared.push_back(random_threshold(rng, type, encoder.stored_type));
    for (std::uint32_t f = 0; f < features; ++f) {
      for (std::uint32_t t = 0; t < encoder.levels; ++t) {
        encoder.thresholds.push_back(t % 2 == 0 ? shared[t] : random_threshold(rng, type, encoder.stored_type));
      }
    }
    bits = features * encoder.levels;
    add(encoder);
  }
  const std::uint32_t groups = seed % 7 == 3 ? 300 : pick(rng, 1, 12);
  add(random_luts(rng, groups * pick(rng, 1, groups > 100 ? 1 : 9), pick(rng, 1, 6), bits));
  add(model::GroupSum{groups});
  add(model::Argmax{});
  const auto valid = model::validate_model(model, model.name);
  if (!valid) FAIL(to_text(valid.error()));
  return model;
}

/// A sample whose features are often at a threshold, next to one, or at the ends of their range.
inline std::vector<double> awkward_sample(base::Rng& rng, const model::Model& model) {
  const auto* encoder = std::get_if<model::Thermometer>(&model.layers[0].operation);
  const model::FeatureType type = model.input.type;
  std::vector<double> sample;
  for (std::uint64_t f = 0; f < model.input.feature_count(); ++f) {
    if (encoder == nullptr) {
      sample.push_back(pick(rng, 0, 1));
      continue;
    }
    const std::size_t row = f * encoder->levels;
    const double near = encoder->thresholds[row + pick(rng, 0, encoder->levels - 1)];
    if (type == model::FeatureType::f32) {
      const auto single = static_cast<float>(near);
      constexpr float kInfinity = std::numeric_limits<float>::infinity();
      const float choices[] = {single,     std::nextafter(single, kInfinity), std::nextafter(single, -kInfinity), 0.0f, -0.0f,
                               kInfinity,  -kInfinity, std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(),
                               std::numeric_limits<float>::denorm_min(), -std::numeric_limits<float>::max()};
      sample.push_back(static_cast<double>(choices[pick(rng, 0, 10)]));
      continue;
    }
    const bool is_signed = type != model::FeatureType::u8 && type != model::FeatureType::u16;
    const double span = std::ldexp(1.0, static_cast<int>(model::bits_per_feature(type)));
    const double low = is_signed ? -span / 2 : 0;
    const double value = pick(rng, 0, 3) == 0 ? low + rng.unit() * span : near + static_cast<double>(pick(rng, 0, 2)) - 1;
    sample.push_back(std::clamp(std::floor(value), low, low + span - 1));
  }
  return sample;
}

/// A board design in memory: core and board sources.
struct BoardDesign {
  board::Board board;
  verilog::Design core;
  board::BoardSources sources;
};

/// Emits the core as a board takes it, and the sources of the board.
inline BoardDesign board_design(const model::Model& model, const board::Board& board, tech::Family family,
                                const std::string& model_sha256 = std::string(64, 'a')) {
  verilog::EmitOptions options;
  options.map.family = family;
  options.map.scores_output = true;
  options.input = logic::InputForm::bits;
  options.model_sha256 = model_sha256;
  auto core = verilog::build_design(model, options);
  if (!core) FAIL(to_text(core.error()));
  auto sources = board::build_board_sources(model, board, core->manifest);
  if (!sources) FAIL(to_text(sources.error()));
  return {board, *std::move(core), *std::move(sources)};
}

/// Writes all files of a design into a folder; gives their names, the core last.
inline std::vector<std::string> write_board_design(const BoardDesign& design, const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const board::SourceFile& file : design.sources.files) {
    REQUIRE(base::write_file(folder / file.name, file.text));
    names.push_back(file.name);
  }
  names.push_back(design.core.manifest.top + ".v");
  REQUIRE(base::write_file(folder / names.back(), verilog::verilog_text(design.core)));
  return names;
}

}  // namespace lutgen::test

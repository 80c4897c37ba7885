// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>

#include <fmt/core.h>

#include "lutgen/base/process.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_model.hpp"

namespace lutgen::test {

/// A random network that is small enough for a simulator build of a few seconds, and still has what is
/// awkward: 1 to 8 inputs a table, odd groups, up to 300 classes, repeated inputs, constant tables.
inline model::Model random_design_model(std::uint64_t seed) {
  const RandomModelLimits limits = seed % 4 == 0 ? RandomModelLimits{8, 8, 300, 1} : RandomModelLimits{};
  model::Model model = random_model(seed, limits);
  REQUIRE(model::validate_model(model, fmt::format("random model, seed {}", seed)));
  return model;
}

/// Emit options that go through every kind of pipeline as the seed counts up; one design in four is not optimised.
inline verilog::EmitOptions random_emit_options(tech::Family family, std::uint64_t seed) {
  verilog::EmitOptions options;
  options.map.family = family;
  options.map.scores_output = true;
  options.top = fmt::format("design_{}", seed);
  if (seed % 4 == 1) options.passes.clear();
  switch (seed % 5) {
    case 0: options.map.pipeline.mode = map::PipelineMode::none; break;
    case 1: options.map.pipeline = {map::PipelineMode::every_levels, 1}; break;
    case 2: options.map.pipeline = {map::PipelineMode::every_levels, 3}; break;
    default: break;
  }
  return options;
}

/// Random samples that fit the model; labels are all 0.
inline data::Dataset random_dataset(const model::Model& model, std::uint64_t seed, std::size_t samples) {
  base::Rng rng(seed);
  data::FloatFeatures features;
  for (std::size_t s = 0; s < samples; ++s) {
    for (const double value : random_features(rng, model.input)) features.push_back(static_cast<float>(value));
  }
  data::Dataset dataset;
  dataset.name = "random";
  dataset.shape = {static_cast<std::uint32_t>(model.input.feature_count())};
  dataset.features = std::move(features);
  dataset.labels.assign(samples, 0);
  dataset.class_count = std::max(1u, model.class_count());
  return dataset;
}

/// Whether a tool is there; says "SKIPPED: ..." (which CTest looks for) when it is not.
inline bool have_tool(const char* program) {
  if (base::find_program(program)) return true;
  std::printf("SKIPPED: %s is not installed\n", program);
  return false;
}

}  // namespace lutgen::test

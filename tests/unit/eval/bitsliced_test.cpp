// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/bitsliced.hpp"

#include "lutgen/eval/reference.hpp"
#include "lutgen/logic/lower.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;

namespace {

/// Input words of the graph for 64 samples.
std::vector<std::uint64_t> transpose(const model::Model& model, const std::vector<std::vector<double>>& samples) {
  const std::uint32_t width = model::bits_per_feature(model.input.type);
  std::vector<std::uint64_t> words(model.input.feature_count() * width, 0);
  for (std::size_t s = 0; s < samples.size(); ++s) {
    for (std::size_t f = 0; f < samples[s].size(); ++f) {
      const auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(samples[s][f]));
      for (std::uint32_t b = 0; b < width; ++b) words[f * width + b] |= ((value >> b) & 1) << s;
    }
  }
  return words;
}

}  // namespace

TEST_CASE("the bit-sliced evaluator agrees with the golden model on random networks", "[eval][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed, {.features = 20, .table_inputs = 9, .classes = 40, .group = 30});
    RC_ASSERT(model::validate_model(model, "random").has_value());
    const auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    base::Rng rng(seed);
    std::vector<std::vector<double>> samples;
    for (int s = 0; s < 64; ++s) samples.push_back(test::random_features(rng, model.input));
    const auto slice = eval::evaluate_bitsliced(lowered->graph, transpose(model, samples));
    for (std::size_t s = 0; s < 64; ++s) {
      const auto trace = eval::evaluate_reference(model, samples[s]);
      for (std::size_t l = 0; l < model.layers.size(); ++l) {
        if (model.layers[l].output == model::ValueKind::scores) {
          for (std::size_t c = 0; c < slice.scores.size(); ++c) RC_ASSERT(slice.scores[c][s] == trace.values[l][c]);
        }
      }
      const auto& last = trace.values.back();
      if (model.layers.back().output == model::ValueKind::class_index) RC_ASSERT(slice.class_index[s] == last[0]);
      for (std::size_t i = 0; i < slice.bits.size(); ++i) {
        RC_ASSERT(static_cast<std::int64_t>((slice.bits[i] >> s) & 1) == last[i]);
      }
    }
  });
}

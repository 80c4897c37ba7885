// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/compiled_network.hpp"

#include <filesystem>
#include <thread>

#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/eval/reference.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using eval::CompiledNetwork;
using eval::Target;

namespace {

/// Random samples of the model's type, as a data set keeps them.
data::Dataset random_samples(base::Rng& rng, const model::Model& model, std::size_t count) {
  data::Dataset dataset;
  dataset.labels.assign(count, 0);
  dataset.shape = model.input.shape;
  data::FloatFeatures values;
  for (std::size_t s = 0; s < count; ++s) {
    for (const double value : test::random_features(rng, model.input)) values.push_back(static_cast<float>(value));
  }
  if (model.input.type == model::FeatureType::u8 || model.input.type == model::FeatureType::bit) {
    dataset.features = data::ByteFeatures(values.begin(), values.end());
  } else {
    dataset.features = values;
  }
  return dataset;
}

/// Everything that a compiled network says.
struct Answers {
  std::vector<std::uint32_t> classes;
  std::vector<std::int64_t> scores;
  std::vector<std::uint8_t> bits;

  Answers(const CompiledNetwork& network, const data::Dataset& dataset, std::size_t threads = 1)
      : classes(network.class_count() == 0 ? 0 : dataset.sample_count()),
        scores(network.class_count() * dataset.sample_count()),
        bits(network.bit_count() * dataset.sample_count()) {
    std::visit([&](const auto& samples) { network.predict(samples, dataset.sample_count(), {classes, scores, bits}, {threads, nullptr}); },
               dataset.features);
  }
  friend bool operator==(const Answers&, const Answers&) = default;
};

void check(const model::Model& model, const CompiledNetwork& network, const data::Dataset& dataset) {
  const Answers answers(network, dataset);
  std::size_t layer = model.layers.size() - 1;
  if (model.layers[layer].output == model::ValueKind::class_index) layer = static_cast<std::size_t>(model.layers[layer].sources[0]);
  for (std::size_t s = 0; s < dataset.sample_count(); ++s) {
    const auto trace = eval::evaluate_reference(model, eval::sample_features(dataset, s));
    const auto& values = trace.values[layer];
    for (std::size_t i = 0; i < network.bit_count(); ++i) RC_ASSERT(std::int64_t{answers.bits[s * network.bit_count() + i]} == values[i]);
    for (std::size_t c = 0; c < network.class_count(); ++c) RC_ASSERT(answers.scores[s * network.class_count() + c] == values[c]);
    if (network.class_count() != 0) RC_ASSERT(answers.classes[s] == std::max_element(values.begin(), values.end()) - values.begin());
  }
}

}  // namespace

TEST_CASE("compiled networks answer as the golden model does, on every target of this machine", "[eval][compiled_network][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed, {.features = 90, .table_inputs = 9, .classes = 40, .group = 30});
    RC_ASSERT(model::validate_model(model, "random").has_value());
    base::Rng rng(seed);
    const data::Dataset dataset = random_samples(rng, model, 1 + rng.below(150));
    for (const Target target : eval::kTargets) {
      if (!eval::is_supported(target)) continue;
      const auto network = CompiledNetwork::compile(model, target);
      RC_ASSERT(network.has_value());
      RC_ASSERT(network->target() == target);
      check(model, *network, dataset);
    }
  });
}

TEST_CASE("the trained networks answer drawn samples as the golden model does", "[eval][compiled_network]") {
  std::size_t models = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LUTGEN_SOURCE_DIR "/sim/models")) {
    if (entry.path().extension() != ".safetensors") continue;
    ++models;
    const auto model = model::read_model(entry.path().string());
    REQUIRE(model.has_value());
    const data::Dataset dataset = eval::draw_samples(*model, 100, 1);
    for (const Target target : eval::kTargets) {
      if (!eval::is_supported(target)) continue;
      const auto network = CompiledNetwork::compile(*model, target);
      REQUIRE(network.has_value());
      check(*model, *network, dataset);
    }
  }
  CHECK(models >= 8);
}

TEST_CASE("the answers do not depend on the number of threads, and several callers may ask at once", "[eval][compiled_network]") {
  const auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-530.safetensors");
  REQUIRE(model.has_value());
  const data::Dataset dataset = eval::draw_samples(*model, 9'001, 2);
  const auto network = CompiledNetwork::compile(*model, eval::best_target());
  REQUIRE(network.has_value());
  const Answers alone(*network, dataset);
  CHECK(Answers(*network, dataset, 3) == alone);
  std::vector<std::uint8_t> equal(3);
  {
    std::vector<std::jthread> callers;
    for (std::uint8_t& result : equal) callers.emplace_back([&] { result = Answers(*network, dataset, 2) == alone ? 1 : 0; });
  }
  CHECK(equal == std::vector<std::uint8_t>(3, 1));
}

TEST_CASE("features of 32-bit floating point are compared exactly", "[eval][compiled_network][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    model::Model model;
    model.name = "floats";
    model.input = {{5}, model::FeatureType::f32};
    model::Thermometer encoder{5, 2, {}, model::FeatureType::f32};
    for (int i = 0; i < 10; ++i) encoder.thresholds.push_back(static_cast<float>(rng.below(9)) / 7);
    model.layers.push_back({"", encoder, {model::kNetworkInput}});
    model.layers.push_back({"", test::random_luts(rng, 8, 3, 10), {0}});
    model.layers.push_back({"", model::GroupSum{4}, {1}});
    RC_ASSERT(model::validate_model(model, "floats").has_value());
    data::Dataset dataset;
    dataset.labels.assign(100, 0);
    dataset.shape = {5};
    data::FloatFeatures values;
    for (int i = 0; i < 500; ++i) values.push_back(std::nextafter(static_cast<float>(rng.below(9)) / 7, static_cast<float>(rng.below(3)) - 1));
    dataset.features = values;
    for (const Target target : {Target::portable, eval::best_target()}) {
      const auto network = CompiledNetwork::compile(model, target);
      RC_ASSERT(network.has_value());
      check(model, *network, dataset);
    }
  });
}

TEST_CASE("no samples give no answers", "[eval][compiled_network]") {
  const auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/optdigits-lut6-400.safetensors");
  REQUIRE(model.has_value());
  const auto network = CompiledNetwork::compile(*model, eval::best_target());
  REQUIRE(network.has_value());
  network->predict(std::span<const std::uint8_t>(), 0, {}, {});
  CHECK(network->feature_count() == 64);
  CHECK(network->class_count() == 10);
  CHECK(network->bit_count() == 0);
  CHECK(network->figures().operations > 400);
}

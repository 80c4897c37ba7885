// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "lutgen/base/files.hpp"
#include "lutgen/capi/lutgen.h"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/eval/compiled_network.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

const std::string kModel = LUTGEN_SOURCE_DIR "/sim/models/optdigits-lut6-400.safetensors";

/// A network and its error, freed at the end.
struct Handle {
  lutgen_network* network = nullptr;
  lutgen_error* error = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    lutgen_free(network);
    lutgen_error_free(error);
  }
};

/// Saves a model and loads it through C.
lutgen_status load(const model::Model& model, Handle& handle) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  REQUIRE(model::write_model(model, path).has_value());
  return lutgen_load(path.c_str(), &handle.network, &handle.error);
}

}  // namespace

TEST_CASE("C gets the classes and scores that C++ gets, from a file and from memory", "[capi]") {
  const auto model = model::read_model(kModel);
  REQUIRE(model.has_value());
  const auto compiled = eval::CompiledNetwork::compile(*model, eval::best_target());
  REQUIRE(compiled.has_value());
  const data::Dataset dataset = eval::draw_samples(*model, 1'000, 3);
  const auto& samples = std::get<data::ByteFeatures>(dataset.features);
  std::vector<std::uint32_t> expected(1'000);
  std::vector<std::int64_t> expected_scores(10'000);
  compiled->predict(std::span<const std::uint8_t>(samples), 1'000, {expected, expected_scores, {}}, {});

  Handle file;
  Handle memory;
  REQUIRE(lutgen_load(kModel.c_str(), &file.network, &file.error) == LUTGEN_OK);
  const std::string bytes = base::read_file(kModel).value();
  REQUIRE(lutgen_load_bytes(bytes.data(), bytes.size(), &memory.network, nullptr) == LUTGEN_OK);
  for (const lutgen_network* network : {file.network, memory.network}) {
    CHECK(lutgen_feature_count(network) == 64);
    CHECK(lutgen_class_count(network) == 10);
    CHECK(lutgen_bit_count(network) == 0);
    CHECK(lutgen_type(network) == LUTGEN_U8);
    CHECK(lutgen_name(network) == model->name);
    CHECK(lutgen_target(network) == std::string(eval::target_name(eval::best_target())));
    for (const unsigned threads : {0u, 1u, 3u}) {
      std::vector<std::uint32_t> classes(1'000);
      std::vector<std::int64_t> scores(10'000);
      const lutgen_answers answers{classes.data(), scores.data(), nullptr};
      REQUIRE(lutgen_predict_bytes(network, samples.data(), 1'000, threads, &answers, nullptr) == LUTGEN_OK);
      CHECK(classes == expected);
      CHECK(scores == expected_scores);
    }
    const std::vector<float> floats(samples.begin(), samples.end());
    std::vector<std::uint32_t> classes(1'000);
    const lutgen_answers answers{classes.data(), nullptr, nullptr};
    REQUIRE(lutgen_predict_floats(network, floats.data(), 1'000, 1, &answers, nullptr) == LUTGEN_OK);
    CHECK(classes == expected);
  }
}

TEST_CASE("several threads may ask one network through C", "[capi]") {
  Handle handle;
  REQUIRE(lutgen_load(kModel.c_str(), &handle.network, nullptr) == LUTGEN_OK);
  const auto model = model::read_model(kModel);
  const data::Dataset dataset = eval::draw_samples(*model, 3'000, 4);
  const auto& samples = std::get<data::ByteFeatures>(dataset.features);
  std::vector<std::vector<std::uint32_t>> classes(4, std::vector<std::uint32_t>(3'000));
  {
    std::vector<std::jthread> callers;
    for (auto& mine : classes) {
      callers.emplace_back([&] {
        const lutgen_answers answers{mine.data(), nullptr, nullptr};
        if (lutgen_predict_bytes(handle.network, samples.data(), 3'000, 2, &answers, nullptr) != LUTGEN_OK) mine.clear();
      });
    }
  }
  for (const auto& mine : classes) CHECK(mine == classes[0]);
  CHECK(classes[0].size() == 3'000);
}

TEST_CASE("a network that ends in bits gives bits to C", "[capi]") {
  model::Model model;
  model.name = "bits";
  model.input = {{3}, model::FeatureType::i16};
  model.layers.push_back({"", model::Thermometer{3, 1, {-5, 0, 300}, model::FeatureType::i32}, {model::kNetworkInput}});
  base::Rng rng(1);
  model::LutLayer luts = test::random_luts(rng, 2, 2, 3);
  luts.inputs = {0, 1, 1, 2};
  luts.tables = {8, 14};  // and, or
  model.layers.push_back({"", luts, {0}});
  REQUIRE(model::validate_model(model, "bits").has_value());
  Handle handle;
  REQUIRE(load(model, handle) == LUTGEN_OK);
  CHECK(lutgen_type(handle.network) == LUTGEN_I16);
  CHECK(lutgen_class_count(handle.network) == 0);
  REQUIRE(lutgen_bit_count(handle.network) == 2);
  const std::vector<float> samples = {-4, 1, 0, -5, 1, 0, 0, 0, 301};
  std::vector<std::uint8_t> bits(6);
  const lutgen_answers answers{nullptr, nullptr, bits.data()};
  REQUIRE(lutgen_predict_floats(handle.network, samples.data(), 3, 1, &answers, &handle.error) == LUTGEN_OK);
  CHECK(bits == std::vector<std::uint8_t>{1, 1, 0, 1, 0, 1});
  CHECK(handle.error == nullptr);

  std::vector<std::uint32_t> classes(3);
  const lutgen_answers wrong{classes.data(), nullptr, nullptr};
  CHECK(lutgen_predict_floats(handle.network, samples.data(), 3, 1, &wrong, &handle.error) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_error_text(handle.error) == std::string("error: expected no arrays of classes or scores for a network that ends in bits"));
  lutgen_error_free(handle.error);
  const std::vector<std::uint8_t> bytes(9);
  CHECK(lutgen_predict_bytes(handle.network, bytes.data(), 3, 1, &answers, &handle.error) == LUTGEN_BAD_ARGUMENT);
  CHECK(std::string(lutgen_error_text(handle.error)).find("lutgen_predict_floats") != std::string::npos);
}

TEST_CASE("a file that is no model gives C the diagnostic", "[capi]") {
  Handle handle;
  CHECK(lutgen_load("/nowhere/model", &handle.network, &handle.error) == LUTGEN_BAD_MODEL);
  CHECK(handle.network == nullptr);
  CHECK(lutgen_error_code(handle.error) == std::string("file_not_found"));
  CHECK(std::string(lutgen_error_text(handle.error)).starts_with("/nowhere/model: error[file_not_found]: "));
  lutgen_error_free(handle.error);
  CHECK(lutgen_load_bytes("xyz", 3, &handle.network, &handle.error) == LUTGEN_BAD_MODEL);
  CHECK(lutgen_error_code(handle.error) == std::string("safetensors_truncated"));
}

TEST_CASE("bad arguments are refused, with an error or without, and null may be freed", "[capi]") {
  Handle handle;
  CHECK(lutgen_load(nullptr, &handle.network, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_load(kModel.c_str(), nullptr, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_load_bytes(nullptr, 5, &handle.network, nullptr) == LUTGEN_BAD_ARGUMENT);
  REQUIRE(lutgen_load(kModel.c_str(), &handle.network, nullptr) == LUTGEN_OK);
  std::vector<std::uint8_t> bits(10);
  const lutgen_answers none{nullptr, nullptr, nullptr};
  const lutgen_answers wrong{nullptr, nullptr, bits.data()};
  const std::uint8_t* no_bytes = nullptr;
  CHECK(lutgen_predict_bytes(nullptr, bits.data(), 0, 1, &none, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_predict_bytes(handle.network, no_bytes, 1, 1, &none, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_predict_bytes(handle.network, bits.data(), 1, 1, nullptr, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_predict_bytes(handle.network, bits.data(), 0, 1, &wrong, nullptr) == LUTGEN_BAD_ARGUMENT);
  CHECK(lutgen_predict_bytes(handle.network, bits.data(), std::numeric_limits<std::size_t>::max() / 64, 1, &none, &handle.error) ==
        LUTGEN_BAD_ARGUMENT);
  CHECK(std::string(lutgen_error_text(handle.error)).starts_with("error: expected fewer samples"));
  CHECK(lutgen_error_code(handle.error) == std::string());
  CHECK(lutgen_predict_bytes(handle.network, no_bytes, 0, 1, &none, nullptr) == LUTGEN_OK);
  CHECK(lutgen_feature_count(nullptr) == 0);
  CHECK(lutgen_class_count(nullptr) == 0);
  CHECK(lutgen_bit_count(nullptr) == 0);
  CHECK(lutgen_name(nullptr) == std::string());
  CHECK(lutgen_target(nullptr) == std::string());
  CHECK(std::string(lutgen_error_text(nullptr)).starts_with("error: "));
  lutgen_free(nullptr);
  lutgen_error_free(nullptr);
  CHECK(std::string(lutgen_version()).find('.') != std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/accuracy.hpp"

#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

const char* const kStarter = LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors";

data::Dataset drawn_digits(std::size_t samples) {
  auto dataset = data::load_dataset("synthetic-digits", data::Split::test);
  REQUIRE(dataset);
  dataset->truncate(samples);
  return std::move(*dataset);
}

}  // namespace

TEST_CASE("both witnesses give the same answers on any thread count", "[eval][accuracy]") {
  const auto model = model::read_model(kStarter);
  REQUIRE(model);
  const auto dataset = drawn_digits(500);
  const auto golden = eval::answer_reference(*model, dataset, {.threads = 1});
  const auto sliced = eval::answer_bitsliced(*model, dataset, {.threads = 3});
  REQUIRE(golden);
  REQUIRE(sliced);
  CHECK(golden->scores == sliced->scores);
  CHECK(golden->classes == sliced->classes);
}

TEST_CASE("the starter network gives the published answers on MNIST", "[eval][accuracy][mnist]") {
  const auto dataset = data::load_dataset("mnist", data::Split::test);
  if (!dataset) {
    WARN("skipped: MNIST is not on this machine");
    return;
  }
  const auto model = model::read_model(kStarter);
  REQUIRE(model);
  const auto answers = eval::answer_reference(*model, *dataset, {.threads = 2});
  REQUIRE(answers);
  const auto accuracy = eval::measure_accuracy(*answers, dataset->labels);
  CHECK(accuracy.correct == 9736);
  CHECK(accuracy.classes_sha256.substr(0, 16) == "ce22d4f1b9dd1f23");
  CHECK(accuracy.scores_sha256.substr(0, 16) == "5f305b3b265a27bf");
  CHECK(std::vector<std::int64_t>(answers->scores.begin(), answers->scores.begin() + 10) ==
        std::vector<std::int64_t>{32, 20, 43, 50, 34, 45, 22, 82, 33, 38});
}

TEST_CASE("the confusion table counts labels by row and answers by column", "[eval][accuracy]") {
  const eval::Answers answers{{9, 1, 1, 9, 9, 1}, {0, 1, 0}, 2};
  const std::vector<std::uint32_t> labels{0, 0, 1};
  const auto accuracy = eval::measure_accuracy(answers, labels);
  CHECK(accuracy.correct == 1);
  CHECK(accuracy.confusion == std::vector<std::uint64_t>{1, 1, 1, 0});
}

TEST_CASE("data of another size is refused with both numbers", "[eval][accuracy]") {
  const auto model = model::read_model(kStarter);
  REQUIRE(model);
  data::Dataset dataset{"three", data::Split::test, {3}, std::vector<std::uint8_t>{1, 2, 3}, {0}, 10};
  const auto fit = eval::check_fit(*model, dataset);
  REQUIRE_FALSE(fit);
  CHECK(fit.error().message == "expected 784 features a sample for the network 'mnist-lut6-1000', found 3");
}

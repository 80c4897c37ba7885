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

/// What a network's page states: images of the test split answered rightly, and the first 16 hex digits of the
/// checksums of all classes and all scores.
struct Published {
  std::size_t correct;
  std::string classes;
  std::string scores;
};

/// The golden model's answers for a whole test split are those of the page, and so are the scores of
/// its first image. Warns where the data set is not on this machine.
void check_answers(const std::string& network, const std::string& data, const Published& published,
                   const std::vector<std::int64_t>& first_scores) {
  const auto dataset = data::load_dataset(data, data::Split::test);
  if (!dataset) {
    WARN("skipped: " + data + " is not on this machine");
    return;
  }
  const auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/" + network + ".safetensors");
  REQUIRE(model);
  const auto answers = eval::answer_reference(*model, *dataset, {.threads = 2});
  REQUIRE(answers);
  const auto accuracy = eval::measure_accuracy(*answers, dataset->labels);
  INFO(network << " on " << data);
  CHECK(accuracy.samples == dataset->sample_count());
  CHECK(accuracy.correct == published.correct);
  CHECK(accuracy.classes_sha256.substr(0, 16) == published.classes);
  CHECK(accuracy.scores_sha256.substr(0, 16) == published.scores);
  CHECK(std::vector<std::int64_t>(answers->scores.begin(), answers->scores.begin() + 10) == first_scores);
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
  check_answers("mnist-lut6-1000", "mnist", {9736, "ce22d4f1b9dd1f23", "5f305b3b265a27bf"},
                {32, 20, 43, 50, 34, 45, 22, 82, 33, 38});
}

TEST_CASE("the networks of 4-input tables give the answers of their page on MNIST",
          "[eval][accuracy][mnist]") {
  check_answers("mnist-lut4-1000", "mnist", {9778, "84dd189c1aca7391", "5799b54bc9301373"},
                {27, 28, 44, 51, 25, 42, 16, 79, 24, 43});
  check_answers("mnist-lut4-300", "mnist", {9535, "34fef63112766c22", "a63675f2616f2d2b"},
                {10, 4, 10, 11, 7, 10, 5, 26, 6, 12});
}

TEST_CASE("the networks that lutgen trained give the answers of their page", "[eval][accuracy][mnist]") {
  check_answers("mnist-lut6-530", "mnist", {9782, "c1142b4fd1ad2a57", "f3b7368d9bd422ae"}, {15, 11, 18, 20, 7, 13, 7, 48, 6, 24});
  check_answers("mnist-lut6-900", "mnist", {9824, "9d13332e83171ce3", "b8b80f95b177e950"}, {22, 15, 37, 37, 15, 25, 13, 82, 19, 44});
  check_answers("mnist-lut6-1200", "mnist", {9860, "5de557961ea813de", "479adce0558da829"}, {28, 30, 46, 46, 22, 31, 17, 96, 30, 55});
  check_answers("mnist-lut4-1500", "mnist", {9812, "dbc0e90b1730c649", "6a3b9302d94425ab"}, {55, 48, 60, 76, 41, 56, 38, 118, 51, 76});
  check_answers("optdigits-lut6-400", "optdigits", {1760, "c441fc54cc40b420", "380b7dbbf148177e"}, {40, 4, 2, 10, 6, 9, 7, 5, 17, 17});
}

TEST_CASE("the LUTNet gives the answers of its page on MNIST and on drawn digits", "[eval][accuracy][mnist]") {
  check_answers("mnist-lfc-lutnet", "mnist", {9736, "209964cf7aca1aa3", "deeb317cecbb5409"}, {15, 19, 30, 28, 16, 18, 4, 53, 18, 24});
  check_answers("mnist-lfc-lutnet", "synthetic-digits", {9705, "5bd4f89da2230138", "bec3d74c96523653"}, {12, 22, 29, 30, 18, 16, 5, 54, 21, 28});
}

TEST_CASE("the networks of 4-input tables give the answers of their page on drawn digits",
          "[eval][accuracy]") {
  check_answers("mnist-lut4-1000", "synthetic-digits", {9675, "bb7764598889f0b0", "804707adefd9a75e"},
                {30, 36, 41, 54, 19, 37, 15, 73, 32, 40});
  check_answers("mnist-lut4-300", "synthetic-digits", {9127, "71d80b974d3c33c2", "1d6f7eff8bba22be"},
                {7, 10, 8, 13, 6, 10, 3, 23, 7, 12});
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
  data::Dataset dataset{"three", data::Split::test, {3}, data::ByteFeatures{1, 2, 3}, {0}, 10};
  const auto fit = eval::check_fit(*model, dataset);
  REQUIRE_FALSE(fit);
  CHECK(fit.error().message == "expected 784 features a sample for the network 'mnist-lut6-1000', found 3");
}

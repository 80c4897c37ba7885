// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/unreached.hpp"

#include <numeric>

#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

model::Model starter() {
  auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors");
  REQUIRE(model);
  return std::move(*model);
}

}  // namespace

TEST_CASE("every sample reads one entry of each table", "[eval][unreached]") {
  const model::Model model = starter();
  const data::Dataset digits = data::make_synthetic_digits(1, data::Split::train, 300);
  const auto counts = eval::count_reached(model, 1, digits, {.threads = 2});
  REQUIRE(counts);
  REQUIRE(counts->size() == 64'000);
  for (std::size_t n = 0; n < 1000; ++n) {
    const auto begin = counts->begin() + static_cast<std::ptrdiff_t>(64 * n);
    REQUIRE(std::accumulate(begin, begin + 64, 0U) == 300);
  }
  CHECK(*counts == *eval::count_reached(model, 1, digits, {.threads = 1}));
  // The first table of one sample.
  const data::Dataset one = data::make_synthetic_digits(1, data::Split::train, 1);
  const auto trace = eval::evaluate_reference(model, eval::sample_features(one, 0));
  const auto& luts = std::get<model::LutLayer>(model.layers[1].operation);
  std::size_t address = 0;
  for (std::size_t k = 0; k < 6; ++k) address |= static_cast<std::size_t>(trace.values[0][luts.inputs_of(0)[k]]) << k;
  CHECK((*eval::count_reached(model, 1, one, {}))[address] == 1);
}

TEST_CASE("dropping what training data never reads changes no answer to it", "[eval][unreached]") {
  const model::Model before = starter();
  model::Model after = starter();
  const data::Dataset digits = data::make_synthetic_digits(1, data::Split::train, 500);
  const auto rows = eval::drop_unreached(after, digits, 0, {.threads = 2});
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  const eval::UnreachedFigures& row = (*rows)[0];
  CHECK(row.layer == 1);
  CHECK(row.entries == 64'000);
  CHECK(row.free > 20'000);
  CHECK(row.inputs_after < row.inputs_before);
  CHECK(eval::answer_reference(before, digits, {})->scores == eval::answer_reference(after, digits, {})->scores);
  // Others it does change.
  const data::Dataset others = data::make_synthetic_digits(1, data::Split::test, 500);
  CHECK(eval::answer_reference(before, others, {})->scores != eval::answer_reference(after, others, {})->scores);
  REQUIRE(model::validate_model(after, "after"));
}

TEST_CASE("more entries are free where a few samples may read them", "[eval][unreached]") {
  model::Model strict = starter();
  model::Model loose = starter();
  const data::Dataset digits = data::make_synthetic_digits(1, data::Split::train, 500);
  const auto few = eval::drop_unreached(strict, digits, 0, {});
  const auto many = eval::drop_unreached(loose, digits, 5, {});
  REQUIRE(few);
  REQUIRE(many);
  CHECK((*few)[0].free < (*many)[0].free);
  CHECK((*few)[0].inputs_after > (*many)[0].inputs_after);
}

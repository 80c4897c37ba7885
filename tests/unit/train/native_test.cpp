// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "lutgen/base/files.hpp"
#include "lutgen/data/hold_out.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/train/train.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

const data::HeldOut& digits() {
  static const data::HeldOut held = data::hold_out(data::make_synthetic_digits(1, data::Split::train, 4000), 0.25, 1);
  return held;
}

train::TrainOptions small_options() {
  train::TrainOptions options;
  options.name = "digits";
  options.neurons = {60};
  options.fan_in = 4;
  options.epochs = 4;
  options.batch = 100;
  options.warp.share = 0.3;
  options.threads = 2;
  return options;
}

train::Trained learn(const train::TrainOptions& options) {
  auto trained = train::train_native(digits().training, digits().validation, options);
  if (!trained) FAIL(to_text(trained.error()));
  return std::move(*trained);
}

std::string bytes(const train::Trained& trained) { return model::serialize_model(trained.model); }

}  // namespace

TEST_CASE("a small network learns, and its figures are the golden model's", "[train][native]") {
  train::TrainOptions options = small_options();
  options.epochs = 8;
  options.warp = {};
  const train::Trained trained = learn(options);
  REQUIRE(trained.epochs.size() == 8);
  CHECK(trained.epochs.back().loss < trained.epochs.front().loss / 2);
  CHECK(trained.epochs.back().validation > 0.75);
  const auto answers = eval::answer_reference(trained.model, digits().validation, {});
  REQUIRE(answers);
  CHECK(eval::measure_accuracy(*answers, digits().validation.labels).ratio() == trained.epochs.back().validation);
  // What is written is what was trained.
  const auto read = model::parse_model(bytes(trained), "trained");
  REQUIRE(read);
  CHECK(eval::answer_reference(*read, digits().validation, {})->scores == answers->scores);
}

TEST_CASE("layers are trained through each other", "[train][native]") {
  train::TrainOptions options = small_options();
  options.neurons = {120, 60};
  options.epochs = 8;
  const train::Trained trained = learn(options);
  CHECK(trained.model.layers.size() == 5);
  CHECK(trained.epochs.back().validation > 0.6);
}

TEST_CASE("the seed decides, threads do not", "[train][native]") {
  train::TrainOptions options = small_options();
  options.epochs = 2;
  const std::string first = bytes(learn(options));
  options.threads = 1;
  CHECK(bytes(learn(options)) == first);
  options.seed = 2;
  CHECK(bytes(learn(options)) != first);
}

TEST_CASE("training that was interrupted goes on to the same bytes", "[train][native]") {
  const test::TemporaryFolder folder;
  train::TrainOptions options = small_options();
  const train::Trained whole = learn(options);
  options.checkpoint = folder.path() / "checkpoint";
  options.stop_after = 1;
  const train::Trained begun = learn(options);
  CHECK(begun.epochs.size() == 1);
  CHECK(bytes(begun) != bytes(whole));
  options.stop_after = 0;
  options.resume = true;
  const train::Trained resumed = learn(options);
  CHECK(bytes(resumed) == bytes(whole));
  REQUIRE(resumed.epochs.size() == 4);
  CHECK(resumed.epochs[0].loss == whole.epochs[0].loss);
  CHECK(resumed.epochs[3].validation == whole.epochs[3].validation);
  // A checkpoint of other options is not gone on from.
  options.soft = 0.25;
  const auto other = train::train_native(digits().training, digits().validation, options);
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Code::train_checkpoint_invalid);
}

TEST_CASE("spare tables go, and classes keep as many as they need", "[train][native]") {
  train::TrainOptions options = small_options();
  options.warp = {};
  options.spare = 0.5;
  options.epochs = 8;
  const train::Trained trained = learn(options);
  const auto& luts = std::get<model::LutLayer>(trained.model.layers[1].operation);
  // Constants fill up the classes.
  std::vector<std::uint32_t> tables(10, 0);
  for (std::uint32_t n = 0; n < luts.neurons; ++n) {
    bool is_constant = true;
    for (std::uint32_t a = 1; a < 16; ++a) is_constant = is_constant && luts.table_bit(n, a) == luts.table_bit(n, 0);
    tables[n / (luts.neurons / 10)] += is_constant ? 0 : 1;
  }
  CHECK(std::accumulate(tables.begin(), tables.end(), 0U) <= 60);
  CHECK(*std::max_element(tables.begin(), tables.end()) > *std::min_element(tables.begin(), tables.end()));
  const auto answers = eval::answer_reference(trained.model, digits().validation, {});
  REQUIRE(answers);
  CHECK(eval::measure_accuracy(*answers, digits().validation.labels).ratio() == trained.epochs.back().validation);
  CHECK(trained.epochs.back().validation > 0.75);
  // Fewer LUTs at the end than at the start; the same bytes where it was interrupted, before and after tables went.
  CHECK(trained.epochs.back().luts < trained.epochs.front().luts);
  const test::TemporaryFolder folder;
  options.checkpoint = folder.path() / "checkpoint";
  for (const std::uint32_t stop : {2U, 4U}) {
    options.resume = false;
    options.stop_after = stop;
    learn(options);
    options.resume = true;
    options.stop_after = 0;
    CHECK(bytes(learn(options)) == bytes(trained));
  }
}

TEST_CASE("averaged entries are what is written and what is looked at", "[train][native]") {
  train::TrainOptions options = small_options();
  options.frozen = 0.5;
  const std::string last = bytes(learn(options));
  options.average = 0.5;
  const train::Trained trained = learn(options);
  CHECK(bytes(trained) != last);
  const auto answers = eval::answer_reference(trained.model, digits().validation, {});
  REQUIRE(answers);
  CHECK(eval::measure_accuracy(*answers, digits().validation.labels).ratio() == trained.epochs.back().validation);
  const test::TemporaryFolder folder;
  options.checkpoint = folder.path() / "checkpoint";
  options.stop_after = 3;
  learn(options);
  options.resume = true;
  options.stop_after = 0;
  CHECK(bytes(learn(options)) == bytes(trained));
  options = small_options();
  options.average = 0.5;
  const auto refused = train::train_native(digits().training, digits().validation, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::train_bad_shape);
}

TEST_CASE("a network learns what its teacher says, not what the labels say", "[train][native]") {
  train::TrainOptions options = small_options();
  options.neurons = {200};
  options.epochs = 8;
  options.warp = {};
  model::Model teacher = learn(options).model;
  options.neurons = {60};
  options.teach = 1;
  options.teachers = {teacher};
  // Half of the labels are wrong: enough for the teacher's temperature.
  data::HeldOut changed = digits();
  for (std::size_t s = 0; s < changed.training.labels.size(); s += 2) changed.training.labels[s] = static_cast<std::uint32_t>(s % 10);
  const auto taught = train::train_native(changed.training, changed.validation, options);
  REQUIRE(taught);
  CHECK(taught->epochs.back().validation > 0.7);
  // All labels are right, and a teacher that always says the same.
  auto& tables = std::get<model::LutLayer>(teacher.layers[1].operation).tables;
  std::fill(tables.begin(), tables.end(), std::uint8_t{0});
  options.teachers = {teacher};
  CHECK(learn(options).epochs.back().validation < 0.3);
}

TEST_CASE("what cannot be trained is refused", "[train][native]") {
  train::TrainOptions options = small_options();
  options.neurons = {61};
  auto refused = train::train_native(digits().training, digits().validation, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::train_bad_shape);
  options = small_options();
  options.batch = 5000;
  refused = train::train_native(digits().training, digits().validation, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::train_bad_shape);
}

TEST_CASE("tensor operations learn what the kernels learn", "[train][native]") {
  train::TrainOptions options = small_options();
  options.warp = {};
  options.neurons = {120, 60};
  const train::Trained kernels = learn(options);
  options.device = train::Device::cpu_tensors;
  const train::Trained tensors = learn(options);
  // Other roundings: the first epoch is nearly the same, later ones drift apart.
  CHECK(std::abs(tensors.epochs[0].loss - kernels.epochs[0].loss) < 0.05);
  CHECK(std::abs(tensors.epochs.back().loss - kernels.epochs.back().loss) < 0.1);
  CHECK(tensors.epochs.back().validation > 0.6);
  CHECK(tensors.epochs.back().switches > 0);
}

TEST_CASE("a network takes the LUTs that it is allowed", "[train][native]") {
  train::TrainOptions options = small_options();
  options.warp = {};
  options.fan_in = 6;
  options.luts = 500;
  options.epochs = 10;
  options.encoder.levels = 3;
  const train::Trained trained = learn(options);
  CHECK(trained.epochs.back().luts <= 500);
  CHECK(trained.epochs.back().luts > 420);
  CHECK(trained.epochs.back().validation > 0.8);
  // Interrupted, it goes on with the price that it had.
  const test::TemporaryFolder folder;
  options.checkpoint = folder.path() / "checkpoint";
  options.stop_after = 5;
  learn(options);
  options.stop_after = 0;
  options.resume = true;
  CHECK(bytes(learn(options)) == bytes(trained));
}

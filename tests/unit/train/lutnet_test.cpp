// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/hold_out.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/train/binary_network.hpp"
#include "lutgen/train/train.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

const data::HeldOut& digits() {
  static const data::HeldOut held = data::hold_out(data::make_synthetic_digits(1, data::Split::train, 3000), 0.25, 1);
  return held;
}

train::TrainOptions small_options(train::Recipe recipe) {
  train::TrainOptions options;
  options.recipe = recipe;
  options.name = "digits";
  options.neurons = {32, 24};
  options.fan_in = 4;
  options.batch = 50;
  options.soft = 0;
  options.threads = 2;
  options.lutnet.epochs = {4, 2, 3};
  options.lutnet.density = 0.3;
  return options;
}

train::Trained learn(const train::TrainOptions& options) {
  auto trained = train::train_lutnet(digits().training, digits().validation, options);
  if (!trained) FAIL(to_text(trained.error()));
  return std::move(*trained);
}

train::Encoder encode(std::uint32_t levels) {
  train::EncoderOptions options;
  options.levels = levels;
  return train::make_encoder(digits().training, options);
}

/// Bits of all validation samples: [live bits, samples].
torch::Tensor validation_bits(const train::Encoder& encoder) {
  const data::Dataset& set = digits().validation;
  const auto samples = static_cast<std::int64_t>(set.sample_count());
  torch::Tensor bits = torch::empty({static_cast<std::int64_t>(encoder.live.size()), samples});
  for (std::int64_t s = 0; s < samples; ++s) {
    for (std::size_t i = 0; i < encoder.live.size(); ++i) {
      const std::uint32_t bit = encoder.live[i];
      const bool above = set.feature(static_cast<std::size_t>(s), bit / encoder.thermometer.levels) > encoder.thermometer.thresholds[bit];
      bits[static_cast<std::int64_t>(i)][s] = above ? 1.0F : 0.0F;
    }
  }
  return bits;
}

/// A network whose parameters are random, gains of both signs and 0.
train::BinaryNetwork random_network(const train::Encoder& encoder, std::uint32_t residual, std::uint64_t seed) {
  base::Rng rng(seed);
  train::BinaryNetwork network(encoder, {20, 16, 12}, 10, residual, rng);
  const torch::NoGradGuard no_gradient;
  for (const auto& layer : network.layers()) {
    for (auto& item : layer->named_parameters()) {
      if (item.key() != "gain" && item.key() != "bias") continue;
      for (std::int64_t n = 0; n < item.value().numel(); ++n) item.value()[n] = static_cast<float>(2 * rng.unit() - 1);
      if (item.key() == "gain") item.value()[3] = 0.0F;
    }
  }
  // Batch norm gets figures that are like its inputs'.
  network.train(true);
  const torch::Tensor bits = validation_bits(encoder);
  for (int i = 0; i < 30; ++i) static_cast<void>(network.forward(bits, train::Weights::binary));
  network.train(false);
  return network;
}

/// Whether the model's scores are the network's own, sample by sample.
void check_equal(train::BinaryNetwork& network, const train::Encoder& encoder) {
  model::Model model = network.make_model("random", digits().validation.shape);
  const auto valid = model::validate_model(model, "random");
  if (!valid) FAIL(to_text(valid.error()));
  const auto answers = eval::answer_reference(model, digits().validation, {});
  REQUIRE(answers);
  const torch::Tensor scores = network.score_exactly(validation_bits(encoder)).t().contiguous();
  std::size_t different = 0;
  for (std::size_t i = 0; i < answers->scores.size(); ++i) {
    different += static_cast<double>(answers->scores[i]) != static_cast<double>(scores.data_ptr<float>()[i]) ? 1 : 0;
  }
  REQUIRE(answers->scores.size() == static_cast<std::size_t>(scores.numel()));
  CHECK(different == 0);
}

}  // namespace

TEST_CASE("a model's scores are its network's, with weights and with tables, for one to three residual bits", "[train][lutnet]") {
  for (std::uint32_t residual = 1; residual <= 3; ++residual) {
    const train::Encoder encoder = encode(residual);
    train::BinaryNetwork network = random_network(encoder, residual, residual);
    network.layers()[0]->prune(0.5, 0);
    for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->prune(0.3, 0);
    network.freeze_scales(4);
    check_equal(network, encoder);
    base::Rng rng(residual);
    for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->expand(1 + residual, 0, 1, rng);
    check_equal(network, encoder);
  }
}

TEST_CASE("tables of one input start as the weights that they come from", "[train][lutnet]") {
  const train::Encoder encoder = encode(1);
  train::BinaryNetwork network = random_network(encoder, 2, 5);
  for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->prune(0.4, 0);
  network.freeze_scales(4);
  const torch::Tensor bits = validation_bits(encoder);
  const torch::Tensor before = network.score_exactly(bits);
  base::Rng rng(7);
  for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->expand(1, 0, 1, rng);
  CHECK(torch::equal(network.score_exactly(bits), before));
}

TEST_CASE("expanded tables start with the weights of the pruned lanes beside them", "[train][lutnet]") {
  base::Rng rng(3);
  train::BinaryLayer layer({.lanes = 8, .levels = 2, .neurons = 5, .lane_of_row = {}, .is_last = false}, rng);
  const std::uint64_t kept = layer.prune(0.5, 0);
  CHECK(kept == 20);
  const std::vector<train::Operator> operators = layer.operators();
  const std::vector<std::uint32_t> offsets = layer.offsets();
  const torch::Tensor weights = layer.named_parameters()["weight"].detach().clone();
  layer.expand(3, 0, 1, rng);
  REQUIRE(layer.table_inputs().size() == 20 * 2 * 3);
  for (std::uint32_t n = 0; n < 5; ++n) {
    for (std::uint32_t t = 2 * offsets[n]; t < 2 * offsets[n + 1]; ++t) {
      const auto inputs = layer.table_inputs().subspan(t * 3, 3);
      CHECK(inputs[0] == operators[t / 2].lane * 2 + t % 2);
      for (std::uint32_t a = 0; a < 8; ++a) {
        float expected = 0;
        for (std::uint32_t k = 0; k < 3; ++k) {
          CHECK(inputs[k] % 2 == t % 2);
          const std::uint32_t lane = inputs[k] / 2;
          bool is_pruned = true;
          for (std::uint32_t o = offsets[n]; o < offsets[n + 1]; ++o) is_pruned = is_pruned && operators[o].lane != lane;
          if (k > 0 && !is_pruned) continue;
          expected += ((a >> k & 1) != 0 ? 1.0F : -1.0F) * weights[n][lane].item<float>();
        }
        CHECK(layer.tables()[t][a].item<float>() == Approx(std::clamp(expected, -1.0F, 1.0F)));
      }
    }
  }
}

TEST_CASE("both recipes learn, and their figures are the golden model's", "[train][lutnet]") {
  for (const train::Recipe recipe : {train::Recipe::bnn, train::Recipe::lutnet}) {
    const train::Trained trained = learn(small_options(recipe));
    REQUIRE(trained.epochs.size() == 9);
    CHECK(trained.epochs.back().validation > 0.7);
    const auto answers = eval::answer_reference(trained.model, digits().validation, {});
    REQUIRE(answers);
    CHECK(eval::measure_accuracy(*answers, digits().validation.labels).ratio() == trained.epochs.back().validation);
    CHECK(model::parse_model(model::serialize_model(trained.model), "trained").has_value());
  }
}

TEST_CASE("the seed decides what lutnet learns, threads do not", "[train][lutnet]") {
  train::TrainOptions options = small_options(train::Recipe::lutnet);
  options.lutnet.epochs = {1, 1, 1};
  const auto bytes = [](const train::TrainOptions& how) { return model::serialize_model(learn(how).model); };
  const std::string first = bytes(options);
  options.threads = 1;
  CHECK(bytes(options) == first);
  options.seed = 2;
  CHECK(bytes(options) != first);
}

TEST_CASE("what lutnet cannot learn is refused", "[train][lutnet]") {
  const auto refused = [](const train::TrainOptions& options) {
    const auto trained = train::train_lutnet(digits().training, digits().validation, options);
    return !trained && trained.error().code == Code::train_bad_shape;
  };
  train::TrainOptions options = small_options(train::Recipe::lutnet);
  options.lutnet.epochs = {0, 0, 0};
  options.lutnet.threshold = 50;  // no weight is as large
  CHECK(refused(options));
  options = small_options(train::Recipe::lutnet);
  options.neurons = {32, 3};  // fewer lanes than table inputs
  CHECK(refused(options));
  options = small_options(train::Recipe::bnn);
  options.checkpoint = "checkpoint";
  CHECK(refused(options));
  options = small_options(train::Recipe::bnn);
  options.lutnet.epochs = {1, 1};
  CHECK(refused(options));
}

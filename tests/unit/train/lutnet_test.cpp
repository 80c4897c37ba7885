// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "lutgen/data/hold_out.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/train/binary_network.hpp"
#include "lutgen/train/train.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

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

/// Of all inputs of tables: those without which an operator's tables, `levels` one after the other, would be others.
std::uint64_t count_inputs_that_matter(const model::LutLayer& luts, std::uint32_t levels) {
  std::uint64_t count = 0;
  const auto entry = [&](std::size_t table, std::size_t a) { return luts.tables[table * luts.table_bytes() + a / 8] >> (a % 8) & 1; };
  for (std::size_t first = 0; first < luts.neurons; first += levels) {
    for (std::uint32_t k = 0; k < luts.fan_in; ++k) {
      bool matters = false;
      for (std::size_t table = first; table < first + levels; ++table) {
        for (std::size_t a = 0; a < std::size_t{1} << luts.fan_in; ++a) matters = matters || entry(table, a) != entry(table, a ^ (std::size_t{1} << k));
      }
      count += matters ? 1 : 0;
    }
  }
  return count;
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
    for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->expand({.fan_in = 1 + residual}, rng);
    check_equal(network, encoder);
  }
}

TEST_CASE("the first layer's tables, and shrunk ones, are the network's in the model, too", "[train][lutnet]") {
  const train::Encoder encoder = encode(1);
  for (const bool is_learned : {false, true}) {
    train::BinaryNetwork network = random_network(encoder, 2, 8);
    for (std::size_t r = 0; r < 4; ++r) network.layers()[r]->prune(r == 0 ? 0.05 : 0.2, 0);
    network.freeze_scales(4);
    base::Rng rng(9);
    std::uint64_t inputs = 0;
    for (const auto& layer : network.layers()) {
      layer->expand({.fan_in = 3, .is_learned = is_learned}, rng);
      inputs += layer->operator_tables()->input_count();
    }
    check_equal(network, encoder);
    for (const double part : {0.3, 0.6, 0.9}) {
      network.shrink(part);
      check_equal(network, encoder);
    }
    std::uint64_t left = 0;
    for (const auto& layer : network.layers()) left += layer->operator_tables()->input_count();
    CHECK(left == inputs - static_cast<std::uint64_t>(0.9 * static_cast<double>(inputs)));
    // So many inputs matter to the model's tables, and no more.
    const model::Model model = network.make_model("shrunk", digits().validation.shape);
    std::uint64_t matter = 0;
    for (std::size_t r = 0; r + 1 < network.layers().size(); ++r) {
      const auto& luts = std::get<model::LutLayer>(model.layers[1 + 2 * r].operation);
      matter += count_inputs_that_matter(luts, r == 0 ? 1 : 2);
    }
    CHECK(matter > 0);
    CHECK(matter <= left);
  }
}

TEST_CASE("tiles are pruned alike, share their tables, and the model has them with the stored bits put in", "[train][lutnet]") {
  const train::Encoder encoder = encode(1);
  base::Rng rng(11);
  train::BinaryNetwork network(encoder, {20, 16, 12}, 10, 2, rng, {4, 3});
  // 20 lanes, 16 neurons: 4 and 2 tiles; 16 and 12: 4 and 3; 12 and 10: 4 and 2.
  CHECK(network.layers()[1]->shape().tiling.inputs == 4);
  CHECK(network.layers()[1]->shape().tiling.outputs == 2);
  CHECK(network.layers()[3]->shape().tiling.outputs == 2);
  network.train(true);
  for (int i = 0; i < 30; ++i) static_cast<void>(network.forward(validation_bits(encoder), train::Weights::binary));
  network.train(false);
  for (std::size_t r = 1; r < 4; ++r) {
    const auto before = network.layers()[r]->named_parameters()["weight"].detach().clone();
    CHECK(network.layers()[r]->prune(0.4, 0) % (4 * network.layers()[r]->shape().tiling.outputs) == 0);
    CHECK(torch::equal(network.layers()[r]->named_parameters()["weight"].detach(), before));
  }
  network.freeze_scales(3);
  const torch::Tensor pruned = network.score_exactly(validation_bits(encoder));
  const std::uint32_t stored = GENERATE(1U, 2U, 3U);
  for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->expand_tiled({.fan_in = 2 + stored, .stored = stored}, rng);
  // Tables start as the product of lane and weight: nothing changes.
  CHECK(torch::equal(network.score_exactly(validation_bits(encoder)), pruned));
  check_equal(network, encoder);
  const torch::NoGradGuard no_gradient;
  for (std::size_t r = 1; r < 4; ++r) {
    for (torch::Tensor& tensor : network.layers()[r]->operator_tables()->trained()) {
      for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(2 * rng.unit() - 1);
    }
  }
  CHECK_FALSE(torch::equal(network.score_exactly(validation_bits(encoder)), pruned));
  check_equal(network, encoder);
  // Operators at the same place of two tiles with the same stored bits have the same tables, on both levels.
  const train::BinaryLayer& layer = *network.layers()[1];
  const std::vector<train::Operator> operators = layer.operators();
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<std::vector<bool>>> tables;
  for (std::uint32_t n = 0; n < 16; ++n) {
    for (std::uint32_t o = layer.offsets()[n]; o < layer.offsets()[n + 1]; ++o) {
      for (std::uint32_t t = 2 * o; t < 2 * o + 2; ++t) {
        std::vector<bool> bits;
        for (int a = 0; a < 4; ++a) bits.push_back(layer.tables()[t][a].item<float>() > 0);
        tables[{n % 8, operators[o].lane % 5}].insert(bits);
        CHECK(layer.table_inputs()[std::size_t{t} * 2] == operators[o].lane * 2 + t % 2);
        CHECK(layer.table_inputs()[std::size_t{t} * 2 + 1] / 2 / 5 == operators[o].lane / 5);  // of the same tile
      }
    }
  }
  CHECK(tables.size() == operators.size() / 8);
  for (const auto& [place, found] : tables) CHECK(found.size() <= 1U << stored);
}

TEST_CASE("the tiled form learns, with real tables first, and goes on from checkpoints", "[train][lutnet]") {
  const test::TemporaryFolder folder;
  train::TrainOptions options = small_options(train::Recipe::lutnet);
  options.lutnet.epochs = {4, 2, 2, 3};
  options.lutnet.tiles = {2, 2};
  options.lutnet.stored = GENERATE(1U, 2U);
  const train::Trained whole = learn(options);
  CHECK(whole.epochs.back().validation > 0.6);
  const auto answers = eval::answer_reference(whole.model, digits().validation, {});
  REQUIRE(answers);
  CHECK(eval::measure_accuracy(*answers, digits().validation.labels).ratio() == whole.epochs.back().validation);
  options.checkpoint = folder.path() / "checkpoint";
  for (const std::uint32_t stop : {7U, 9U}) {
    options.stop_after = stop;
    options.resume = false;
    static_cast<void>(learn(options));
    options.stop_after = 0;
    options.resume = true;
    CHECK(model::serialize_model(learn(options).model) == model::serialize_model(whole.model));
  }
  options.lutnet.stored = 3;
  const auto other = train::train_lutnet(digits().training, digits().validation, options);
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Code::train_checkpoint_invalid);
}

TEST_CASE("learned inputs begin with the largest pruned weights", "[train][lutnet]") {
  base::Rng rng(3);
  train::BinaryLayer layer({.lanes = 12, .levels = 1, .neurons = 4, .lane_of_row = {}, .is_last = false, .tiling = {}}, rng);
  layer.prune(0.25, 0);
  const std::vector<train::Operator> operators = layer.operators();
  const std::vector<std::uint32_t> offsets = layer.offsets();
  const torch::Tensor magnitudes = layer.named_parameters()["weight"].detach().abs();
  layer.expand({.fan_in = 2, .is_learned = true}, rng);
  for (std::uint32_t n = 0; n < 4; ++n) {
    const std::uint32_t kept = offsets[n + 1] - offsets[n];
    if (kept > 6) continue;
    std::vector<bool> stands(12, false);
    float least = 1;
    for (std::uint32_t o = offsets[n]; o < offsets[n + 1]; ++o) {
      CHECK(layer.table_inputs()[o * 2] == operators[o].lane);
      const std::uint32_t beside = layer.table_inputs()[o * 2 + 1];
      stands[operators[o].lane] = stands[beside] = true;
      least = std::min(least, magnitudes[n][beside].item<float>());
    }
    for (std::uint32_t i = 0; i < 12; ++i) CHECK((stands[i] || kept == 0 || magnitudes[n][i].item<float>() <= least));
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
  for (std::size_t r = 1; r < 4; ++r) network.layers()[r]->expand({.fan_in = 1}, rng);
  CHECK(torch::equal(network.score_exactly(bits), before));
}

TEST_CASE("expanded tables start with the weights of the pruned lanes beside them", "[train][lutnet]") {
  base::Rng rng(3);
  train::BinaryLayer layer({.lanes = 8, .levels = 2, .neurons = 5, .lane_of_row = {}, .is_last = false, .tiling = {}}, rng);
  const std::uint64_t kept = layer.prune(0.5, 0);
  CHECK(kept == 20);
  const std::vector<train::Operator> operators = layer.operators();
  const std::vector<std::uint32_t> offsets = layer.offsets();
  const torch::Tensor weights = layer.named_parameters()["weight"].detach().clone();
  layer.expand({.fan_in = 3}, rng);
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

TEST_CASE("lutnet and bnn that were interrupted in any step go on to the same bytes", "[train][lutnet]") {
  const test::TemporaryFolder folder;
  const auto bytes = [](const train::Trained& trained) { return model::serialize_model(trained.model); };
  for (const train::Recipe recipe : {train::Recipe::bnn, train::Recipe::lutnet}) {
    train::TrainOptions options = small_options(recipe);
    options.lutnet.epochs = {2, 1, 4};
    options.warp.share = 0.3;
    if (recipe == train::Recipe::lutnet) {
      options.lutnet.learn_inputs = 0.5;
      options.lutnet.expand_first = true;
      options.lutnet.first_density = 0.1;
      options.lutnet.shrink = 0.4;
    }
    const train::Trained whole = learn(options);
    options.checkpoint = folder.path() / "checkpoint";
    for (const std::uint32_t stop : {1U, 2U, 3U, 4U, 6U}) {
      options.stop_after = stop;
      options.resume = false;
      const train::Trained begun = learn(options);
      CHECK(begun.epochs.size() == stop);
      CHECK(bytes(begun) != bytes(whole));
      options.stop_after = 0;
      options.resume = true;
      const train::Trained resumed = learn(options);
      CHECK(bytes(resumed) == bytes(whole));
      REQUIRE(resumed.epochs.size() == 7);
      CHECK(resumed.epochs[0].loss == whole.epochs[0].loss);
      CHECK(resumed.epochs[6].validation == whole.epochs[6].validation);
    }
    options.lutnet.density = 0.4;
    const auto other = train::train_lutnet(digits().training, digits().validation, options);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Code::train_checkpoint_invalid);
  }
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
  options.lutnet.shrink = 0.5;  // there are no tables
  CHECK(refused(options));
  options = small_options(train::Recipe::lutnet);
  options.lutnet.expand_first = true;
  options.encoder.levels = 2;
  CHECK(refused(options));
  options = small_options(train::Recipe::lutnet);
  options.lutnet.shrink = 0.5;
  options.lutnet.epochs = {1, 1, 0};
  CHECK(refused(options));
  options.lutnet.shrink = 0;
  options.lutnet.tiles = {2, 2};  // three steps, not four
  CHECK(refused(options));
  options.lutnet.epochs = {1, 1, 1, 1};
  options.lutnet.tiles = {16, 2};  // two lanes in a tile, tables of three
  CHECK(refused(options));
  options.lutnet.tiles = {2, 2};
  options.lutnet.stored = 4;  // of tables of four inputs: none is left for a lane
  CHECK(refused(options));
  options.lutnet.stored = 0;
  CHECK(refused(options));
  options.lutnet.tiles = {8, 2};  // three lanes in a tile, fewer than stored bits
  options.lutnet.stored = 4;
  options.fan_in = 6;
  CHECK(refused(options));
  options.lutnet.stored = 1;
  options.fan_in = 4;
  options.lutnet.tiles = {2, 2};
  options.lutnet.learn_inputs = 0.5;
  CHECK(refused(options));
  options = small_options(train::Recipe::lutnet);
  options.lutnet.stored = 2;  // without tiles
  CHECK(refused(options));
  options = small_options(train::Recipe::bnn);
  options.lutnet.epochs = {1, 1};
  CHECK(refused(options));
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <numeric>
#include <optional>

#include <fmt/core.h>

#include "lutgen/io/json.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/train/batch_tensors.hpp"
#include "lutgen/train/binary_network.hpp"
#include "lutgen/train/checkpoint.hpp"
#include "lutgen/train/epoch_text.hpp"
#include "lutgen/train/loader.hpp"
#include "lutgen/train/lut_batch.hpp"
#include "lutgen/train/train.hpp"

namespace lutgen::train {
namespace {

constexpr double kSlowest = 0.02;        // of the rate, at the end of the last step
constexpr double kDecay = 1e-6;          // of the rate, by step of Adam
constexpr double kRegularization = 5e-7;  // of the real weights that pruning looks at
constexpr std::uint32_t kShrinkRounds = 3;

/// The steps of the recipe. Only the tiled form has `tables`, in which tables have real entries.
enum class Step : std::uint8_t { real, pruned, tables, frozen };
constexpr std::array kSteps = {Step::real, Step::pruned, Step::tables, Step::frozen};

class LutnetTraining {
 public:
  LutnetTraining(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options)
      : options_(options),
        recipe_(options.lutnet),
        classes_(training.class_count),
        encoder_(make_encoder(training, options.encoder)),
        loader_(training, encoder_, options.warp, options.seed, options.threads),
        validation_loader_(validation, encoder_, {}, options.seed, options.threads),
        samples_(training.sample_count()),
        validation_samples_(validation.sample_count()),
        shape_(training.shape),
        data_(training.name),
        rng_(options.seed) {}

  Result<Trained> run() {
    LUTGEN_TRY_VOID(check());
    at::set_num_threads(1);  // sums in one order
    network_ = std::make_unique<BinaryNetwork>(encoder_, options_.neurons, classes_, recipe_.levels, rng_, tiling());
    for (std::size_t r = 1; is_tiled() && r < network_->layers().size(); ++r) {
      const BinaryLayer::Shape& shape = network_->layers()[r]->shape();
      const std::uint32_t lanes = shape.lanes / shape.tiling.inputs;
      const std::uint32_t least = std::max(recipe_.stored, options_.fan_in - recipe_.stored);
      if (lanes >= least) continue;
      return fail(Code::train_bad_shape, options_.name, fmt::format("expected at least {} lanes in a tile, found {}", least, lanes), "fewer --tiles, --inputs or --stored");
    }
    LUTGEN_TRY_VOID(restore());
    text_.emplace(std::accumulate(recipe_.epochs.begin(), recipe_.epochs.end(), 0U), static_cast<std::uint32_t>(figures_.size()));
    for (const Step step : kSteps) {
      if (step < step_ || (step == Step::tables && !is_tiled())) continue;
      if (step > step_) LUTGEN_TRY_VOID(enter(step));
      LUTGEN_TRY_VOID(run_step());
    }
    Trained trained{network_->make_model(options_.name, shape_), figures_};
    LUTGEN_TRY_VOID(model::validate_model(trained.model, options_.name));
    return trained;
  }

 private:
  [[nodiscard]] Result<void> check() const {
    const auto bad = [&](std::string message, const char* hint) { return fail(Code::train_bad_shape, options_.name, std::move(message), hint); };
    if (classes_ < 2) return bad(fmt::format("expected two classes or more, found {}", classes_), "the labels are all the same");
    if (samples_ < options_.batch) {
      return bad(fmt::format("expected at least {} samples to learn from, a batch, found {}", options_.batch, samples_), "a smaller --batch");
    }
    if (encoder_.live.empty()) return bad("expected bits that differ between samples, found none", "more thresholds for each feature: --levels");
    const std::size_t steps = is_tiled() ? 4 : 3;
    if (recipe_.epochs.size() != steps) {
      return bad(fmt::format("expected epochs of {} steps, found {} numbers", steps, recipe_.epochs.size()),
                 is_tiled() ? "--step-epochs 6,3,3,6: the third is that of real tables" : "--step-epochs 6,3,6");
    }
    const bool is_unrolled_only = recipe_.learn_inputs > 0 || recipe_.expand_first || recipe_.shrink > 0;
    if (is_tiled() && is_unrolled_only) {
      return bad("expected tables as they are drawn in the tiled form, found options that change their inputs", "no --learn-inputs, --expand-first and --shrink beside --tiles");
    }
    if (is_tiled() && (recipe_.stored == 0 || recipe_.stored >= options_.fan_in)) {
      return bad(fmt::format("expected tables with a stored input and another one, found {} of {} inputs stored", recipe_.stored, options_.fan_in), "a smaller --stored or more --inputs");
    }
    if (!is_tiled() && recipe_.stored != 1) return bad("expected stored inputs in the tiled form only, found some", "--tiles 8,8 beside --stored, with --recipe lutnet");
    if (options_.recipe == Recipe::bnn && is_unrolled_only) {
      return bad("expected no options of tables with the recipe bnn, found one", "--recipe lutnet, or no --learn-inputs, --expand-first and --shrink");
    }
    if (recipe_.expand_first && (options_.encoder.levels != 1 || encoder_.live.size() < options_.fan_in)) {
      return bad(fmt::format("expected one threshold a feature and {} bits that differ between samples, found {} and {}", options_.fan_in,
                             options_.encoder.levels, encoder_.live.size()),
                 "--expand-first is for --levels 1");
    }
    if (recipe_.shrink > 0 && recipe_.epochs.back() == 0) return bad("expected an epoch or more of the last step, in which inputs are removed, found none", "--step-epochs 6,3,6");
    if (!recipe_.tiles.empty() && (recipe_.tiles.size() != 2 || recipe_.tiles[0] == 0 || recipe_.tiles[1] == 0)) {
      return bad("expected two numbers of tiles, 1 or more", "--tiles 8,8");
    }
    for (const std::uint32_t neurons : options_.neurons) {
      if (neurons < std::max(2U, options_.fan_in)) {
        return bad(fmt::format("expected at least {} neurons in each hidden layer, found {}", std::max(2U, options_.fan_in), neurons), "");
      }
    }
    return {};
  }

  /// Between two steps.
  Result<void> enter(Step step) {
    step_ = step;
    epochs_done_ = 0;
    optimizer_.reset();
    if (step == Step::pruned) return prune();
    if (step == Step::frozen) network_->freeze_scales(recipe_.scale_limit);
    if (options_.recipe != Recipe::lutnet || network_->layers().back()->is_expanded()) return {};
    const Expansion how{options_.fan_in, recipe_.stored, static_cast<float>(options_.soft), options_.threads, recipe_.learn_inputs > 0};
    for (std::size_t r = recipe_.expand_first ? 0 : 1; r < network_->layers().size(); ++r) {
      BinaryLayer& layer = *network_->layers()[r];
      is_tiled() ? layer.expand_tiled(how, rng_) : layer.expand(how, rng_);
    }
    return {};
  }

  Result<void> prune() {
    for (std::size_t r = 0; r < network_->layers().size(); ++r) {
      const bool is_first = r == 0;
      const bool is_last = r + 1 == network_->layers().size();
      const double density = is_first ? recipe_.first_density : is_last && recipe_.last_density > 0 ? recipe_.last_density : recipe_.density;
      const std::uint64_t left = network_->layers()[r]->prune(density, is_first ? 0 : recipe_.threshold);
      if (left != 0) continue;
      return fail(Code::train_bad_shape, options_.name, fmt::format("expected weights above {} in layer {}, found none", recipe_.threshold, r),
                  "a lower --prune, or --density");
    }
    return {};
  }

  /// Whether tables are shared by tiles. The recipe bnn has tiles for pruning only, and no step of tables.
  [[nodiscard]] bool is_tiled() const { return options_.recipe == Recipe::lutnet && recipe_.tiles.size() == 2; }
  [[nodiscard]] Tiling tiling() const { return recipe_.tiles.size() == 2 ? Tiling{recipe_.tiles[0], recipe_.tiles[1]} : Tiling{}; }
  [[nodiscard]] std::uint32_t epochs_of_step() const {
    return step_ == Step::frozen ? recipe_.epochs.back() : recipe_.epochs[static_cast<std::size_t>(step_)];
  }
  [[nodiscard]] Weights weights() const { return step_ == Step::real ? Weights::real : step_ == Step::tables ? Weights::real_tables : Weights::binary; }
  [[nodiscard]] bool is_stopped() const { return options_.stop_after != 0 && figures_.size() >= options_.stop_after; }

  Result<void> run_step() {
    while (epochs_done_ < epochs_of_step() && !is_stopped()) {
      if (step_ == Step::frozen) shrink();
      prepare_optimizer();
      figures_.push_back(run_epoch());
      figures_.back().validation = validate();
      ++epochs_done_;
      LUTGEN_TRY_VOID(save());
    }
    network_->train(false);
    return {};
  }

  /// As a new start: Adam forgets what it knew of the weights as they were.
  void prepare_optimizer() {
    if (optimizer_ == nullptr) optimizer_ = std::make_unique<torch::optim::Adam>(network_->trained(), torch::optim::AdamOptions(recipe_.rate).eps(1e-7));
  }

  /// Part of the last step that has passed before this epoch of it.
  [[nodiscard]] double passed() const { return static_cast<double>(epochs_done_) / epochs_of_step(); }

  /// Removes inputs where a round is due before this epoch: three rounds in the first third of what follows the
  /// learning of inputs.
  void shrink() {
    std::uint32_t due = rounds_done_;
    while (recipe_.shrink > 0 && due < kShrinkRounds && passed() >= recipe_.learn_inputs + (1 - recipe_.learn_inputs) * 0.5 * due / kShrinkRounds - 1e-9) ++due;
    // All inputs that are to go are gone before the last epoch.
    if (recipe_.shrink > 0 && epochs_done_ + 1 == epochs_of_step()) due = kShrinkRounds;
    if (due == rounds_done_) return;
    rounds_done_ = due;
    for (const auto& layer : network_->layers()) {
      if (layer->is_expanded()) layer->operator_tables()->stop_learning();
    }
    network_->shrink(recipe_.shrink * due / kShrinkRounds);
    optimizer_.reset();
  }

  [[nodiscard]] double rate_at(std::uint64_t iteration, std::uint64_t all) const {
    const double decayed = recipe_.rate / (1 + kDecay * static_cast<double>(iteration));
    if (step_ != Step::frozen) return decayed;
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * static_cast<double>(iteration) / static_cast<double>(all)));
    return decayed * (kSlowest + (1 - kSlowest) * cosine);
  }

  EpochFigures run_epoch() {
    EpochFigures figures{.epoch = static_cast<std::uint32_t>(figures_.size()) + 1};
    const std::vector<std::uint32_t> order = loader_.order_of(figures.epoch);
    const std::uint64_t steps = samples_ / options_.batch;
    const std::string stage = stage_name();
    std::uint64_t right = 0;
    network_->train(true);
    for (std::uint64_t i = 0; i < steps; ++i) {
      const Batch batch = loader_.load(std::span(order).subspan(i * options_.batch, options_.batch), figures.epoch);
      const torch::Tensor scores = network_->forward(bits_of(batch), weights());
      torch::Tensor loss = torch::nn::functional::cross_entropy(
          scores.t(), torch::tensor(batch.labels), torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options_.smoothing));
      figures.loss += loss.item<double>() / static_cast<double>(steps);
      if (step_ == Step::real) loss = loss + regularization();
      optimizer_->zero_grad();
      loss.backward();
      learn(epochs_done_ * steps + i, steps * epochs_of_step());
      right += count_right(scores, batch.labels);
      if (options_.progress != nullptr) options_.progress->update(stage, i + 1, steps);
    }
    for (const auto& layer : network_->layers()) figures.switches += layer->is_expanded() ? layer->operator_tables()->switches() : 0;
    figures.training = static_cast<double>(right) / static_cast<double>(steps * options_.batch);
    return figures;
  }

  /// One step of everything that is trained, of `all` in this part of the recipe.
  void learn(std::uint64_t iteration, std::uint64_t all) {
    for (const auto& layer : network_->layers()) layer->tie_gradients();
    static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(rate_at(iteration, all));
    optimizer_->step();
    for (const auto& layer : network_->layers()) layer->clamp();
    const double progress = static_cast<double>(iteration) / static_cast<double>(all) / std::max(recipe_.learn_inputs, 1e-9);
    if (step_ != Step::frozen || progress >= 1) return;
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
    const ConnectionStep step{.rate = static_cast<float>(options_.connection_rate * cosine), .momentum = 0.95F, .step = iteration + 1};
    for (const auto& layer : network_->layers()) {
      if (layer->is_expanded()) layer->operator_tables()->learn_inputs(step);
    }
  }

  [[nodiscard]] std::string stage_name() const {
    const char* frozen = options_.recipe == Recipe::lutnet ? "tables" : "frozen scales";
    const char* name = step_ == Step::real ? "real weights" : step_ == Step::pruned ? "pruned" : step_ == Step::tables ? "real tables" : frozen;
    return fmt::format("{}: {}", name, text_->begin(static_cast<std::uint32_t>(figures_.size()) + 1, figures_.empty() ? nullptr : &figures_.back()));
  }

  /// Of the layers whose weights become tables.
  torch::Tensor regularization() {
    torch::Tensor sum = torch::zeros({});
    for (std::size_t r = 1; r < network_->layers().size(); ++r) sum = sum + network_->layers()[r]->half_squares();
    return sum * kRegularization;
  }

  /// In the last step as hardware computes it, before with real numbers.
  double validate() {
    if (validation_samples_ == 0) return 0;
    const torch::NoGradGuard no_gradient;
    network_->train(false);
    std::uint64_t right = 0;
    std::vector<std::uint32_t> samples;
    constexpr std::uint32_t at_once = 500;
    for (std::uint32_t first = 0; first < validation_samples_; first += at_once) {
      samples.clear();
      for (std::uint32_t s = first; s < std::min<std::size_t>(validation_samples_, first + at_once); ++s) samples.push_back(s);
      const Batch batch = validation_loader_.load(samples, 0);
      const torch::Tensor bits = bits_of(batch);
      right += count_right(step_ == Step::frozen ? network_->score_exactly(bits) : network_->forward(bits, weights()), batch.labels);
    }
    return static_cast<double>(right) / static_cast<double>(validation_samples_);
  }

  /// What a checkpoint has to agree with to go on from it.
  [[nodiscard]] std::string description() const {
    const WarpOptions& warp = options_.warp;
    const io::Json json = {{"recipe", options_.recipe == Recipe::lutnet ? "lutnet" : "bnn"},
                           {"data", data_},
                           {"samples", {samples_, validation_samples_}},
                           {"thresholds", encoder_.thermometer.thresholds},
                           {"neurons", options_.neurons},
                           {"tables", {options_.fan_in, options_.soft, recipe_.learn_inputs, options_.connection_rate, recipe_.expand_first, recipe_.shrink}},
                           {"tiles", recipe_.tiles},
                           {"stored", recipe_.stored},
                           {"levels", recipe_.levels},
                           {"epochs", recipe_.epochs},
                           {"pruning", {recipe_.density, recipe_.threshold, recipe_.first_density, recipe_.last_density}},
                           {"batch", options_.batch},
                           {"seed", options_.seed},
                           {"rate", recipe_.rate},
                           {"scale_limit", recipe_.scale_limit},
                           {"smoothing", options_.smoothing},
                           {"warp", {warp.share, warp.rotation_deg, warp.scale, warp.shear, warp.move, warp.elastic, warp.step}}};
    return json.dump();
  }

  Result<void> save() {
    if (options_.checkpoint.empty()) return {};
    torch::serialize::OutputArchive archive;
    archive.write("description", c10::IValue(description()));
    archive.write("step", c10::IValue(static_cast<std::int64_t>(step_)));
    archive.write("epochs", c10::IValue(static_cast<std::int64_t>(epochs_done_)));
    archive.write("rounds", c10::IValue(static_cast<std::int64_t>(rounds_done_)));
    torch::serialize::OutputArchive network;
    network_->save(network);
    archive.write("network", network);
    torch::serialize::OutputArchive optimizer;
    optimizer_->save(optimizer);
    archive.write("optimizer", optimizer);
    std::vector<double> figures;
    for (const EpochFigures& row : figures_) figures.insert(figures.end(), {row.loss, row.training, row.validation, static_cast<double>(row.switches)});
    archive.write("figures", torch::tensor(figures, torch::kDouble));
    return write_checkpoint(archive, options_.checkpoint);
  }

  /// Goes to where the checkpoint was written. What was drawn before is drawn again.
  Result<void> restore() {
    if (!options_.resume) return {};
    LUTGEN_TRY(torch::serialize::InputArchive archive, read_checkpoint(options_.checkpoint));
    c10::IValue value;
    if (!archive.try_read("description", value) || value.toStringRef() != description()) {
      return fail(Code::train_checkpoint_invalid, options_.checkpoint.string(), "expected a checkpoint of the same data and options, found one of others",
                  "give the options of the training that wrote it");
    }
    archive.read("step", value);
    step_ = static_cast<Step>(value.toInt());
    archive.read("epochs", value);
    epochs_done_ = static_cast<std::uint32_t>(value.toInt());
    archive.read("rounds", value);
    rounds_done_ = static_cast<std::uint32_t>(value.toInt());
    torch::serialize::InputArchive network;
    archive.read("network", network);
    network_->load(network, static_cast<float>(options_.soft), options_.threads);
    torch::serialize::InputArchive optimizer;
    archive.read("optimizer", optimizer);
    prepare_optimizer();
    optimizer_->load(optimizer);
    torch::Tensor figures;
    archive.read("figures", figures);
    for (std::int64_t i = 0; i < figures.numel(); i += 4) {
      const double* row = figures.data_ptr<double>() + i;
      figures_.push_back({static_cast<std::uint32_t>(i / 4 + 1), row[0], row[1], row[2], static_cast<std::uint64_t>(row[3])});
    }
    return {};
  }

  TrainOptions options_;
  LutnetOptions recipe_;
  std::uint32_t classes_;
  Encoder encoder_;
  Loader loader_;
  Loader validation_loader_;
  std::size_t samples_;
  std::size_t validation_samples_;
  std::vector<std::uint32_t> shape_;
  std::string data_;
  base::Rng rng_;
  std::unique_ptr<BinaryNetwork> network_;
  std::unique_ptr<torch::optim::Adam> optimizer_;  // null: a new one is due
  std::vector<EpochFigures> figures_;
  std::optional<EpochText> text_;
  Step step_ = Step::real;
  std::uint32_t epochs_done_ = 0;  // of this step
  std::uint32_t rounds_done_ = 0;  // of shrinking
};

}  // namespace

Result<Trained> train_lutnet(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options) {
  return LutnetTraining(training, validation, options).run();
}

}  // namespace lutgen::train

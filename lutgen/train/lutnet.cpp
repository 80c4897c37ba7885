// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include <fmt/core.h>

#include "lutgen/model/validate.hpp"
#include "lutgen/train/batch_tensors.hpp"
#include "lutgen/train/binary_network.hpp"
#include "lutgen/train/loader.hpp"
#include "lutgen/train/lut_batch.hpp"
#include "lutgen/train/train.hpp"

namespace lutgen::train {
namespace {

constexpr double kSlowest = 0.02;        // of the rate, at the end of the last step
constexpr double kDecay = 1e-6;          // of the rate, by step of Adam
constexpr double kRegularization = 5e-7;  // of the real weights that pruning looks at

/// The three steps of the recipe.
enum class Step : std::uint8_t { real, pruned, frozen };

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
        rng_(options.seed) {}

  Result<Trained> run() {
    LUTGEN_TRY_VOID(check());
    at::set_num_threads(1);  // sums in one order
    network_ = std::make_unique<BinaryNetwork>(encoder_, options_.neurons, classes_, recipe_.levels, rng_);
    run_step(Step::real);
    LUTGEN_TRY_VOID(prune());
    run_step(Step::pruned);
    network_->freeze_scales(recipe_.scale_limit);
    if (options_.recipe == Recipe::lutnet) {
      for (std::size_t r = 1; r < network_->layers().size(); ++r) {
        network_->layers()[r]->expand(options_.fan_in, static_cast<float>(options_.soft), options_.threads, rng_);
      }
    }
    run_step(Step::frozen);
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
    if (recipe_.epochs.size() != 3) {
      return bad(fmt::format("expected epochs of three steps, found {} numbers", recipe_.epochs.size()), "--step-epochs 6,3,6");
    }
    if (!options_.checkpoint.empty()) return bad("expected no checkpoint with this recipe, found one", "only the recipe native writes checkpoints");
    for (const std::uint32_t neurons : options_.neurons) {
      if (neurons < std::max(2U, options_.fan_in)) {
        return bad(fmt::format("expected at least {} neurons in each hidden layer, found {}", std::max(2U, options_.fan_in), neurons), "");
      }
    }
    return {};
  }

  Result<void> prune() {
    for (std::size_t r = 0; r < network_->layers().size(); ++r) {
      const bool is_first = r == 0;
      const std::uint64_t left = network_->layers()[r]->prune(is_first ? recipe_.first_density : recipe_.density, is_first ? 0 : recipe_.threshold);
      if (left != 0) continue;
      return fail(Code::train_bad_shape, options_.name, fmt::format("expected weights above {} in layer {}, found none", recipe_.threshold, r),
                  "a lower --prune, or --density");
    }
    return {};
  }

  void run_step(Step step) {
    const std::uint32_t epochs = recipe_.epochs[static_cast<std::size_t>(step)];
    // As a new start: Adam forgets what it knew of the weights as they were.
    torch::optim::Adam optimizer(network_->trained(), torch::optim::AdamOptions(recipe_.rate).eps(1e-7));
    for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
      figures_.push_back(run_epoch(step, epoch, optimizer));
      figures_.back().validation = validate(step);
    }
    network_->train(false);
  }

  [[nodiscard]] double rate_at(Step step, std::uint64_t iteration, std::uint64_t all) const {
    const double decayed = recipe_.rate / (1 + kDecay * static_cast<double>(iteration));
    if (step != Step::frozen) return decayed;
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * static_cast<double>(iteration) / static_cast<double>(all)));
    return decayed * (kSlowest + (1 - kSlowest) * cosine);
  }

  EpochFigures run_epoch(Step step, std::uint32_t epoch, torch::optim::Adam& optimizer) {
    EpochFigures figures{.epoch = static_cast<std::uint32_t>(figures_.size()) + 1};
    const std::vector<std::uint32_t> order = loader_.order_of(figures.epoch);
    const std::uint64_t steps = samples_ / options_.batch;
    const std::uint64_t all = steps * recipe_.epochs[static_cast<std::size_t>(step)];
    std::uint64_t right = 0;
    network_->train(true);
    for (std::uint64_t i = 0; i < steps; ++i) {
      const Batch batch = loader_.load(std::span(order).subspan(i * options_.batch, options_.batch), figures.epoch);
      const torch::Tensor scores = network_->forward(bits_of(batch), step == Step::real ? Weights::real : Weights::binary);
      torch::Tensor loss = torch::nn::functional::cross_entropy(
          scores.t(), torch::tensor(batch.labels), torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options_.smoothing));
      figures.loss += loss.item<double>() / static_cast<double>(steps);
      if (step == Step::real) loss = loss + regularization();
      optimizer.zero_grad();
      loss.backward();
      static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options()).lr(rate_at(step, epoch * steps + i, all));
      optimizer.step();
      for (const auto& layer : network_->layers()) layer->clamp();
      right += count_right(scores, batch.labels);
      if (options_.progress != nullptr) options_.progress->update(stage(step, epoch), i + 1, steps);
    }
    figures.training = static_cast<double>(right) / static_cast<double>(steps * options_.batch);
    return figures;
  }

  [[nodiscard]] std::string stage(Step step, std::uint32_t epoch) const {
    const char* frozen = options_.recipe == Recipe::lutnet ? "tables" : "frozen scales";
    const char* name = step == Step::real ? "real weights" : step == Step::pruned ? "pruned" : frozen;
    return fmt::format("{}: epoch {} of {}", name, epoch + 1, recipe_.epochs[static_cast<std::size_t>(step)]);
  }

  /// Of the layers whose weights become tables.
  torch::Tensor regularization() {
    torch::Tensor sum = torch::zeros({});
    for (std::size_t r = 1; r < network_->layers().size(); ++r) sum = sum + network_->layers()[r]->half_squares();
    return sum * kRegularization;
  }

  /// In the last step as hardware computes it, before with real numbers.
  double validate(Step step) {
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
      const Weights weights = step == Step::real ? Weights::real : Weights::binary;
      right += count_right(step == Step::frozen ? network_->score_exactly(bits) : network_->forward(bits, weights), batch.labels);
    }
    return static_cast<double>(right) / static_cast<double>(validation_samples_);
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
  base::Rng rng_;
  std::unique_ptr<BinaryNetwork> network_;
  std::vector<EpochFigures> figures_;
};

}  // namespace

Result<Trained> train_lutnet(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options) {
  return LutnetTraining(training, validation, options).run();
}

}  // namespace lutgen::train

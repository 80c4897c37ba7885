// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>

#include <fmt/core.h>

#include "lutgen/io/json.hpp"
#include "lutgen/train/area.hpp"
#include "lutgen/train/batch_tensors.hpp"
#include "lutgen/train/checkpoint.hpp"
#include "lutgen/train/epoch_text.hpp"
#include "lutgen/train/loader.hpp"
#include "lutgen/train/native_network.hpp"
#include "lutgen/train/teacher.hpp"
#include "lutgen/train/train.hpp"

namespace lutgen::train {
namespace {

constexpr double kSlowest = 0.02;  // of the tables' rate, at the end
constexpr double kTablesShare = 0.9;  // of the LUTs allowed, where the encoder takes some
constexpr double kFirstPrice = 3e-5;  // of a LUT, where a number of them is allowed
constexpr std::uint32_t kRemovals = 3;
constexpr double kFirstRemoval = 0.3;  // part of the training that has passed
constexpr double kLastRemoval = 0.6;
constexpr std::size_t kCalibrationSamples = 4096;

class NativeTraining {
 public:
  NativeTraining(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options)
      : options_(options),
        classes_(training.class_count),
        encoder_(make_encoder(training, options.encoder)),
        loader_(training, encoder_, options.warp, options.seed, options.threads),
        validation_loader_(validation, encoder_, {}, options.seed, options.threads),
        samples_(training.sample_count()),
        validation_samples_(validation.sample_count()),
        shape_(training.shape),
        data_(training.name),
        device_(options.device == Device::cuda ? torch::kCUDA : torch::kCPU),
        price_(options.price) {}

  Result<Trained> run() {
    LUTGEN_TRY_VOID(check_data());
    LUTGEN_TRY_VOID(fit_luts());
    LUTGEN_TRY_VOID(check());
    // Its own operators on one thread: sums in one order.
    at::set_num_threads(1);
    network_ = std::make_unique<NativeNetwork>(encoder_, options_, first_neurons(), classes_, price_ > 0);
    optimizer_ = std::make_unique<torch::optim::Adam>(network_->trained(), torch::optim::AdamOptions(options_.table_rate).eps(1e-10));
    LUTGEN_TRY_VOID(call_teachers());
    LUTGEN_TRY(const std::uint32_t done, restore());
    const std::uint32_t last = options_.stop_after != 0 ? std::min(options_.stop_after, options_.epochs) : options_.epochs;
    const EpochText text(options_.epochs, done);
    for (std::uint32_t epoch = done + 1; epoch <= last; ++epoch) {
      figures_.push_back(run_epoch(epoch, text.begin(epoch, figures_.empty() ? nullptr : &figures_.back())));
      if (tables_after(epoch) < network_->table_count()) network_->remove_tables(tables_after(epoch));
      network_->put_average();
      figures_.back().validation = validate();
      LUTGEN_TRY(const model::Model model, network_->make_model(options_.name, shape_));
      network_->take_average();
      figures_.back().luts = count_luts(model);
      // A little below what is allowed, so that it is not above in the end.
      if (options_.luts != 0) price_ *= static_cast<double>(figures_.back().luts) > 0.98 * static_cast<double>(options_.luts) ? 2 : 1 / 1.3;
      LUTGEN_TRY_VOID(save(epoch));
    }
    network_->put_average();
    LUTGEN_TRY(model::Model model, network_->make_model(options_.name, shape_));
    return Trained{std::move(model), figures_};
  }

 private:
  [[nodiscard]] std::size_t group() const { return options_.neurons.back() / classes_; }
  [[nodiscard]] double temperature() const {
    return options_.temperature > 0 ? options_.temperature : 0.38 * std::sqrt(static_cast<double>(group()));
  }
  [[nodiscard]] std::uint64_t steps_per_epoch() const { return samples_ / options_.batch; }

  /// Tables of each rank at the start: with spare ones in the last, as many for each class.
  [[nodiscard]] std::vector<std::uint32_t> first_neurons() const {
    std::vector<std::uint32_t> neurons = options_.neurons;
    neurons.back() += classes_ * static_cast<std::uint32_t>(std::ceil(static_cast<double>(group()) * options_.spare));
    return neurons;
  }

  /// Tables of the last rank that are left after an epoch: the spare ones go in rounds.
  [[nodiscard]] std::uint64_t tables_after(std::uint32_t epoch) const {
    const double passed = static_cast<double>(epoch) / options_.epochs;
    std::uint32_t rounds = 0;
    while (rounds < kRemovals && passed >= kFirstRemoval + (kLastRemoval - kFirstRemoval) * rounds / (kRemovals - 1) - 1e-9) ++rounds;
    const std::uint64_t spare = first_neurons().back() - options_.neurons.back();
    return options_.neurons.back() + spare - spare * rounds / kRemovals;
  }

  /// Where tables are to be learned from other networks.
  Result<void> call_teachers() {
    if (options_.teachers.empty()) return {};
    LUTGEN_TRY(Teacher teacher, Teacher::make(options_.teachers, shape_features(), classes_));
    teacher_ = std::move(teacher);
    loader_.keep_values();
    // As training sees them: a teacher has mostly learned from the same samples.
    std::vector<std::uint32_t> samples = loader_.order_of(1);
    samples.resize(std::min(samples.size(), kCalibrationSamples));
    const Batch batch = loader_.load(samples, 1);
    teacher_->calibrate(batch.values, batch.labels, options_.threads);
    return {};
  }

  [[nodiscard]] std::size_t shape_features() const {
    std::size_t product = 1;
    for (const std::uint32_t extent : shape_) product *= extent;
    return product;
  }

  /// With a number of LUTs that is allowed: the tables that fit, and a price.
  Result<void> fit_luts() {
    if (options_.luts == 0) return {};
    const bool is_free = std::all_of(encoder_.costs.begin(), encoder_.costs.end(), [](double cost) { return cost == 0; });
    if (!is_free && price_ == 0) price_ = kFirstPrice;
    const auto allowed = static_cast<std::uint64_t>(static_cast<double>(options_.luts) * (is_free ? 1 : kTablesShare));
    const std::uint32_t tables = tables_within(allowed, classes_, options_.fan_in, static_cast<std::uint32_t>(encoder_.live.size()));
    if (tables < options_.fan_in) {
      return fail(Code::train_bad_shape, options_.name,
                  fmt::format("expected LUTs for at least one table for each of {} classes, their counters and argmax, found {} allowed", classes_, options_.luts),
                  "more --luts");
    }
    options_.neurons = {tables};
    return {};
  }

  [[nodiscard]] Result<void> check_data() const {
    const auto bad = [&](std::string message, const char* hint) { return fail(Code::train_bad_shape, options_.name, std::move(message), hint); };
    if (options_.device == Device::cuda && !torch::cuda::is_available()) {
      return fail(Code::train_no_device, "cuda", "expected a GPU that this libtorch can use, found none",
                  "Debian's libtorch knows the processor only: build with -DCMAKE_PREFIX_PATH=FOLDER of one with CUDA, or leave out --device");
    }
    if (classes_ < 2) return bad(fmt::format("expected two classes or more, found {}", classes_), "the labels are all the same");
    if (samples_ < options_.batch) {
      return bad(fmt::format("expected at least {} samples to learn from, a batch, found {}", options_.batch, samples_), "a smaller --batch");
    }
    if (encoder_.live.size() < options_.fan_in) {
      return bad(fmt::format("expected at least {} bits that differ between samples, found {}", options_.fan_in, encoder_.live.size()),
                 "more thresholds for each feature: --levels, --quantiles");
    }
    return {};
  }

  [[nodiscard]] Result<void> check() const {
    const auto bad = [&](std::string message, const char* hint) { return fail(Code::train_bad_shape, options_.name, std::move(message), hint); };
    if (options_.neurons.back() % classes_ != 0 || options_.neurons.back() == 0) {
      return bad(fmt::format("expected a last layer with as many tables for each of {} classes, found {} tables", classes_, options_.neurons.back()),
                 "a multiple of the classes for --neurons");
    }
    if (options_.average > options_.frozen) {
      return bad(fmt::format("expected entries to be averaged while connections stay, for {} of the training, found {}", options_.frozen, options_.average),
                 "--average up to --frozen");
    }
    for (const std::uint32_t neurons : options_.neurons) {
      if (neurons < options_.fan_in) return bad(fmt::format("expected at least {} tables in each layer, found {}", options_.fan_in, neurons), "");
    }
    return {};
  }

  /// What the loss compares with: [samples, classes] probabilities of the labels, smoothed, and of the teachers.
  torch::Tensor targets_of(const Batch& batch) {
    torch::Tensor targets = torch::nn::functional::one_hot(torch::tensor(batch.labels), classes_).to(torch::kFloat);
    targets = targets * (1 - options_.smoothing) + options_.smoothing / classes_;
    if (!teacher_) return targets;
    const std::vector<float> known = teacher_->answer(batch.values, batch.labels.size(), options_.threads);
    return targets * (1 - options_.teach) + torch::tensor(known).view(targets.sizes()) * options_.teach;
  }

  torch::Tensor loss_of(const Batch& batch, const torch::Tensor& scores) {
    namespace nn = torch::nn::functional;
    if (!teacher_) {
      return nn::cross_entropy(scores, torch::tensor(batch.labels).to(device_), nn::CrossEntropyFuncOptions().label_smoothing(options_.smoothing));
    }
    return -(targets_of(batch).to(device_) * torch::log_softmax(scores, 1)).sum(1).mean();
  }

  /// Derivatives of each sample's cross entropy by the counts.
  void observe(const Batch& batch, const torch::Tensor& scores) {
    const torch::NoGradGuard no_gradient;
    const torch::Tensor probabilities = torch::softmax(scores, 1);
    const torch::Tensor gradients = (probabilities - targets_of(batch).to(device_)) / temperature();
    network_->observe(gradients.t(), (probabilities * (1 - probabilities)).t() / (temperature() * temperature()));
  }

  EpochFigures run_epoch(std::uint32_t epoch, const std::string& stage) {
    EpochFigures figures{.epoch = epoch};
    const std::vector<std::uint32_t> order = loader_.order_of(epoch);
    const std::uint64_t steps = steps_per_epoch();
    const bool is_removal = tables_after(epoch) < network_->table_count();
    std::uint64_t right = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const Batch batch = loader_.load(std::span(order).subspan(i * options_.batch, options_.batch), epoch);
      const torch::Tensor counts = network_->count(bits_of(batch).to(device_));
      const torch::Tensor scores = counts.t() / temperature();
      const torch::Tensor loss = loss_of(batch, scores);
      optimizer_->zero_grad();
      loss.backward();
      if (is_removal) observe(batch, scores);
      learn((epoch - 1) * steps + i + 1);
      figures.loss += loss.item<double>() / static_cast<double>(steps);
      right += count_right(counts.to(torch::kCPU), batch.labels);
      if (options_.progress != nullptr) options_.progress->update(stage, i + 1, steps);
    }
    figures.training = static_cast<double>(right) / static_cast<double>(steps * options_.batch);
    figures.switches = network_->switches();
    return figures;
  }

  /// One step of tables and connections. `step` counts from 1.
  void learn(std::uint64_t step) {
    const double progress = static_cast<double>(step - 1) / static_cast<double>(steps_per_epoch() * options_.epochs);
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
    static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(options_.table_rate * (kSlowest + (1 - kSlowest) * cosine));
    optimizer_->step();
    for (const auto& rank : network_->ranks()) {
      const torch::NoGradGuard no_gradient;
      rank->tables().clamp_(-1, 1);
      if (progress >= 1 - options_.frozen) continue;
      rank->learn({.rate = static_cast<float>(options_.connection_rate * cosine), .momentum = 0.95F, .step = step, .price = static_cast<float>(price_)});
    }
    if (progress >= 1 - options_.average) network_->average();
  }

  double validate() {
    if (validation_samples_ == 0) return 0;
    const torch::NoGradGuard no_gradient;
    std::uint64_t right = 0;
    std::vector<std::uint32_t> samples;
    for (std::uint32_t first = 0; first < validation_samples_; first += options_.batch) {
      samples.clear();
      for (std::uint32_t s = first; s < std::min<std::size_t>(validation_samples_, first + options_.batch); ++s) samples.push_back(s);
      const Batch batch = validation_loader_.load(samples, 0);
      right += count_right(network_->count(bits_of(batch).to(device_)).to(torch::kCPU), batch.labels);
    }
    return static_cast<double>(right) / static_cast<double>(validation_samples_);
  }

  /// What a checkpoint has to agree with to go on from it.
  [[nodiscard]] std::string description() const {
    const WarpOptions& warp = options_.warp;
    const io::Json json = {{"data", data_},
                           {"samples", {samples_, validation_samples_}},
                           {"thresholds", encoder_.thermometer.thresholds},
                           {"neurons", options_.neurons},
                           {"luts", options_.luts},
                           {"fan_in", options_.fan_in},
                           {"device", static_cast<int>(options_.device)},
                           {"epochs", options_.epochs},
                           {"batch", options_.batch},
                           {"seed", options_.seed},
                           {"rates", {options_.table_rate, options_.connection_rate, options_.frozen, options_.soft, options_.price}},
                           {"loss", {options_.temperature, options_.smoothing}},
                           {"spare", options_.spare},
                           {"average", options_.average},
                           {"teachers", {options_.teach, teacher_ ? teacher_->temperatures() : std::vector<double>()}},
                           {"warp", {warp.share, warp.rotation_deg, warp.scale, warp.shear, warp.move, warp.elastic, warp.step}}};
    return json.dump();
  }

  Result<void> save(std::uint32_t epoch) {
    if (options_.checkpoint.empty()) return {};
    torch::serialize::OutputArchive archive;
    archive.write("description", c10::IValue(description()));
    archive.write("epoch", c10::IValue(static_cast<std::int64_t>(epoch)));
    archive.write("price", c10::IValue(price_));
    network_->save(archive);
    std::vector<double> figures;
    for (const EpochFigures& row : figures_) {
      figures.insert(figures.end(), {row.loss, row.training, row.validation, static_cast<double>(row.switches), static_cast<double>(row.luts)});
    }
    archive.write("figures", torch::tensor(figures, torch::kDouble));
    torch::serialize::OutputArchive state;
    optimizer_->save(state);
    archive.write("optimizer", state);
    return write_checkpoint(archive, options_.checkpoint);
  }

  /// Epochs that are done already.
  Result<std::uint32_t> restore() {
    if (!options_.resume) return 0;
    LUTGEN_TRY(torch::serialize::InputArchive archive, read_checkpoint(options_.checkpoint));
    c10::IValue value;
    archive.read("description", value);
    if (value.toStringRef() != description()) {
      return fail(Code::train_checkpoint_invalid, options_.checkpoint.string(), "expected a checkpoint of the same data and options, found one of others",
                  "give the options of the training that wrote it");
    }
    archive.read("epoch", value);
    const auto epochs = static_cast<std::uint32_t>(value.toInt());
    archive.read("price", value);
    price_ = value.toDouble();
    network_->restore(archive);
    torch::Tensor figures;
    archive.read("figures", figures);
    for (std::uint32_t i = 0; i < epochs; ++i) {
      const double* row = figures.data_ptr<double>() + std::size_t{i} * 5;
      figures_.push_back({i + 1, row[0], row[1], row[2], static_cast<std::uint64_t>(row[3]), static_cast<std::uint64_t>(row[4])});
    }
    torch::serialize::InputArchive state;
    archive.read("optimizer", state);
    optimizer_->load(state);
    return epochs;
  }

  TrainOptions options_;
  std::uint32_t classes_;
  Encoder encoder_;
  Loader loader_;
  Loader validation_loader_;
  std::size_t samples_;
  std::size_t validation_samples_;
  std::vector<std::uint32_t> shape_;
  std::string data_;
  torch::Device device_;
  double price_;
  std::optional<Teacher> teacher_;
  std::unique_ptr<NativeNetwork> network_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  std::vector<EpochFigures> figures_;
};

}  // namespace

Result<Trained> train_native(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options) {
  return NativeTraining(training, validation, options).run();
}

}  // namespace lutgen::train

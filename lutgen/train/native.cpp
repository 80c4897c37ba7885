// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include <fmt/core.h>

#include "lutgen/io/json.hpp"
#include "lutgen/model/validate.hpp"
#include "lutgen/train/area.hpp"
#include "lutgen/train/batch_tensors.hpp"
#include "lutgen/train/checkpoint.hpp"
#include "lutgen/train/epoch_text.hpp"
#include "lutgen/train/loader.hpp"
#include "lutgen/train/rank.hpp"
#include "lutgen/train/train.hpp"

namespace lutgen::train {
namespace {

constexpr double kSlowest = 0.02;  // of the tables' rate, at the end
constexpr double kTablesShare = 0.9;  // of the LUTs allowed, where the encoder takes some
constexpr double kFirstPrice = 3e-5;  // of a LUT, where a number of them is allowed
constexpr double kDear = 0.05;     // weight of a bit that costs something among the first connections

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
    build();
    LUTGEN_TRY(const std::uint32_t done, restore());
    const std::uint32_t last = options_.stop_after != 0 ? std::min(options_.stop_after, options_.epochs) : options_.epochs;
    const EpochText text(options_.epochs, done);
    for (std::uint32_t epoch = done + 1; epoch <= last; ++epoch) {
      figures_.push_back(run_epoch(epoch, text.begin(epoch, figures_.empty() ? nullptr : &figures_.back())));
      LUTGEN_TRY(const model::Model model, make_model());
      figures_.back().luts = count_luts(model);
      // A little below what is allowed, so that it is not above in the end.
      if (options_.luts != 0) price_ *= static_cast<double>(figures_.back().luts) > 0.98 * static_cast<double>(options_.luts) ? 2 : 1 / 1.3;
      LUTGEN_TRY_VOID(save(epoch));
    }
    LUTGEN_TRY(model::Model model, make_model());
    return Trained{std::move(model), figures_};
  }

 private:
  [[nodiscard]] std::size_t group() const { return options_.neurons.back() / classes_; }
  [[nodiscard]] double temperature() const {
    return options_.temperature > 0 ? options_.temperature : 0.38 * std::sqrt(static_cast<double>(group()));
  }
  [[nodiscard]] std::uint64_t steps_per_epoch() const { return samples_ / options_.batch; }

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
    for (const std::uint32_t neurons : options_.neurons) {
      if (neurons < options_.fan_in) return bad(fmt::format("expected at least {} tables in each layer, found {}", options_.fan_in, neurons), "");
    }
    return {};
  }

  void build() {
    base::Rng rng(options_.seed);
    // Bits that are 0 as often as 1 are the likeliest first connections.
    std::vector<double> weights;
    for (std::size_t i = 0; i < encoder_.live.size(); ++i) {
      const double ones = encoder_.ones[encoder_.live[i]];
      const bool is_dear = price_ > 0 && encoder_.costs[i] > 0;
      weights.push_back(std::sqrt(ones * (1 - ones)) * (is_dear ? kDear : 1));
    }
    std::vector<torch::Tensor> parameters;
    for (const std::uint32_t neurons : options_.neurons) {
      torch::Tensor tables = torch::empty({neurons, std::int64_t{1} << options_.fan_in});
      float* entry = tables.data_ptr<float>();
      for (std::int64_t i = 0; i < tables.numel(); ++i) entry[i] = static_cast<float>(2 * rng.unit() - 1);
      const Rank::Start start{tables, options_.fan_in, weights, ranks_.empty() ? encoder_.costs : std::vector<double>()};
      ranks_.push_back(options_.device == Device::cpu ? make_kernel_rank(start, rng, options_.threads) : make_tensor_rank(start, rng, device_));
      parameters.push_back(ranks_.back()->tables());
      weights.assign(neurons, 1.0);
    }
    optimizer_ = std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(options_.table_rate).eps(1e-10));
  }

  /// Counts of the ones in each class's tables: [classes, samples].
  torch::Tensor count(const Batch& batch) {
    const auto samples = static_cast<std::int64_t>(batch.labels.size());
    torch::Tensor bits = bits_of(batch).to(device_);
    for (const auto& rank : ranks_) bits = rank->forward(bits, static_cast<float>(options_.soft));
    return bits.view({classes_, static_cast<std::int64_t>(group()), samples}).sum(1);
  }

  EpochFigures run_epoch(std::uint32_t epoch, const std::string& stage) {
    EpochFigures figures{.epoch = epoch};
    const std::vector<std::uint32_t> order = loader_.order_of(epoch);
    const std::uint64_t steps = steps_per_epoch();
    std::uint64_t right = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const Batch batch = loader_.load(std::span(order).subspan(i * options_.batch, options_.batch), epoch);
      const torch::Tensor labels = torch::tensor(batch.labels).to(device_);
      const torch::Tensor counts = count(batch);
      const torch::Tensor scores = counts.t() / temperature();
      const torch::Tensor loss = torch::nn::functional::cross_entropy(
          scores, labels, torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options_.smoothing));
      optimizer_->zero_grad();
      loss.backward();
      learn((epoch - 1) * steps + i + 1);
      figures.loss += loss.item<double>() / static_cast<double>(steps);
      right += count_right(counts.to(torch::kCPU), batch.labels);
      if (options_.progress != nullptr) options_.progress->update(stage, i + 1, steps);
    }
    figures.training = static_cast<double>(right) / static_cast<double>(steps * options_.batch);
    figures.validation = validate();
    for (const auto& rank : ranks_) figures.switches += rank->switches();
    return figures;
  }

  /// One step of tables and connections. `step` counts from 1.
  void learn(std::uint64_t step) {
    const double progress = static_cast<double>(step - 1) / static_cast<double>(steps_per_epoch() * options_.epochs);
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
    static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(options_.table_rate * (kSlowest + (1 - kSlowest) * cosine));
    optimizer_->step();
    for (const auto& rank : ranks_) {
      const torch::NoGradGuard no_gradient;
      rank->tables().clamp_(-1, 1);
      if (progress >= 1 - options_.frozen) continue;
      rank->learn({.rate = static_cast<float>(options_.connection_rate * cosine), .momentum = 0.95F, .step = step, .price = static_cast<float>(price_)});
    }
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
      right += count_right(count(batch).to(torch::kCPU), batch.labels);
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
                           {"warp", {warp.share, warp.rotation_deg, warp.scale, warp.shear, warp.move, warp.elastic, warp.step}}};
    return json.dump();
  }

  Result<void> save(std::uint32_t epoch) {
    if (options_.checkpoint.empty()) return {};
    torch::serialize::OutputArchive archive;
    archive.write("description", c10::IValue(description()));
    archive.write("epoch", c10::IValue(static_cast<std::int64_t>(epoch)));
    archive.write("price", c10::IValue(price_));
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      archive.write(fmt::format("tables{}", r), ranks_[r]->tables().detach());
      ranks_[r]->save(archive, fmt::format("rank{}.", r));
    }
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
    const torch::NoGradGuard no_gradient;
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      torch::Tensor tensor;
      archive.read(fmt::format("tables{}", r), tensor);
      ranks_[r]->tables().copy_(tensor);
      ranks_[r]->restore(archive, fmt::format("rank{}.", r));
    }
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

  [[nodiscard]] Result<model::Model> make_model() const {
    model::Model model;
    model.name = options_.name;
    model.input = {shape_, encoder_.type};
    model.layers.resize(ranks_.size() + 3);
    model.layers[0].operation = encoder_.thermometer;
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      model::LutLayer luts;
      luts.neurons = options_.neurons[r];
      luts.fan_in = options_.fan_in;
      for (const std::uint32_t input : ranks_[r]->inputs()) luts.inputs.push_back(r == 0 ? encoder_.live[input] : input);
      luts.tables.resize(std::size_t{luts.neurons} * luts.table_bytes());
      const torch::Tensor tables = ranks_[r]->tables().detach().to(torch::kCPU).contiguous();
      const float* entry = tables.data_ptr<float>();
      for (std::size_t n = 0; n < luts.neurons; ++n) {
        for (std::size_t a = 0; a < std::size_t{1} << luts.fan_in; ++a) {
          if (*entry++ > 0) luts.tables[n * luts.table_bytes() + a / 8] |= static_cast<std::uint8_t>(1U << (a % 8));
        }
      }
      model.layers[r + 1].operation = std::move(luts);
    }
    model.layers[ranks_.size() + 1].operation = model::GroupSum{classes_};
    model.layers[ranks_.size() + 2].operation = model::Argmax{};
    LUTGEN_TRY_VOID(model::validate_model(model, options_.name));
    return model;
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
  std::vector<std::unique_ptr<Rank>> ranks_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  std::vector<EpochFigures> figures_;
};

}  // namespace

Result<Trained> train_native(const data::Dataset& training, const data::Dataset& validation, const TrainOptions& options) {
  return NativeTraining(training, validation, options).run();
}

}  // namespace lutgen::train

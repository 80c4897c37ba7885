// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "lutgen/cli/cli.hpp"
#include "lutgen/data/hold_out.hpp"
#include "lutgen/eval/unreached.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string output;
  std::string source = "mnist";
  double fraction = 0.15;
  std::uint64_t seed = 1;
  std::uint32_t most = 0;
  Common common;
};

/// Correct answers of a split, before and after.
struct Change {
  std::size_t samples = 0;
  std::size_t before = 0;
  std::size_t after = 0;

  /// Percentage points; below 0 for a loss.
  [[nodiscard]] double gain() const {
    return samples == 0 ? 0.0 : 100 * (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(samples);
  }
};

Result<std::size_t> count_correct(const model::Model& model, const data::Dataset& dataset, const eval::AnswerOptions& options) {
  LUTGEN_TRY(const eval::Answers answers, eval::answer_reference(model, dataset, options));
  return eval::measure_accuracy(answers, dataset.labels).correct;
}

io::Json to_json(const Change& change) {
  return {{"samples", change.samples}, {"correct_before", change.before}, {"correct_after", change.after}, {"gain_points", change.gain()}};
}

void print_rows(const model::Model& model, const std::vector<eval::UnreachedFigures>& rows, std::uint32_t most) {
  fmt::print("{:<24} {:>10} {:>22} {:>14} {:>10}\n", "layer", "entries", fmt::format("read at most {} times", most), "inputs", "constants");
  for (const eval::UnreachedFigures& row : rows) {
    if (row.skipped) {
      fmt::print("{:<24} left alone: more than {} inputs\n", layer_label(model, row.layer), eval::kMaxCountedInputs);
      continue;
    }
    fmt::print("{:<24} {:>10} {:>22} {:>14} {:>10}\n", layer_label(model, row.layer), row.entries, row.free,
               fmt::format("{} to {}", row.inputs_before, row.inputs_after), row.constants);
  }
}

Result<void> reduce(const Options& options) {
  LUTGEN_TRY(model::Model model, model::read_model(options.model));
  LUTGEN_TRY(const data::Dataset dataset, data::load_dataset(options.source, data::Split::train));
  const data::HeldOut held = data::hold_out(dataset, options.fraction, options.seed);
  const auto progress = make_progress();
  const eval::AnswerOptions answer{thread_count(options.common), progress.get()};
  Change training{.samples = held.training.sample_count()};
  Change validation{.samples = held.validation.sample_count()};
  LUTGEN_TRY(training.before, count_correct(model, held.training, answer));
  LUTGEN_TRY(validation.before, count_correct(model, held.validation, answer));
  LUTGEN_TRY(const auto rows, eval::drop_unreached(model, held.training, options.most, answer));
  LUTGEN_TRY(training.after, count_correct(model, held.training, answer));
  LUTGEN_TRY(validation.after, count_correct(model, held.validation, answer));
  LUTGEN_TRY_VOID(model::write_model(model, options.output));
  if (options.common.json) {
    io::Json layers = io::Json::array();
    for (const eval::UnreachedFigures& row : rows) {
      layers.push_back({{"layer", row.layer},
                        {"entries", row.entries},
                        {"free", row.free},
                        {"inputs_before", row.inputs_before},
                        {"inputs_after", row.inputs_after},
                        {"constants", row.constants},
                        {"skipped", row.skipped}});
    }
    print({{"model", model.name}, {"data", dataset.name}, {"output", options.output}, {"layers", layers},
           {"training", to_json(training)}, {"validation", to_json(validation)}});
    return {};
  }
  print_rows(model, rows, options.most);
  for (const auto& [name, change] : {std::pair{"training", training}, std::pair{"validation", validation}}) {
    fmt::print("{:<10} {} of {} correct before, {} after: {:+.2f} points\n", name, change.before, change.samples, change.after,
               change.gain());
  }
  fmt::print("written to {}: another network, to be proven and built as such\n", options.output);
  return {};
}

Exit run(const Options& options) {
  const auto done = reduce(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_reduce(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("reduce", "drop table inputs where training data never looks; says what that costs on validation data");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("-o,--output", options->output, "model file to write")->required();
  verb->add_option("--data", options->source, "mnist, optdigits, synthetic-digits, a folder with four IDX files, or a .csv, .npz or .npy file: its training split")
      ->capture_default_str();
  verb->add_option("--validation", options->fraction, "part of the training split that is held back to measure the loss")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 0.9));
  verb->add_option("--seed", options->seed, "seed of what is held back")->capture_default_str();
  verb->add_option("--most", options->most, "an entry is free where at most N training samples read it")->capture_default_str();
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

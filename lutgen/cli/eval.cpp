// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <fmt/core.h>

#include "lutgen/cli/cli.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  std::string target = "auto";
  Common common;
};

/// One evaluator's answers and how long they took.
struct Run {
  eval::Answers answers;
  double seconds = 0;
};

template <class Evaluator>
Result<Run> timed(Evaluator&& evaluator) {
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(eval::Answers answers, evaluator());
  return Run{std::move(answers), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

double samples_per_second(const Run& run) {
  return run.seconds > 0 ? static_cast<double>(run.answers.classes.size()) / run.seconds : 0;
}

/// Where two evaluators first differ; `scores` is their common layout.
struct Difference {
  std::size_t count = 0;   // scores that differ
  std::size_t first = 0;   // position of the first of them
};

Difference compare(const eval::Answers& golden, const eval::Answers& compiled) {
  Difference difference;
  for (std::size_t i = golden.scores.size(); i-- > 0;) {
    if (golden.scores[i] == compiled.scores[i]) continue;
    ++difference.count;
    difference.first = i;
  }
  return difference;
}

std::string witness_text(const eval::Answers& golden, const eval::Answers& compiled, const Difference& difference) {
  if (difference.count == 0) {
    return fmt::format("golden model and compiled network agree on all {} samples", golden.classes.size());
  }
  const std::size_t at = difference.first;
  return fmt::format("DIFFER in {} scores; the first is sample {}, class {}: golden model {}, compiled {}. This is a "
                     "bug in lutgen",
                     difference.count, at / golden.class_count, at % golden.class_count, golden.scores[at],
                     compiled.scores[at]);
}

void print_confusion(const eval::Accuracy& accuracy) {
  const std::uint32_t classes = accuracy.class_count;
  if (classes > 32) {
    fmt::print("\nThe confusion table of {} classes is in the output of --json.\n", classes);
    return;
  }
  fmt::print("\n{:>6} |", "label");
  for (std::uint32_t c = 0; c < classes; ++c) fmt::print(" {:>5}", c);
  fmt::print("   answered\n");
  for (std::uint32_t r = 0; r < classes; ++r) {
    fmt::print("{:>6} |", r);
    for (std::uint32_t c = 0; c < classes; ++c) {
      const auto count = accuracy.confusion[std::size_t{r} * classes + c];
      fmt::print(" {:>5}", count == 0 ? std::string(".") : fmt::format("{}", count));
    }
    fmt::print("\n");
  }
}

io::Json to_json(const model::Model& model, const data::Dataset& dataset, const std::string& split, const Run& golden,
                 const Run& compiled, eval::Target target, const eval::Accuracy& accuracy, const Difference& difference) {
  io::Json json;
  json["model"] = model.name;
  json["data"] = dataset.name;
  json["split"] = split;
  json["samples"] = accuracy.samples;
  json["correct"] = accuracy.correct;
  json["accuracy"] = accuracy.ratio();
  json["classes_sha256"] = accuracy.classes_sha256;
  json["scores_sha256"] = accuracy.scores_sha256;
  json["witnesses"] = {{"reference", accuracy.samples}, {"compiled", accuracy.samples}, {"differences", difference.count}};
  json["confusion"] = io::Json::array();
  for (std::uint32_t r = 0; r < accuracy.class_count; ++r) {
    const auto row = accuracy.confusion.begin() + static_cast<std::ptrdiff_t>(std::size_t{r} * accuracy.class_count);
    json["confusion"].push_back(std::vector<std::uint64_t>(row, row + accuracy.class_count));
  }
  // Measurements; everything above is the same in every run.
  json["target"] = eval::target_name(target);
  json["seconds"] = {{"reference", golden.seconds}, {"compiled", compiled.seconds}};
  json["samples_per_second"] = samples_per_second(compiled);
  return json;
}

/// Whether both witnesses agree.
Result<bool> evaluate(const Options& options) {
  LUTGEN_TRY(const model::Model model, model::read_model(options.model));
  LUTGEN_TRY(const data::Dataset dataset, load(options.data));
  const auto progress = make_progress();
  const eval::AnswerOptions answer{thread_count(options.common), progress.get()};
  LUTGEN_TRY(const Run golden, timed([&] { return eval::answer_reference(model, dataset, answer); }));
  LUTGEN_TRY(const eval::CompiledNetwork network, compile(model, options.target));
  LUTGEN_TRY(const Run compiled, timed([&] { return eval::answer_compiled(network, model, dataset, answer); }));
  const Difference difference = compare(golden.answers, compiled.answers);
  const eval::Accuracy accuracy = eval::measure_accuracy(golden.answers, dataset.labels);
  if (options.common.json) {
    print(to_json(model, dataset, options.data.split, golden, compiled, network.target(), accuracy, difference));
    return difference.count == 0;
  }
  fmt::print("network   {}\ndata      {}, {} split, {} samples\ncorrect   {} of {}: {:.2f} %\n", model.name,
             dataset.name, options.data.split, accuracy.samples, accuracy.correct, accuracy.samples,
             100 * accuracy.ratio());
  fmt::print("classes   sha256 {}\nscores    sha256 {}\n", accuracy.classes_sha256, accuracy.scores_sha256);
  fmt::print("witnesses {}\n", witness_text(golden.answers, compiled.answers, difference));
  print_confusion(accuracy);
  fmt::print(stderr, "speed     {}: {:.0f} samples a second, code made in {:.1f} ms\n", eval::target_name(network.target()),
             samples_per_second(compiled), 1000 * network.figures().seconds);
  return difference.count == 0;
}

Exit run(const Options& options) {
  const auto agree = evaluate(options);
  if (!agree) return report(agree.error());
  return *agree ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_eval(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("eval", "accuracy of the golden model on a data set, with a confusion table");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  add_data_options(*verb, options->data);
  add_target_option(*verb, options->target);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

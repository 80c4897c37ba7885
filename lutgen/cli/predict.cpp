// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <filesystem>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/cli/cli.hpp"
#include "lutgen/io/npy.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  bool features_only = false;
  std::string output;
  std::string scores;
  std::string target = "auto";
  Common common;
};

/// Whole numbers as a file: an array of NumPy, `width` bytes each, or lines of numbers with commas between.
///
/// values  [rows][columns]
std::string to_file(const std::string& path, const std::vector<std::int64_t>& values, std::size_t columns, std::size_t width) {
  if (std::filesystem::path(path).extension() == ".npy") {
    io::NpyArray array;
    array.type = io::NpyType::signed_integer;
    array.width = width;
    array.shape.push_back(values.size() / columns);
    if (columns > 1) array.shape.push_back(columns);
    for (const std::int64_t value : values) {
      for (std::size_t byte = 0; byte < width; ++byte) array.bytes += static_cast<char>((value >> (8 * byte)) & 0xFF);
    }
    return io::npy_text(array);
  }
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += fmt::format("{}{}", values[i], (i + 1) % columns == 0 ? '\n' : ',');
  }
  return text;
}

Result<data::Dataset> load_samples(const Options& options) {
  const bool is_npy = std::filesystem::path(options.data.source).extension() == ".npy";
  if (!options.features_only && !(is_npy && options.data.file.label.empty())) return load(options.data);
  LUTGEN_TRY(data::Dataset dataset, data::load_features(options.data.source));
  if (options.data.limit != 0) dataset.truncate(options.data.limit);
  return dataset;
}

void print_result(const Options& options, const model::Model& model, const eval::CompiledNetwork& network,
                  const data::Dataset& dataset, double seconds) {
  const std::size_t samples = dataset.sample_count();
  const double rate = seconds > 0 ? static_cast<double>(samples) / seconds : 0;
  if (options.common.json) {
    io::Json json = {{"model", model.name}, {"data", dataset.name}, {"samples", samples}, {"output", options.output}};
    if (!options.scores.empty()) json["scores"] = options.scores;
    json["target"] = eval::target_name(network.target());
    json["seconds"] = seconds;
    json["samples_per_second"] = rate;
    print(json);
    return;
  }
  fmt::print("network   {}\ndata      {}, {} samples\nwritten   {}{}{}\n", model.name, dataset.name, samples, options.output,
             options.scores.empty() ? "" : ", ", options.scores);
  fmt::print(stderr, "speed     {}: {:.0f} samples a second, code made in {:.1f} ms\n", eval::target_name(network.target()), rate,
             1000 * network.figures().seconds);
}

Result<void> predict(const Options& options) {
  LUTGEN_TRY(const model::Model model, model::read_model(options.model));
  LUTGEN_TRY_VOID(eval::check_has_classes(model));
  LUTGEN_TRY(data::Dataset dataset, load_samples(options));
  // The classes that a file may hold have no meaning here.
  std::fill(dataset.labels.begin(), dataset.labels.end(), 0);
  LUTGEN_TRY_VOID(eval::check_fit(model, dataset));
  LUTGEN_TRY(const eval::CompiledNetwork network, compile(model, options.target));
  const auto progress = make_progress();
  std::vector<std::uint32_t> classes(dataset.sample_count());
  std::vector<std::int64_t> scores(options.scores.empty() ? 0 : dataset.sample_count() * network.class_count());
  const auto start = std::chrono::steady_clock::now();
  std::visit([&](const auto& samples) {
    network.predict(samples, dataset.sample_count(), {classes, scores, {}}, {thread_count(options.common), progress.get()});
  }, dataset.features);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::vector<std::int64_t> numbers(classes.begin(), classes.end());
  LUTGEN_TRY_VOID(base::write_file(options.output, to_file(options.output, numbers, 1, 4)));
  if (!options.scores.empty()) {
    LUTGEN_TRY_VOID(base::write_file(options.scores, to_file(options.scores, scores, network.class_count(), 8)));
  }
  print_result(options, model, network, dataset, seconds);
  return {};
}

Exit run(const Options& options) {
  const auto done = predict(options);
  return done ? Exit::ok : report(done.error());
}

/// Refuses file names that do not say which of the two kinds is wanted.
std::string check_name(const std::string& name) {
  const auto extension = std::filesystem::path(name).extension();
  return extension == ".npy" || extension == ".csv" ? std::string() : "the file's name ends in .npy or .csv";
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("predict", "classes of samples, by code made for this machine");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("data", options->data.source,
                   "an .npy file of features, or mnist, optdigits, synthetic-digits, a folder with four IDX files, or a .csv or .npz file")
      ->required();
  verb->add_option("-o,--output", options->output, "file to write, .npy (32-bit numbers) or .csv: the class of each sample")
      ->required()
      ->check(check_name);
  verb->add_option("--scores", options->scores, "a second file, .npy (64-bit numbers) or .csv: the scores of each sample")->check(check_name);
  verb->add_flag("--features-only", options->features_only, "every column of a .csv file is a feature: there are no classes in it");
  verb->add_option("--split", options->data.split, "which part of the data: test or train")
      ->capture_default_str()
      ->check(CLI::IsMember({"test", "train"}));
  verb->add_option("--limit", options->data.limit, "use only the first N samples; 0 = all")->capture_default_str();
  add_file_options(*verb, options->data.file);
  add_target_option(*verb, options->target);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <span>

#include <fmt/core.h>

#include "lutgen/cli/cli.hpp"
#include "lutgen/data/hold_out.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/train/lut_batch.hpp"
#include "lutgen/train/plugin.hpp"

namespace lutgen::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string data;
  data::FileChoice file;
  std::string output;
  std::string augment = "none";
  std::string recipe = "native";
  std::string device = "cpu";
  double validation = 0.15;
  std::string checkpoint;
  std::vector<std::string> teachers;
  train::TrainOptions train;
  Common common;
};

/// The training component: beside the program in a build folder and in an install.
Result<train::TrainEntry> open_component() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  std::string problem = "not there";
  for (const char* folder : {"lib", LUTGEN_LIBRARY_FOLDER}) {
    const fs::path path = program.parent_path().parent_path() / folder / "liblutgen_train.so";
    if (!fs::exists(path, ignored)) continue;
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* entry = library == nullptr ? nullptr : ::dlsym(library, train::kTrainEntry);
    if (entry != nullptr) return reinterpret_cast<train::TrainEntry>(entry);
    problem = ::dlerror();
  }
  return fail(Code::train_not_built, "liblutgen_train.so", fmt::format("expected the training component beside the program, found it {}", problem),
              "scripts/setup --train installs libtorch; then build again");
}

/// Shifts are for images of 28 pixels, as MNIST's; smaller ones are moved less, and not by whole pixels.
train::WarpOptions warp_options(const std::string& name, const std::vector<std::uint32_t>& shape) {
  train::WarpOptions warp;
  if (name == "none" || shape.size() != 2) return warp;
  warp.share = name == "light" ? 0.5 : 0.8;
  warp.step = 0.2;
  if (name == "strong") {
    warp.rotation_deg = 8;
    warp.scale = 0.08;
    warp.shear = 0.1;
    warp.move = 1;
    warp.elastic = 0.6;
  }
  const double side = std::min(1.0, std::min(shape[0], shape[1]) / 28.0);
  warp.move *= side;
  warp.elastic *= side;
  if (side < 0.5) warp.step = 0;
  return warp;
}

void print_figures(const Options& options, const train::Trained& trained) {
  fmt::print("{:>6} {:>9} {:>11} {:>11} {:>10} {:>8}\n", "epoch", "loss", "training %", "held back %", "switches", "LUTs");
  for (const train::EpochFigures& row : trained.epochs) {
    fmt::print("{:>6} {:>9.4f} {:>11.2f} {:>11.2f} {:>10} {:>8}\n", row.epoch, row.loss, 100 * row.training, 100 * row.validation, row.switches,
               row.luts == 0 ? "-" : std::to_string(row.luts));
  }
  fmt::print("\nwritten to {}; lutgen eval says how good it is on the test split\n", options.output);
}

io::Json to_json(const Options& options, const train::Trained& trained) {
  io::Json epochs = io::Json::array();
  for (const train::EpochFigures& row : trained.epochs) {
    epochs.push_back({{"epoch", row.epoch}, {"loss", row.loss}, {"training", row.training}, {"validation", row.validation}, {"switches", row.switches}, {"luts", row.luts}});
  }
  return {{"model", trained.model.name}, {"data", options.data}, {"output", options.output}, {"seed", options.train.seed}, {"epochs", epochs}};
}

Result<void> train_network(Options options) {
  LUTGEN_TRY(const train::TrainEntry entry, open_component());
  LUTGEN_TRY(const data::Dataset dataset, data::load_dataset(options.data, data::Split::train, options.file));
  const data::HeldOut held = data::hold_out(dataset, options.validation, options.train.seed);
  for (const std::string& path : options.teachers) {
    LUTGEN_TRY(model::Model teacher, model::read_model(path));
    options.train.teachers.push_back(std::move(teacher));
  }
  const auto progress = make_progress();
  options.train.name = fs::path(options.output).stem().string();
  options.train.warp = warp_options(options.augment, dataset.shape);
  options.train.threads = thread_count(options.common);
  options.train.checkpoint = options.checkpoint;
  options.train.progress = progress.get();
  const train::TrainJob job{&held.training, &held.validation, &options.train};
  std::optional<Result<train::Trained>> result;
  entry(&job, &result);
  LUTGEN_TRY(const train::Trained trained, std::move(*result));
  LUTGEN_TRY_VOID(model::write_model(trained.model, options.output));
  if (options.common.json) {
    print(to_json(options, trained));
  } else {
    print_figures(options, trained);
  }
  return {};
}

Exit run(const Options& options) {
  const auto done = train_network(options);
  return done ? Exit::ok : report(done.error());
}

/// Options that mean nothing to the recipe chosen are refused, not ignored.
void refuse_others(const CLI::App& app, const std::string& recipe) {
  const bool is_native = recipe == "native";
  static constexpr std::array kNative = {"--epochs", "--temperature", "--table-rate", "--frozen", "--price", "--luts", "--device", "--spare", "--average", "--teacher", "--teach"};
  static constexpr std::array kLutnet = {"--residual", "--step-epochs", "--density", "--first-density", "--last-density", "--prune", "--weight-rate", "--scale-limit",
                                       "--learn-inputs", "--expand-first", "--shrink", "--tiles", "--stored"};
  const std::span<const char* const> others = is_native ? std::span<const char* const>(kLutnet) : std::span<const char* const>(kNative);
  if (app.count("--teach") > 0 && app.count("--teacher") == 0) throw CLI::ValidationError("--teach", "is for --teacher, which is not there");
  for (const char* option : others) {
    if (app.count(option) == 0) continue;
    throw CLI::ValidationError(option, fmt::format("is for {}, the recipe is {}", is_native ? "--recipe lutnet or bnn" : "--recipe native", recipe));
  }
}

/// What is not given on the command line and differs from recipe to recipe.
void choose_defaults(const CLI::App& app, Options& options) {
  train::TrainOptions& train = options.train;
  train.recipe = options.recipe == "lutnet" ? train::Recipe::lutnet : options.recipe == "bnn" ? train::Recipe::bnn : train::Recipe::native;
  train.device = options.device == "cuda" ? train::Device::cuda : options.device == "cpu" ? train::Device::cpu : train::Device::cpu_tensors;
  if (train.recipe == train::Recipe::native) return;
  if (app.count("--neurons") == 0) train.neurons = {256, 256, 256, 256};
  if (app.count("--inputs") == 0) train.fan_in = 4;
  if (app.count("--batch") == 0) train.batch = 100;
  if (app.count("--soft") == 0) train.soft = 0;
}

void add_lutnet_options(CLI::App& app, Options& options) {
  train::LutnetOptions& lutnet = options.train.lutnet;
  app.add_option("--recipe", options.recipe, "native: tables from the start; lutnet: a binarised network whose weights become tables; bnn: the same, left as weights")
      ->capture_default_str()
      ->check(CLI::IsMember({"native", "lutnet", "bnn"}));
  app.add_option("--residual", lutnet.levels, "lutnet, bnn: bits of a hidden neuron")->capture_default_str()->check(CLI::Range(1U, 3U));
  app.add_option("--step-epochs", lutnet.epochs, "lutnet, bnn: epochs with real weights, with pruned binary ones, and with frozen scales (lutnet: as tables); with --tiles four, the third with real tables")
      ->delimiter(',')
      ->expected(3, 4)
      ->capture_default_str();
  app.add_option("--density", lutnet.density, "lutnet, bnn: part of the weights that pruning leaves in every layer but the first")->capture_default_str()->check(CLI::Range(1e-6, 1.0));
  app.add_option("--first-density", lutnet.first_density, "lutnet, bnn: part of the weights that pruning leaves in the first layer")->capture_default_str()->check(CLI::Range(1e-6, 1.0));
  app.add_option("--last-density", lutnet.last_density, "lutnet, bnn: part of the weights that pruning leaves in the last layer; 0 = as --density")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_option("--prune", lutnet.threshold, "lutnet, bnn: instead of --density, leave the weights of a larger magnitude than this; 0 = do not")->capture_default_str()->check(CLI::Range(0.0, 1000.0));
  app.add_option("--weight-rate", lutnet.rate, "lutnet, bnn: learning rate of everything")->capture_default_str();
  app.add_option("--scale-limit", lutnet.scale_limit, "lutnet, bnn: largest whole number in the ratio of the frozen scales")->capture_default_str()->check(CLI::Range(1, 255));
  app.add_option("--learn-inputs", lutnet.learn_inputs, "lutnet: first part of the last step in which the tables' other inputs are learned; 0 = they are random")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_flag("--expand-first", lutnet.expand_first, "lutnet: the first layer becomes tables, too");
  app.add_option("--shrink", lutnet.shrink, "lutnet: part of the table inputs that is removed, the least salient ones")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_option("--tiles", lutnet.tiles, "lutnet, bnn: tiles of a layer's inputs and of its neurons, as in 8,8; lutnet: they share tables, which have a stored input")->delimiter(',')->expected(2)->check(CLI::PositiveNumber);
  app.add_option("--stored", lutnet.stored, "lutnet with --tiles: how many of a table's inputs are stored bits")->capture_default_str()->check(CLI::Range(1U, train::kMaxTrainedInputs - 1));
}

void add_network_options(CLI::App& app, Options& options) {
  train::TrainOptions& train = options.train;
  app.add_option("--neurons", train.neurons, "tables of each layer, with commas between; a multiple of the classes in the last; lutnet, bnn: hidden neurons, 256,256,256,256 when left out")->delimiter(',')->capture_default_str();
  app.add_option("--luts", train.luts, "instead of --neurons: LUTs of xc7 that encoder, tables, counters and argmax may take; 0 = as --neurons says")
      ->capture_default_str()
      ->excludes("--neurons");
  app.add_option("--inputs", train.fan_in, "inputs of a table; lutnet: 4 when left out")->capture_default_str()->check(CLI::Range(1U, train::kMaxTrainedInputs));
  app.add_option("--levels", train.encoder.levels, "thresholds of each feature")->capture_default_str()->check(CLI::Range(1U, 255U));
  app.add_flag("--quantiles", train.encoder.quantiles, "thresholds by the training set's quantiles, not at equal distances");
}

void add_training_options(CLI::App& app, Options& options) {
  train::TrainOptions& train = options.train;
  app.add_option("--epochs", train.epochs, "times that all samples are seen")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--batch", train.batch, "samples of a step; lutnet, bnn: 100 when left out")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seed", train.seed, "seed of everything random; the same seed gives the same model")->capture_default_str();
  app.add_option("--validation", options.validation, "part of the training split that is held back, for figures only")->capture_default_str()->check(CLI::Range(0.0, 0.9));
  app.add_option("--augment", options.augment, "changes to images while training: none, light or strong")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "light", "strong"}));
  app.add_option("--temperature", train.temperature, "what counts are divided by before the softmax; 0 = from the number of tables")->capture_default_str();
  app.add_option("--smoothing", train.smoothing, "part of a label's weight that is spread over all classes")->capture_default_str()->check(CLI::Range(0.0, 0.9));
  app.add_option("--table-rate", train.table_rate, "learning rate of table entries")->capture_default_str();
  app.add_option("--input-rate", train.connection_rate, "learning rate of connections")->capture_default_str();
  app.add_option("--frozen", train.frozen, "last part of the training in which connections stay")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_option("--soft", train.soft, "share of the real-valued slope in the gradient by an input; lutnet: 0 when left out")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_option("--price", train.price, "loss that a LUT of the encoder counts for, where features have several thresholds")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--spare", train.spare, "part of the last layer's tables that it begins with in addition; the least useful ones go while it learns")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 10.0));
  app.add_option("--average", train.average, "last part of the training over which table entries are averaged; up to --frozen; 0 = the last step's")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--teacher", options.teachers, "model files, with commas between, whose answers are learned beside the labels")->delimiter(',');
  app.add_option("--teach", train.teach, "weight of the teachers' answers in the loss; the labels have the rest")->capture_default_str()->check(CLI::Range(0.0, 1.0));
  app.add_option("--device", options.device, "what computes: cpu, cpu-tensors (without the kernels), or cuda, where the libtorch found has it")
      ->capture_default_str()
      ->check(CLI::IsMember({"cpu", "cpu-tensors", "cuda"}));
  CLI::Option* checkpoint = app.add_option("--checkpoint", options.checkpoint, "file that is written after every epoch");
  app.add_flag("--resume", train.resume, "go on from the checkpoint, to the same bytes")->needs(checkpoint);
  app.add_option("--stop-after", train.stop_after, "stop after that epoch, as if interrupted; 0 = do not")->capture_default_str();
}

}  // namespace

void add_train(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "learn a network of tables from data");
  verb->add_option("data", options->data, "mnist, optdigits, synthetic-digits, a folder with four IDX files, or a .csv, .npz or .npy file: its training split")->required();
  verb->add_option("-o,--output", options->output, "model file to write")->required();
  add_file_options(*verb, options->file);
  add_network_options(*verb, *options);
  add_training_options(*verb, *options);
  add_lutnet_options(*verb, *options);
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options, verb] {
    refuse_others(*verb, options->recipe);
    choose_defaults(*verb, *options);
    action = [options] { return run(*options); };
  });
}

}  // namespace lutgen::cli

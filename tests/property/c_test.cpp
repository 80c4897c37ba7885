// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/csource/emit.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/eval/reference.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using model::FeatureType;

namespace {

/// A network and what became of it.
struct Emitted {
  model::Model model;
  csource::Source source;
  bool scores = false;
};

/// Runs a compiler that takes warnings for errors.
void compile(const std::vector<std::string>& command, const std::vector<std::string>& arguments, const test::TemporaryFolder& folder) {
  base::ProcessSpec process{.arguments = command, .folder = folder.path(), .environment = {}, .log = folder.path() / "log"};
  for (const char* flag : {"-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Werror"}) process.arguments.emplace_back(flag);
  process.arguments.insert(process.arguments.end(), arguments.begin(), arguments.end());
  const auto done = base::run_process(process);
  if (!done) FAIL(base::read_file(folder.path() / "log").value_or(to_text(done.error())));
}

/// Networks as C, compiled and loaded; several compilers look at the text.
class Compiled {
 public:
  explicit Compiled(std::span<const Emitted> networks, const std::string& level = "-O1") {
    std::vector<std::string> files;
    for (const Emitted& network : networks) {
      REQUIRE(csource::write_source(network.source, folder_.path()).has_value());
      files.push_back(network.source.prefix + ".c");
    }
    const std::vector<std::vector<std::string>> others = {
        {"clang", "-std=c99"}, {"g++", "-x", "c++", "-std=c++11"}, {"clang++", "-x", "c++", "-std=c++11"}};
    for (auto command : others) {
      if (!base::find_program(command[0])) continue;
      command.emplace_back("-fsyntax-only");
      compile(command, files, folder_);
    }
    std::vector<std::string> arguments = {level, "-shared", "-fPIC", "-o", "networks.so"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    compile({"cc", "-std=c99"}, arguments, folder_);
    loaded_.reset(::dlopen((folder_.path() / "networks.so").c_str(), RTLD_NOW));
    REQUIRE(loaded_ != nullptr);
  }
  [[nodiscard]] void* find(const std::string& name) const {
    void* found = ::dlsym(loaded_.get(), name.c_str());
    REQUIRE(found != nullptr);
    return found;
  }

 private:
  struct Unload {
    void operator()(void* loaded) const { ::dlclose(loaded); }
  };
  test::TemporaryFolder folder_;
  std::unique_ptr<void, Unload> loaded_;
};

/// What NAME_predict wrote, a guard of one element after each.
template <class Class>
struct Written {
  std::vector<Class> first;  // classes or bits
  std::vector<std::int32_t> scores;
};

template <class Feature, class Class>
Written<Class> call(const Emitted& network, void* function, const data::Dataset& dataset) {
  const std::size_t samples = dataset.sample_count();
  const std::size_t classes = network.model.class_count();
  std::vector<Feature> features;
  for (std::size_t s = 0; s < samples; ++s) {
    for (const double value : eval::sample_features(dataset, s)) features.push_back(static_cast<Feature>(value));
  }
  const std::size_t columns = classes == 0 ? network.model.layers.back().output_count : 1;
  Written<Class> result{std::vector<Class>(samples * columns + 1, 77), std::vector<std::int32_t>(samples * classes + 1, 77)};
  const auto count = static_cast<std::uint32_t>(samples);
  if (network.scores && classes != 0) {
    reinterpret_cast<void (*)(const Feature*, std::uint32_t, Class*, std::int32_t*)>(function)(
        features.data(), count, result.first.data(), result.scores.data());
  } else {
    reinterpret_cast<void (*)(const Feature*, std::uint32_t, Class*)>(function)(features.data(), count, result.first.data());
  }
  return result;
}

template <class Feature, class Class>
void check_answers(const Emitted& network, void* function, const data::Dataset& dataset) {
  const Written<Class> found = call<Feature, Class>(network, function, dataset);
  const std::size_t classes = network.model.class_count();
  std::size_t layer = network.model.layers.size() - 1;
  if (network.model.layers[layer].output == model::ValueKind::class_index) {
    layer = static_cast<std::size_t>(network.model.layers[layer].sources[0]);
  }
  std::size_t different = 0;
  for (std::size_t s = 0; s < dataset.sample_count(); ++s) {
    const auto trace = eval::evaluate_reference(network.model, eval::sample_features(dataset, s));
    const auto& values = trace.values[layer];
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (classes == 0 && found.first[s * values.size() + i] != values[i]) ++different;
      if (classes != 0 && network.scores && found.scores[s * classes + i] != values[i]) ++different;
    }
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    if (classes != 0 && found.first[s] != static_cast<Class>(best)) ++different;
  }
  CHECK(different == 0);
  CHECK(found.first.back() == 77);
  if (classes == 0 || !network.scores) CHECK(std::all_of(found.scores.begin(), found.scores.end(), [](auto score) { return score == 77; }));
  CHECK(found.scores.back() == 77);
}

void check_network(const Emitted& network, const Compiled& compiled, const data::Dataset& dataset) {
  INFO(network.source.prefix);
  void* function = compiled.find(network.source.prefix + "_predict");
  if (network.model.class_count() > 256) {
    REQUIRE(network.model.input.type == FeatureType::bit);
    return check_answers<std::uint8_t, std::uint32_t>(network, function, dataset);
  }
  switch (network.model.input.type) {
    case FeatureType::bit:
    case FeatureType::u8: return check_answers<std::uint8_t, std::uint8_t>(network, function, dataset);
    case FeatureType::i8: return check_answers<std::int8_t, std::uint8_t>(network, function, dataset);
    case FeatureType::u16: return check_answers<std::uint16_t, std::uint8_t>(network, function, dataset);
    case FeatureType::i16: return check_answers<std::int16_t, std::uint8_t>(network, function, dataset);
    case FeatureType::i32: return check_answers<std::int32_t, std::uint8_t>(network, function, dataset);
    case FeatureType::f32: return check_answers<float, std::uint8_t>(network, function, dataset);
  }
}

Emitted emit(model::Model model, const csource::SourceOptions& options) {
  REQUIRE(model::validate_model(model, "random").has_value());
  auto source = csource::build_source(model, options);
  REQUIRE(source.has_value());
  return {std::move(model), std::move(*source), options.scores};
}

/// A random model whose features are of that type; random_model has three of them.
model::Model typed_model(std::uint64_t seed, FeatureType type) {
  const FeatureType like = type == FeatureType::bit ? type : type == FeatureType::u8 || type == FeatureType::u16 ? FeatureType::u8 : FeatureType::i8;
  model::Model model;
  do {
    model = test::random_model(seed++, {.features = 12, .table_inputs = 7, .classes = 12, .group = 6});
  } while (model.input.type != like);
  model.input.type = type;
  if (type == FeatureType::u8 || type == FeatureType::i8 || type == FeatureType::bit) return model;
  auto& encoder = std::get<model::Thermometer>(model.layers[0].operation);
  encoder.stored_type = type == FeatureType::f32 ? FeatureType::f32 : FeatureType::i32;
  for (double& threshold : encoder.thresholds) {
    if (type == FeatureType::f32) threshold = static_cast<float>(threshold / 7);
    if (type == FeatureType::u16 || type == FeatureType::i16) threshold *= 100;
    if (type == FeatureType::i32) threshold *= 10'000'019;
  }
  return model;
}

constexpr FeatureType kTypes[] = {FeatureType::bit, FeatureType::u8,  FeatureType::i8, FeatureType::u16,
                                  FeatureType::i16, FeatureType::i32, FeatureType::f32};

}  // namespace

TEST_CASE("random networks as C answer as the golden model does, without a warning, as C99 and as C++", "[c]") {
  if (!base::find_program("cc")) LUTGEN_SKIP("no C compiler (cc)");
  std::vector<Emitted> networks;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    for (const FeatureType type : kTypes) {
      networks.push_back(emit(typed_model(100 * seed, type), {.prefix = fmt::format("net{}_{}", seed, model::feature_type_name(type)),
                                                               .scores = seed % 2 == 0,
                                                               .model_sha256 = "none",
                                                               .part_ops = seed % 3 == 0 ? csource::kPartOps : static_cast<std::uint32_t>(10 * seed)}));
    }
  }
  const Compiled compiled(networks);
  for (std::size_t i = 0; i < networks.size(); ++i) {
    check_network(networks[i], compiled, eval::draw_samples(networks[i].model, i % 150, i));
  }
}

TEST_CASE("networks without inputs, of one class, and of more than 256, work as C", "[c]") {
  if (!base::find_program("cc")) LUTGEN_SKIP("no C compiler (cc)");
  base::Rng rng(5);
  std::vector<Emitted> networks;
  const auto add = [&](const std::string& prefix, std::uint32_t neurons, std::uint32_t groups, bool scores, bool is_constant) {
    model::Model model;
    model.name = prefix;
    model.input = {{7}, FeatureType::bit};
    model::LutLayer luts = test::random_luts(rng, neurons, 4, 7);
    if (is_constant) std::fill(luts.tables.begin(), luts.tables.end(), std::uint8_t{0xFF});
    model.layers.push_back({"", luts, {model::kNetworkInput}});
    if (groups != 0) model.layers.push_back({"", model::GroupSum{groups}, {0}});
    if (groups > 1) model.layers.push_back({"", model::Argmax{}, {1}});
    networks.push_back(emit(model, {.prefix = prefix, .scores = scores, .model_sha256 = "none"}));
  };
  add("one", 6, 1, false, false);
  add("one_scores", 6, 1, true, false);
  add("one_constant", 6, 1, true, true);
  add("constant", 6, 3, true, true);
  add("constant_bits", 6, 0, false, true);
  add("bits_and_scores", 6, 0, true, false);
  add("many", 600, 300, true, false);
  const Compiled compiled(networks);
  for (const Emitted& network : networks) check_network(network, compiled, eval::draw_samples(network.model, 130, 1));
}

/// Trained networks of the project, as C.
std::vector<Emitted> trained_networks(const std::function<bool(const std::string&)>& is_wanted) {
  std::vector<Emitted> networks;
  for (const auto& entry : std::filesystem::directory_iterator(LUTGEN_SOURCE_DIR "/sim/models")) {
    if (entry.path().extension() != ".safetensors") continue;
    auto model = model::read_model(entry.path().string());
    REQUIRE(model.has_value());
    if (!is_wanted(model->name)) continue;
    const bool scores = model->name.find("lut6") != std::string::npos;
    networks.push_back(emit(std::move(*model), {.scores = scores, .model_sha256 = "none"}));
  }
  return networks;
}

/// Whether a network's sums of thousands of weights take long to compile.
bool is_large(const std::string& name) { return name.find("lfc") != std::string::npos; }

void check_trained(const std::vector<Emitted>& networks) {
  const Compiled compiled(networks, "-O0");
  for (const Emitted& network : networks) {
    check_network(network, compiled, eval::draw_samples(network.model, 100, 1));
    if (network.model.input.feature_count() == 784) check_network(network, compiled, data::make_synthetic_digits(data::kSyntheticSeed, data::Split::test, 100));
  }
}

TEST_CASE("the trained networks as C answer as the golden model does", "[c]") {
  if (!base::find_program("cc")) LUTGEN_SKIP("no C compiler (cc)");
  const auto networks = trained_networks([](const std::string& name) { return !is_large(name); });
  REQUIRE(networks.size() >= 8);
  check_trained(networks);
}

TEST_CASE("the trained LUTNet as C answers as the golden model does", "[c_large]") {
  if (!base::find_program("cc")) LUTGEN_SKIP("no C compiler (cc)");
  const auto networks = trained_networks(is_large);
  REQUIRE(networks.size() == 1);
  check_trained(networks);
}

/// Bytes of stack that `work` takes on a thread of its own: how far up a painted stack was written to.
std::size_t stack_of(std::function<void()> work) {
  constexpr std::size_t kBytes = std::size_t{8} << 20;
  constexpr unsigned char kPaint = 0xA5;
  std::vector<unsigned char> stack(kBytes, kPaint);
  void* start = stack.data();
  std::size_t space = stack.size();
  std::align(4096, kBytes / 2, start, space);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstack(&attributes, start, space / 4096 * 4096) == 0);
  pthread_t thread;
  const auto run = [](void* what) -> void* { return (*static_cast<std::function<void()>*>(what))(), nullptr; };
  REQUIRE(pthread_create(&thread, &attributes, run, &work) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const auto lowest = std::find_if(stack.begin(), stack.end(), [](unsigned char byte) { return byte != kPaint; });
  REQUIRE(lowest != stack.begin());
  return static_cast<std::size_t>(stack.end() - lowest);
}

TEST_CASE("networks as C take no more stack than they say", "[c]") {
  if (!base::find_program("cc")) LUTGEN_SKIP("no C compiler (cc)");
  auto networks = trained_networks([](const std::string& name) { return name == "mnist-lut6-530" || name == "optdigits-lut6-400"; });
  REQUIRE(networks.size() == 2);
  for (const std::uint32_t part_ops : {30u, 1000u}) {
    networks.push_back(emit(typed_model(part_ops, FeatureType::u8), {.prefix = fmt::format("parts_{}", part_ops), .model_sha256 = "none", .part_ops = part_ops}));
  }
  // What calls take: return addresses and saved registers of three functions within each other, their counters, and alignment.
  constexpr std::size_t kCalls = 256;
  for (const bool is_optimised : {false, true}) {
    const Compiled compiled(networks, is_optimised ? "-O2" : "-O0");
    for (const Emitted& network : networks) {
      using Predict = void (*)(const std::uint8_t*, std::uint32_t, std::uint8_t*, std::int32_t*);
      const auto predict = reinterpret_cast<Predict>(compiled.find(network.source.prefix + "_predict"));
      const std::vector<std::uint8_t> features(network.model.input.feature_count() * 64);
      std::vector<std::uint8_t> answers(64 * 64);
      std::vector<std::int32_t> scores(64 * 64);
      const auto ask = [&](std::uint32_t samples) {
        return stack_of([&, samples] { if (samples != 0) predict(features.data(), samples, answers.data(), scores.data()); });
      };
      const std::size_t found = ask(64) - ask(0);
      const csource::SourceFigures& figures = network.source.figures;
      const std::size_t variables = is_optimised ? figures.live_bytes : figures.variable_bytes;
      INFO(network.source.prefix << (is_optimised ? " -O2" : " -O0") << ": " << found << " bytes, of them arrays " << figures.array_bytes << ", variables " << variables);
      CHECK(found >= figures.array_bytes);
      CHECK(found <= figures.array_bytes + variables + kCalls);
    }
  }
}

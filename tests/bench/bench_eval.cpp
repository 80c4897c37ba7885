// SPDX-License-Identifier: Apache-2.0
// Evaluation by generated code: tables per second on random networks, against the same network as C and in Verilator; images per
// second of a trained network, from bytes to classes; time to make the code. Every answer is compared before anything is timed.
// One thread; processor time, which other programs on the machine disturb less than wall time.
// usage: bench_eval RESULT.json WORK_FOLDER MODEL [PART[,PART]]   measure (tables, c, verilator, images, codegen; all when left out)
//        bench_eval RESULT.json --page                            print the tables
//        bench_eval --check WORK_FOLDER                           compare the answers on a small network, measure nothing
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/eval/bitsliced.hpp"
#include "lutgen/eval/compiled_network.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/eval/graph_program.hpp"
#include "lutgen/eval/machine_code.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/bench/eval_c.hpp"
#include "tests/bench/eval_page.hpp"
#include "tests/bench/measures.hpp"

using namespace lutgen;
using eval::Target;

namespace {

constexpr std::uint32_t kWidth = 1000;  // tables of each of two layers, and inputs
constexpr std::uint32_t kWide = 50'000;
constexpr int kRuns = 15;
constexpr double kLeastSeconds = 0.05;  // of a run
constexpr std::size_t kBlockSamples = 512;

/// Processor time of this process; the benchmark has one thread.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double median(const io::Json& figure) { return figure["median"].get<double>(); }

/// How often `work` can be done in a second: one run.
template <class Work>
double rate_of(const Work& work) {
  const double start = cpu_seconds();
  std::size_t times = 0;
  double seconds = 0;
  do {
    work();
    ++times;
    seconds = cpu_seconds() - start;
  } while (seconds < kLeastSeconds);
  return static_cast<double>(times) / seconds;
}

/// Two layers of `width` random tables of six different inputs; ends in bits.
model::Model random_network(std::uint32_t width, std::uint64_t seed) {
  base::Rng rng(seed);
  model::Model model;
  model.name = fmt::format("random_{}", width);
  model.input = {{width}, model::FeatureType::bit};
  for (int layer = 0; layer < 2; ++layer) {
    model::LutLayer luts;
    luts.neurons = width;
    luts.fan_in = 6;
    for (std::uint32_t n = 0; n < width; ++n) {
      std::vector<std::uint32_t> inputs;
      while (inputs.size() < 6) {
        const auto input = static_cast<std::uint32_t>(rng.below(width));
        if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
      }
      luts.inputs.insert(luts.inputs.end(), inputs.begin(), inputs.end());
      for (int byte = 0; byte < 8; ++byte) luts.tables.push_back(static_cast<std::uint8_t>(rng.next()));
    }
    model.layers.push_back({.name = {}, .operation = std::move(luts), .sources = {layer - 1}});
  }
  return model;
}

/// Words at a multiple of 64 bytes.
class Words {
 public:
  explicit Words(std::size_t count) : storage_(count + 8) {
    void* start = storage_.data();
    std::size_t space = storage_.size() * 8;
    words_ = static_cast<std::uint64_t*>(std::align(64, count * 8, start, space));
  }
  [[nodiscard]] std::uint64_t* data() { return words_; }

 private:
  std::vector<std::uint64_t> storage_;
  std::uint64_t* words_ = nullptr;
};

/// A random network's code on one target, with inputs for 2,048 samples.
class Subject {
 public:
  Subject(const logic::Graph& graph, Target target)
      : target_(target),
        graph_(&graph),
        program_(eval::build_program(graph, {}, eval::basis_of(target))),
        code_(eval::MachineCode::generate(program_.program, target)),
        blocks_(4 * kBlockSamples / samples_of_block()),
        inputs_(words(program_.program.input_count)),
        outputs_(words(program_.program.outputs.size())),
        scratch_(code_ == nullptr ? 0 : code_->scratch_words() * blocks_) {
    base::Rng rng(1);
    for (std::size_t i = 0; i < words(program_.program.input_count); ++i) inputs_.data()[i] = rng.next();
  }

  void run() {
    if (code_ != nullptr) {
      code_->run(inputs_.data(), outputs_.data(), scratch_.data(), blocks_);
      return;
    }
    const std::size_t in = program_.program.input_count * lanes();
    const std::size_t out = program_.program.outputs.size() * lanes();
    for (std::size_t b = 0; b < blocks_; ++b) {
      interpret(program_.program, lanes(), {inputs_.data() + b * in, in}, {outputs_.data() + b * out, out}, values_);
    }
  }

  /// Whether all outputs of the first and the last block are what the simple evaluator says.
  bool is_right() {
    run();
    for (const std::size_t block : {std::size_t{0}, blocks_ - 1}) {
      for (std::size_t lane = 0; lane < lanes(); ++lane) {
        const auto expected = eval::evaluate_bitsliced(*graph_, graph_inputs(block, lane)).bits;
        for (std::size_t o = 0; o < expected.size(); ++o) {
          const std::uint64_t mask = code_ != nullptr && is_inverted(program_.program.outputs[o]) ? ~std::uint64_t{0} : 0;
          if ((outputs_.data()[(block * expected.size() + o) * lanes() + lane] ^ mask) != expected[o]) return false;
        }
      }
    }
    return true;
  }

  /// Inputs of the graph for 64 samples.
  std::vector<std::uint64_t> graph_inputs(std::size_t block, std::size_t lane) {
    std::vector<std::uint64_t> result(graph_->input_count());
    const std::size_t inputs = program_.inputs.size();
    for (std::size_t i = 0; i < inputs; ++i) {
      result[graph_->input_index(program_.inputs[i])] = inputs_.data()[(block * inputs + i) * lanes() + lane];
    }
    return result;
  }

  [[nodiscard]] std::size_t samples() const { return blocks_ * samples_of_block(); }
  [[nodiscard]] Target target() const { return target_; }
  [[nodiscard]] io::Json describe() const {
    const auto tables = static_cast<double>(graph_->lut_count());
    return {{"target", eval::target_name(target_)},
            {"operations_per_table", static_cast<double>(program_.program.ops.size()) / tables},
            {"code_bytes_per_table", code_ == nullptr ? 0 : static_cast<double>(code_->code_bytes()) / tables}};
  }

 private:
  [[nodiscard]] std::size_t lanes() const { return eval::lanes_of(target_); }
  [[nodiscard]] std::size_t samples_of_block() const { return 64 * lanes(); }
  [[nodiscard]] std::size_t words(std::size_t count) const { return count * lanes() * blocks_; }

  Target target_;
  const logic::Graph* graph_;
  eval::GraphProgram program_;
  std::shared_ptr<const eval::MachineCode> code_;
  std::size_t blocks_;
  Words inputs_;
  Words outputs_;
  Words scratch_;
  std::vector<std::uint64_t> values_;
};

Result<void> wrong(const std::string& what) { return fail(Code::tool_failed, what, "gives wrong answers: nothing was timed"); }

struct Job {
  std::filesystem::path folder;
  std::string model;
  io::Json result;
};

std::vector<Target> targets() {
  std::vector<Target> result;
  for (const Target target : eval::kTargets) {
    if (eval::is_supported(target)) result.insert(result.begin(), target);
  }
  return result;
}

Result<void> measure_tables(Job& job, const model::Model& model, bool with_c) {
  LUTGEN_TRY(const logic::Lowered lowered, logic::lower(model, {}));
  std::vector<std::unique_ptr<Subject>> subjects;
  for (const Target target : targets()) {
    subjects.push_back(std::make_unique<Subject>(lowered.graph, target));
    if (!subjects.back()->is_right()) return wrong(std::string(eval::target_name(target)));
  }
  std::optional<bench::CompiledC> c;
  std::vector<std::uint64_t> c_inputs = subjects.front()->graph_inputs(0, 0);
  std::vector<std::uint64_t> c_outputs(kWidth);
  if (with_c) {
    LUTGEN_TRY(const bench::CompiledC quick, bench::CompiledC::make(model, job.folder / "c", "-O2"));
    LUTGEN_TRY(c, bench::CompiledC::make(model, job.folder / "c", "-O3"));
    c->evaluate(c_inputs.data(), c_outputs.data());
    if (c_outputs != eval::evaluate_bitsliced(lowered.graph, c_inputs).bits) return wrong("C");
    job.result["c"] = {{"compiler", "gcc -O3"}, {"compile_seconds", c->compile_seconds()}, {"compile_seconds_o2", quick.compile_seconds()}};
  }
  // In turns, so that what disturbs the machine disturbs all of them.
  std::map<Target, std::vector<double>> rates;
  std::vector<double> c_rates;
  for (int run = 0; run < kRuns; ++run) {
    for (const auto& subject : subjects) {
      rates[subject->target()].push_back(rate_of([&] { subject->run(); }) * static_cast<double>(subject->samples()) * 2 * kWidth);
    }
    if (c) c_rates.push_back(rate_of([&] { for (int i = 0; i < 32; ++i) c->evaluate(c_inputs.data(), c_outputs.data()); }) * 32 * 64 * 2 * kWidth);
  }
  if (c) job.result["c"]["lut6_per_second"] = bench::spread(c_rates);
  job.result["targets"] = io::Json::array();
  for (const auto& subject : subjects) {
    io::Json row = subject->describe();
    row["lut6_per_second"] = bench::spread(rates[subject->target()]);
    job.result["targets"].push_back(std::move(row));
  }
  return {};
}

/// What `measure_tables` checks first, for a network that is quickly compiled.
Result<void> check(const std::filesystem::path& folder) {
  model::Model model = random_network(60, 1);
  LUTGEN_TRY_VOID(model::validate_model(model, "random"));
  LUTGEN_TRY(const logic::Lowered lowered, logic::lower(model, {}));
  for (const Target target : targets()) {
    Subject subject(lowered.graph, target);
    if (!subject.is_right()) return wrong(std::string(eval::target_name(target)));
    const auto inputs = subject.graph_inputs(0, 0);
    std::vector<std::uint64_t> outputs(60);
    LUTGEN_TRY(const bench::CompiledC c, bench::CompiledC::make(model, folder, "-O0"));
    c.evaluate(inputs.data(), outputs.data());
    if (outputs != eval::evaluate_bitsliced(lowered.graph, inputs).bits) return wrong("C");
  }
  return {};
}

Result<void> measure_verilator(Job& job, const model::Model& model) {
  verilog::EmitOptions options;
  options.passes = {};
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, options));
  LUTGEN_TRY_VOID(verilog::write_design(design, job.folder / "verilator" / "design"));
  const data::Dataset samples = eval::draw_samples(model, 2000, 1);
  std::vector<double> rates;
  io::Json row;
  for (int run = 0; run < kRuns; ++run) {
    cosim::CosimOptions with;
    with.work = job.folder / "verilator" / "work";
    LUTGEN_TRY(const cosim::CosimReport report, cosim::run_cosim({.design = job.folder / "verilator" / "design", .model = model,
                                                                  .model_sha256 = {}, .dataset = samples, .options = with}));
    if (!report.passed()) return wrong("Verilator");
    rates.push_back(report.cycles_per_second() * 2 * kWidth);
    row["simulator"] = report.simulator;
    if (run == 0) row["build_seconds"] = report.build_seconds;
  }
  row["lut6_per_second"] = bench::spread(rates);
  job.result["verilator"] = std::move(row);
  return {};
}

/// The network as a person would write it in C++: one image at a time, a table lookup a neuron. One thermometer level, one LUT
/// layer, group sum, argmax.
class PlainNetwork {
 public:
  explicit PlainNetwork(const model::Model& model)
      : encoder_(std::get<model::Thermometer>(model.layers[0].operation)),
        luts_(std::get<model::LutLayer>(model.layers[1].operation)),
        groups_(std::get<model::GroupSum>(model.layers[2].operation).groups) {
    for (std::uint32_t n = 0; n < luts_.neurons; ++n) {
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < luts_.table_bytes(); ++i) word |= std::uint64_t{luts_.table_of(n)[i]} << (8 * i);
      tables_.push_back(word);
    }
    for (const double threshold : encoder_.thresholds) thresholds_.push_back(static_cast<std::uint8_t>(threshold));
  }

  [[nodiscard]] std::uint32_t classify(const std::uint8_t* image) const {
    std::vector<std::uint8_t> bits(thresholds_.size());
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = image[i] > thresholds_[i] ? 1 : 0;
    const std::uint32_t group = luts_.neurons / groups_;
    std::uint32_t best = 0;
    std::uint32_t most = 0;
    for (std::uint32_t g = 0; g < groups_; ++g) {
      std::uint32_t count = 0;
      for (std::uint32_t n = g * group; n < (g + 1) * group; ++n) {
        const std::uint32_t* inputs = &luts_.inputs[std::size_t{n} * luts_.fan_in];
        std::uint32_t address = 0;
        for (std::uint32_t k = 0; k < luts_.fan_in; ++k) address |= static_cast<std::uint32_t>(bits[inputs[k]]) << k;
        count += static_cast<std::uint32_t>((tables_[n] >> address) & 1);
      }
      if (g == 0 || count > most) {
        most = count;
        best = g;
      }
    }
    return best;
  }

 private:
  const model::Thermometer& encoder_;
  const model::LutLayer& luts_;
  std::uint32_t groups_;
  std::vector<std::uint64_t> tables_;
  std::vector<std::uint8_t> thresholds_;
};

Result<void> measure_images(Job& job) {
  LUTGEN_TRY(const model::Model model, model::read_model(job.model));
  LUTGEN_TRY(const data::Dataset dataset, data::load_dataset("mnist", data::Split::test));
  const auto* bytes = std::get_if<data::ByteFeatures>(&dataset.features);
  LUTGEN_CHECK(bytes != nullptr);
  LUTGEN_TRY(const eval::Answers golden, eval::answer_reference(model, dataset, {}));
  const std::size_t count = dataset.sample_count();
  const PlainNetwork plain(model);
  std::vector<std::uint32_t> classes(count);
  const std::uint8_t* images = bytes->data();
  const auto run_plain = [&] { for (std::size_t s = 0; s < count; ++s) classes[s] = plain.classify(images + s * 784); };
  run_plain();
  if (classes != golden.classes) return wrong("plain C++");
  std::vector<eval::CompiledNetwork> networks;
  for (const Target target : targets()) {
    LUTGEN_TRY(eval::CompiledNetwork network, eval::CompiledNetwork::compile(model, target));
    std::fill(classes.begin(), classes.end(), 0);
    network.predict(*bytes, count, {classes, {}, {}}, {});
    if (classes != golden.classes) return wrong(std::string(eval::target_name(target)));
    networks.push_back(std::move(network));
  }
  // Images that lie in the second-level cache, and the whole test split, which does not fit there: where it lies on pages of
  // 2 MB, as a data set has it, and in a plain vector, on pages of 4 KB, which the processor looks up all the time.
  const std::size_t few = std::min<std::size_t>(count, 1024);
  const std::vector<std::uint8_t> small_pages(bytes->begin(), bytes->end());
  std::vector<double> plain_rates;
  std::map<std::string, std::vector<double>> rates;
  struct Place {
    const char* name;
    std::span<const std::uint8_t> bytes;
  };
  const std::span all(*bytes);
  const std::array places{Place{"images_per_second", all}, Place{"images_per_second_in_cache", all.first(few * 784)},
                          Place{"images_per_second_small_pages", small_pages}};
  for (int run = 0; run < kRuns; ++run) {
    for (const auto& network : networks) {
      for (const Place& place : places) {
        const std::size_t samples = place.bytes.size() / 784;
        const double rate = rate_of([&] { network.predict(place.bytes, samples, {std::span(classes).first(samples), {}, {}}, {}); });
        rates[fmt::format("{} {}", eval::target_name(network.target()), place.name)].push_back(rate * static_cast<double>(samples));
      }
    }
    plain_rates.push_back(rate_of(run_plain) * static_cast<double>(count));
  }
  io::Json rows = io::Json::array();
  for (const auto& network : networks) {
    const auto name = eval::target_name(network.target());
    rows.push_back({{"target", name}});
    for (const Place& place : places) rows.back()[place.name] = bench::spread(rates[fmt::format("{} {}", name, place.name)]);
  }
  job.result["images"] = {{"model", model.name}, {"images", count}, {"images_in_cache", few}, {"targets", rows}, {"plain_images_per_second", bench::spread(plain_rates)}};
  return {};
}

Result<void> measure_codegen(Job& job) {
  io::Json rows = io::Json::array();
  for (const Target target : targets()) {
    if (target == Target::portable) continue;
    io::Json row = {{"target", eval::target_name(target)}};
    for (const std::uint32_t width : {kWidth, kWide}) {
      LUTGEN_TRY(const logic::Lowered lowered, logic::lower(random_network(width, 1), {}));
      std::vector<double> milliseconds;
      for (int run = 0; run < (width == kWidth ? kRuns : 5); ++run) {
        const double start = cpu_seconds();
        const auto program = eval::build_program(lowered.graph, {}, eval::basis_of(target));
        const auto code = eval::MachineCode::generate(program.program, target);
        if (code == nullptr) return wrong(std::string(eval::target_name(target)));
        milliseconds.push_back(1000 * (cpu_seconds() - start));
      }
      row[fmt::format("codegen_ms_{}", 2 * width)] = bench::spread(milliseconds);
    }
    rows.push_back(std::move(row));
  }
  job.result["codegen"] = std::move(rows);
  return {};
}

/// What the first figures of the issue are, from the parts that were measured.
void summarise(io::Json& result) {
  if (!result.contains("targets")) return;
  for (io::Json& row : result["targets"]) {
    const double rate = median(row["lut6_per_second"]);
    for (const char* other : {"c", "verilator"}) {
      if (result.contains(other)) row[fmt::format("ratio_to_{}", other)] = rate / median(result[other]["lut6_per_second"]);
    }
    if (!result.contains("codegen")) continue;
    for (const io::Json& codegen : result["codegen"]) {
      if (codegen["target"] == row["target"]) row["codegen_ms"] = median(codegen[fmt::format("codegen_ms_{}", 2 * kWidth)]);
    }
  }
  const io::Json best = result["targets"][0];  // a copy: fields that are added move those that are there
  result["target"] = best["target"];
  result["lut6_per_second"] = median(best["lut6_per_second"]);
  for (const char* name : {"ratio_to_c", "ratio_to_verilator", "codegen_ms"}) {
    if (best.contains(name)) result[name] = best[name];
  }
}

Result<void> run(const std::filesystem::path& path, const std::filesystem::path& folder, const std::string& model_file, const std::string& parts) {
  Job job{folder, model_file, {}};
  if (std::filesystem::exists(path)) {
    LUTGEN_TRY(const std::string text, base::read_file(path));
    LUTGEN_TRY(job.result, io::parse_json(text, path.string()));
  }
  const auto wanted = [&](const char* part) { return parts == "all" || ("," + parts + ",").find(fmt::format(",{},", part)) != std::string::npos; };
  job.result["machine"] = {{"processor", bench::processor_name()}, {"compiler", fmt::format("GCC {}", __VERSION__)}};
  model::Model model = random_network(kWidth, 1);
  LUTGEN_TRY_VOID(model::validate_model(model, "random"));
  if (wanted("tables")) LUTGEN_TRY_VOID(measure_tables(job, model, wanted("c")));
  if (wanted("verilator")) LUTGEN_TRY_VOID(measure_verilator(job, model));
  if (wanted("images")) LUTGEN_TRY_VOID(measure_images(job));
  if (wanted("codegen")) LUTGEN_TRY_VOID(measure_codegen(job));
  summarise(job.result);
  return base::write_file(path, io::to_text(job.result));
}

Result<void> page(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const io::Json result, io::parse_json(text, path.string()));
  fmt::print("{}", bench::eval_page(result));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_page = argc == 3 && std::string(argv[2]) == "--page";
  const bool is_check = argc == 3 && std::string(argv[1]) == "--check";
  if (!is_page && !is_check && argc < 4) {
    fmt::print(stderr, "usage: bench_eval RESULT.json WORK_FOLDER MODEL [PART[,PART]] | RESULT.json --page | --check WORK_FOLDER\n");
    return 2;
  }
  const auto done = is_check ? check(argv[2]) : is_page ? page(argv[1]) : run(argv[1], argv[2], argv[3], argc > 4 ? argv[4] : "all");
  if (done) return 0;
  fmt::print(stderr, "{}", to_text(done.error()));
  return 1;
}

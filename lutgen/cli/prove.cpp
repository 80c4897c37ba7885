// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cli/proof.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/cli/emit_options.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string netlist;
  std::string folder = "build/prove";
  HardwareChoice hardware;
  std::size_t samples = prove::ProveOptions{}.samples;
  std::uint64_t conflicts = prove::ProveOptions{}.miter_conflicts;
  std::uint64_t seed = 1;
  bool no_replay = false;
  Common common;
};

/// What came of sending a counter-example through the golden model and Verilator.
struct Replay {
  bool seen = false;
  std::string text;
};

/// Any Yosys that can read Verilog will do; the one in PATH comes first.
Result<std::filesystem::path> find_yosys() {
  if (const auto found = base::find_program("yosys")) return *found;
  LUTGEN_TRY(const flow::Tool tool, flow::find_tool(flow::ToolId::yosys));
  return tool.path;
}

/// How often a sequence of samples is sent: the harness puts gaps and a reset into the stream.
constexpr std::size_t kRepeats = 16;

/// The samples of a counter-example, as they are sent in a replay.
std::vector<std::vector<double>> replayed_samples(const prove::CounterExample& example) {
  std::vector<std::vector<double>> samples = example.features;
  for (std::size_t i = 1; i < kRepeats && example.features.size() > 1; ++i) {
    samples.insert(samples.end(), example.features.begin(), example.features.end());
  }
  return samples;
}

/// The samples of a counter-example as a data set; labels are 0.
data::Dataset dataset_of(const model::Model& model, const std::vector<std::vector<double>>& samples) {
  data::Dataset dataset;
  dataset.name = "counter-example";
  dataset.shape = {static_cast<std::uint32_t>(model.input.feature_count())};
  data::FloatFeatures features;
  for (const auto& sample : samples) {
    for (const double feature : sample) features.push_back(static_cast<float>(feature));
  }
  dataset.features = std::move(features);
  dataset.labels.assign(samples.size(), 0);
  dataset.class_count = std::max(1u, model.class_count());
  return dataset;
}

/// One line a sample, the label (0) last: what --data takes.
Result<void> write_csv(const std::vector<std::vector<double>>& samples, const std::filesystem::path& path) {
  std::string text;
  for (const auto& sample : samples) {
    for (const double feature : sample) text += fmt::format("{},", feature);
    text += "0\n";
  }
  return base::write_file(path, text);
}

Result<Replay> replay(const Options& options, const LoadedModel& loaded, const verilog::EmitOptions& emit_with,
                      const prove::CounterExample& example) {
  const std::filesystem::path folder = options.folder;
  const std::vector<std::vector<double>> samples = replayed_samples(example);
  LUTGEN_TRY_VOID(write_csv(samples, folder / "counter-example.csv"));
  LUTGEN_TRY(const verilog::Design design, verilog::build_design(loaded.model, emit_with));
  LUTGEN_TRY_VOID(verilog::write_design(design, folder / "replay"));
  LUTGEN_TRY(const std::string verilog, base::read_file(options.netlist));
  LUTGEN_TRY_VOID(base::write_file(folder / "replay" / (design.manifest.top + ".v"), verilog));
  const data::Dataset dataset = dataset_of(loaded.model, samples);
  cosim::CosimOptions with;
  with.work = folder / "cosim";
  with.threads = thread_count(options.common);
  LUTGEN_TRY(const cosim::CosimReport report, cosim::run_cosim({.design = folder / "replay",
                                                                .model = loaded.model,
                                                                .model_sha256 = loaded.sha256,
                                                                .dataset = dataset,
                                                                .options = with}));
  if (report.mismatch) return Replay{true, to_text(*report.mismatch)};
  return Replay{false, "the golden model and Verilator agree on it\n"};
}

Result<prove::ProveReport> run_proof(const Options& options, const LoadedModel& loaded,
                                     const verilog::EmitOptions& emit_with) {
  const auto progress = make_progress();
  LUTGEN_TRY(prove::ProveOptions with, proof_options(emit_with, options.folder));
  with.samples = options.samples;
  with.miter_conflicts = options.conflicts;
  with.seed = options.seed;
  with.progress = progress.get();
  return prove::prove(loaded.model, options.netlist, with);
}

/// Replays a counter-example; what came of it goes into both forms of the report.
void add_replay(const Options& options, const LoadedModel& loaded, const verilog::EmitOptions& emit_with,
                const prove::CounterExample& example, io::Json& json, std::string& text) {
  std::string skipped;
  if (example.features.empty()) {
    skipped = "no features give the bits of the counter-example";
  } else if (options.no_replay) {
    skipped = "--no-replay";
  } else if (const auto replayed = replay(options, loaded, emit_with, example)) {
    json["replay"] = {{"mismatch", replayed->seen}, {"text", replayed->text}};
    text += fmt::format("replayed in Verilator against the golden model ({}/counter-example.csv):\n{}", options.folder,
                        replayed->text);
  } else {
    skipped = fmt::format("{} ({})", replayed.error().message, replayed.error().place);
  }
  if (skipped.empty()) return;
  json["replay"] = {{"skipped", skipped}};
  text += fmt::format("SKIPPED: replay in Verilator: {}\n", skipped);
}

Result<bool> prove_and_print(const Options& options) {
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  LUTGEN_TRY(const verilog::EmitOptions emit_with, emit_options(options.hardware, loaded));
  LUTGEN_TRY(const prove::ProveReport report, run_proof(options, loaded, emit_with));
  io::Json json = to_json(report);
  std::string text = to_text(report);
  if (report.counter_example) add_replay(options, loaded, emit_with, *report.counter_example, json, text);
  if (options.common.json) {
    print(json);
  } else {
    fmt::print("{}", text);
  }
  return report.passed();
}

Exit run(const Options& options) {
  const auto passed = prove_and_print(options);
  if (!passed) return report(passed.error());
  return *passed ? Exit::ok : Exit::diagnostics;
}

}  // namespace

Result<prove::ProveOptions> proof_options(const verilog::EmitOptions& emit, const std::filesystem::path& work) {
  prove::ProveOptions options;
  options.input = emit.input;
  options.map = emit.map;
  options.passes = emit.passes;
  options.passes = emit.passes;
  options.read.work = work;
  LUTGEN_TRY(options.read.yosys, find_yosys());
  return options;
}

void add_prove(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("prove", "prove that an emitted netlist computes the network, for every input");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("--netlist", options->netlist, "the Verilog file that lutgen emit wrote, with the same options")->required();
  verb->add_option("-o,--output", options->folder, "work folder: what Yosys read, a counter-example and its replay")
      ->capture_default_str();
  add_hardware_options(*verb, options->hardware);
  verb->add_option("--samples", options->samples, "samples simulated in search of a counter-example, where a claim does not hold")
      ->capture_default_str();
  verb->add_option("--conflicts", options->conflicts, "limit of the SAT call on the whole netlist, where nothing else decides")
      ->capture_default_str();
  verb->add_option("--seed", options->seed, "seed of the samples")->capture_default_str();
  verb->add_flag("--no-replay", options->no_replay, "do not send a counter-example through Verilator and the golden model");
  add_json_option(*verb, options->common);
  add_threads_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <chrono>
#include <utility>

#include <fmt/core.h>

#include "lutgen/cli/emit_options.hpp"
#include "lutgen/csource/emit.hpp"
#include "lutgen/csource/names.hpp"
#include "lutgen/prove/table_check.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string folder;
  std::string language = "verilog";
  HardwareChoice hardware;
  Common common;
};

io::Json to_json(const optimize::GraphSize& size) {
  return {{"tables", size.tables}, {"fanins", size.fanins}, {"compares", size.compares}, {"terms", size.terms}};
}

/// What each pass of the optimiser did.
io::Json to_json(const optimize::Optimized& optimized) {
  io::Json passes = io::Json::array();
  for (const optimize::PassFigures& figures : optimized.figures) {
    passes.push_back({{"pass", optimize::pass_name(figures.pass)},
                      {"runs", figures.runs},
                      {"changes", figures.changes},
                      {"removed", to_json(figures.removed)}});
  }
  return {{"rounds", optimized.rounds},
          {"before", to_json(optimized.before)},
          {"after", to_json(optimized.after)},
          {"passes", passes}};
}

io::Json to_json(const verilog::Manifest& manifest, const std::string& folder, double seconds) {
  io::Json cells = io::Json::object();
  for (const auto& [name, count] : manifest.cells) cells[name] = count;
  return {{"model", manifest.model_name},
          {"family", manifest.family},
          {"top", manifest.top},
          {"folder", folder},
          {"latency_cycles", manifest.latency_cycles},
          {"interval_cycles", manifest.interval_cycles},
          {"cells", cells},
          {"seconds", seconds}};
}

Result<void> emit(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  // Lists of a megabyte and more go back to the system at once (mallopt(3)): what one step leaves behind is no memory of the next. A
  // million tables: 275 bytes each in place of 325.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  const auto progress = make_progress(std::chrono::seconds(3));
  LUTGEN_TRY(LoadedModel loaded, load_model(options.model));
  LUTGEN_TRY(verilog::EmitOptions emit_with, emit_options(options.hardware, loaded));
  emit_with.progress = progress.get();
  LUTGEN_TRY(verilog::Design design, verilog::build_design(std::move(loaded.model), emit_with));
  const std::size_t threads = thread_count(options.common);
  const prove::TableReport tables =
      prove::check_tables(design.optimized.lowered.graph, design.mapped, {.threads = threads, .progress = progress.get()});
  LUTGEN_CHECK(tables.failed == 0);
  // Networks of millions of tables: what the text is not made of makes room.
  design.optimized.lowered = {};
  design.optimized.relation = {};
  design.mapped.claims = {};
  LUTGEN_TRY_VOID(verilog::write_design(design, options.folder, {.threads = threads, .progress = progress.get()}));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const verilog::Manifest& manifest = design.manifest;
  if (options.common.json) {
    io::Json json = to_json(manifest, options.folder, seconds);
    json["optimize"] = to_json(design.optimized);
    json["optimize"]["shared_parts"] = design.mapped.shared_parts;
    json["tables"] = {{"proven", tables.proven}, {"inside_counters", tables.inside}};
    print(json);
    return {};
  }
  const optimize::GraphSize& before = design.optimized.before;
  const optimize::GraphSize& after = design.optimized.after;
  fmt::print("module    {} ({})\nlatency   {} cycles, interval {}\n"
             "logic     {} of {} tables, {} of {} terms of sums left by the optimiser\n"
             "proven    {} tables are what their cells compute (lutgen prove does the rest)\n\n{:<28} cells\n",
             manifest.top, manifest.family, manifest.latency_cycles, manifest.interval_cycles, after.tables, before.tables,
             after.terms, before.terms, tables.proven, "part");
  const auto row = [](const std::string& label, const auto& counts) {
    fmt::print("{:<28}", label);
    for (const auto& [name, count] : counts) fmt::print(" {} {}", count, name);
    fmt::print("\n");
  };
  for (const auto& [label, counts] : manifest.sections) row(label, counts);
  row("all", manifest.cells);
  fmt::print("\nwritten to {}: {}.v, INTERFACE.md, manifest.json, probes.json ({:.3f} s)\n", options.folder,
             manifest.top, seconds);
  return {};
}

Result<void> emit_c(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  LUTGEN_TRY(const csource::Source source,
             csource::build_source(loaded.model, {.prefix = options.hardware.top, .scores = options.hardware.scores,
                                                  .model_sha256 = loaded.sha256}));
  LUTGEN_TRY_VOID(csource::write_source(source, options.folder));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const csource::SourceFigures& figures = source.figures;
  if (options.common.json) {
    print({{"model", loaded.model.name},
           {"language", "c"},
           {"name", source.prefix},
           {"folder", options.folder},
           {"operations", figures.operations},
           {"inputs", figures.inputs},
           {"outputs", figures.outputs},
           {"functions", figures.functions},
           {"array_bytes", figures.array_bytes},
           {"live_bytes", figures.live_bytes},
           {"text_bytes", source.source.size() + source.header.size()},
           {"seconds", seconds}});
    return {};
  }
  fmt::print("function  {0}_predict (C99)\nprogram   {1} operations on words of 64 samples, in {2} functions\n"
             "stack     {3} bytes of arrays, {4} bytes of variables at most\n\nwritten to {5}: {0}.c, {0}.h ({6:.3f} s)\n",
             source.prefix, figures.operations, figures.functions, figures.array_bytes, figures.live_bytes, options.folder, seconds);
  return {};
}

/// Refuses, as wrong usage, what says nothing about C.
void check_language(const CLI::App& verb, const Options& options) {
  if (options.language != "c") return;
  for (const char* name : {"--goal", "--family", "--pipeline", "--input", "--optimize"}) {
    if (verb.count(name) != 0) throw CLI::ValidationError(name, "is about hardware and says nothing about --language c: leave it out");
  }
  const std::string& top = options.hardware.top;
  if (!top.empty() && !csource::is_legal_prefix(top)) {
    throw CLI::ValidationError("--top", fmt::format("expected a letter, then letters, digits and single underscores between them, found '{}'", top));
  }
}

Exit run(const Options& options) {
  const auto done = options.language == "c" ? emit_c(options) : emit(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_emit(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("emit", "write a network as structural Verilog, with manifest and interface page, or as C");
  verb->add_option("model", options->model, "model file (.safetensors)")->required();
  verb->add_option("-o,--output", options->folder, "folder for the generated files")->required();
  verb->add_option("--language", options->language, "what is written: verilog, or c: a free-standing C99 function, made without the options about hardware")
      ->capture_default_str()
      ->check(CLI::IsMember({"verilog", "c"}));
  add_hardware_options(*verb, options->hardware);
  add_threads_option(*verb, options->common);
  add_json_option(*verb, options->common);
  verb->callback([&action, options, verb] {
    check_language(*verb, *options);
    action = [options] { return run(*options); };
  });
}

}  // namespace lutgen::cli

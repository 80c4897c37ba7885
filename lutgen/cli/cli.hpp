// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/eval/compiled_network.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::cli {

/// Exit statuses of the program.
enum class Exit : int { ok = 0, diagnostics = 1, usage = 2, tool = 3 };

/// Runs one verb after its options were parsed; what it gives is the program's exit status.
using Action = std::function<Exit()>;

/// Options that several verbs share.
///
/// json    print the result as JSON on stdout instead of a table
/// threads 0 = as many as the machine runs at once
struct Common {
  bool json = false;
  unsigned threads = 0;
};

/// Adds `--json`.
void add_json_option(CLI::App& app, Common& common);
/// Adds `--threads N`.
void add_threads_option(CLI::App& app, Common& common);
/// The number of threads that `common` asks for, at least 1.
[[nodiscard]] std::size_t thread_count(const Common& common);

/// Prints a diagnostic to stderr and gives the exit status that belongs to it.
Exit report(const Diagnostic& diagnostic);

/// One progress line on a terminal, plain lines now and then otherwise; all on stderr. Work that ends within `patience` shows none.
[[nodiscard]] std::unique_ptr<base::ProgressSink> make_progress(std::chrono::seconds patience = std::chrono::seconds(0));

/// Prints JSON to stdout.
void print(const io::Json& json);

/// Which data a verb works on.
struct DataChoice {
  std::string source = "mnist";
  std::string split = "test";
  std::size_t limit = 0;  // 0 = all samples
  data::FileChoice file;
};

/// Adds `--label` and `--test-part`.
void add_file_options(CLI::App& app, data::FileChoice& choice);

/// Adds `--data`, `--split` and `--limit`.
void add_data_options(CLI::App& app, DataChoice& choice);
/// Loads what was chosen.
[[nodiscard]] Result<data::Dataset> load(const DataChoice& choice);

/// Adds `--target`, whose value is a target's name or "auto".
void add_target_option(CLI::App& app, std::string& target);
/// Compiles a network for the target of that name; on stderr it says when this machine has to take another one.
///
/// Errors  as eval::CompiledNetwork::compile
[[nodiscard]] Result<eval::CompiledNetwork> compile(const model::Model& model, const std::string& target);

/// Each verb adds its sub-command and returns nothing; `action` is set when the verb was given.
void add_info(CLI::App& app, Action& action);
void add_eval(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_emit(CLI::App& app, Action& action);
void add_cosim(CLI::App& app, Action& action);
void add_train(CLI::App& app, Action& action);
void add_reduce(CLI::App& app, Action& action);
void add_prove(CLI::App& app, Action& action);
void add_boards(CLI::App& app, Action& action);
void add_build(CLI::App& app, Action& action);
void add_program(CLI::App& app, Action& action);
void add_ask(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_readback(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_fasm2bit(CLI::App& app, Action& action);

}  // namespace lutgen::cli

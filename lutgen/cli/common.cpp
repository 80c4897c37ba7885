// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <mutex>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/cli/cli.hpp"

namespace lutgen::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Redraws one line on a terminal, at most ten times a second; elsewhere prints a line at the start and
/// end of a stage and every ten seconds between.
class ConsoleProgress final : public base::ProgressSink {
 public:
  /// Says nothing in the first `patience`.
  explicit ConsoleProgress(std::chrono::seconds patience) : on_terminal_(::isatty(STDERR_FILENO) == 1), begin_(Clock::now() + patience) {}
  ConsoleProgress(const ConsoleProgress&) = delete;
  ConsoleProgress& operator=(const ConsoleProgress&) = delete;
  ~ConsoleProgress() override {
    if (open_line_) fmt::print(stderr, "\n");
  }

  void update(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
    const std::scoped_lock lock(mutex_);
    const auto now = Clock::now();
    if (now < begin_) return;
    const bool is_new = stage != stage_;
    const bool is_end = total != 0 && done >= total;
    const auto pause = on_terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10);
    if (!is_new && !is_end && now - last_ < pause) return;
    if (is_new) {
      if (open_line_) fmt::print(stderr, "\n");
      stage_ = stage;
      start_ = now;
    }
    last_ = now;
    show(done, total, std::chrono::duration<double>(now - start_).count());
  }

 private:
  void show(std::uint64_t done, std::uint64_t total, double seconds) {
    std::string text = fmt::format("{:<24}", stage_);
    if (total != 0) text += fmt::format(" {:>9} of {}", done, total);
    text += fmt::format("  {:.1f} s", seconds);
    if (on_terminal_) {
      fmt::print(stderr, "\r\033[K{}", text);
      open_line_ = true;
    } else {
      fmt::print(stderr, "{}\n", text);
    }
  }

  std::mutex mutex_;
  bool on_terminal_;
  Clock::time_point begin_;
  bool open_line_ = false;
  std::string stage_;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace

void add_json_option(CLI::App& app, Common& common) {
  app.add_flag("--json", common.json, "print the result as JSON on stdout");
}

void add_threads_option(CLI::App& app, Common& common) {
  app.add_option("--threads", common.threads, "threads to use; 0 = all of the machine; never changes a result")
      ->capture_default_str();
}

std::size_t thread_count(const Common& common) {
  return common.threads == 0 ? base::hardware_threads() : common.threads;
}

Exit report(const Diagnostic& diagnostic) {
  fmt::print(stderr, "{}", to_text(diagnostic));
  const bool is_tool = diagnostic.code == Code::tool_failed || diagnostic.code == Code::tool_missing ||
                       diagnostic.code == Code::tool_too_old || diagnostic.code == Code::xray_database_missing;
  return is_tool ? Exit::tool : Exit::diagnostics;
}

std::unique_ptr<base::ProgressSink> make_progress(std::chrono::seconds patience) { return std::make_unique<ConsoleProgress>(patience); }

void print(const io::Json& json) { fmt::print("{}", io::to_text(json)); }

void add_file_options(CLI::App& app, data::FileChoice& choice) {
  app.add_option("--label", choice.label, "the class: heading of a .csv file's column (the last column when left out), or an .npy file beside an .npy file");
  app.add_option("--test-part", choice.test_part, "part of a file without splits of its own that is the test split; 0 = both splits are the whole file")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.9));
}

void add_target_option(CLI::App& app, std::string& target) {
  app.add_option("--target", target,
                 "what evaluates: avx512, avx2, sse2 or word64 code made for the network, portable (interpreted), or auto, the fastest of this machine")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "avx512", "avx2", "sse2", "word64", "portable"}));
}

Result<eval::CompiledNetwork> compile(const model::Model& model, const std::string& target) {
  eval::Target chosen = eval::find_target(target).value_or(eval::best_target());
  if (!eval::is_supported(chosen)) {
    fmt::print(stderr, "note: this machine has no {}: {} is used\n", target, eval::target_name(eval::best_target()));
    chosen = eval::best_target();
  }
  LUTGEN_TRY(eval::CompiledNetwork network, eval::CompiledNetwork::compile(model, chosen));
  if (!network.note().empty()) fmt::print(stderr, "note: {}\n", network.note());
  return network;
}

void add_data_options(CLI::App& app, DataChoice& choice) {
  app.add_option("--data", choice.source,
                 "mnist, optdigits, synthetic-digits, a folder with four IDX files, or a .csv, .npz or .npy file")
      ->capture_default_str();
  app.add_option("--split", choice.split, "which part of the data: test or train")
      ->capture_default_str()
      ->check(CLI::IsMember({"test", "train"}));
  app.add_option("--limit", choice.limit, "use only the first N samples; 0 = all")->capture_default_str();
  add_file_options(app, choice.file);
}

Result<data::Dataset> load(const DataChoice& choice) {
  LUTGEN_TRY(data::Dataset dataset,
             data::load_dataset(choice.source, choice.split == "train" ? data::Split::train : data::Split::test, choice.file));
  if (choice.limit != 0) dataset.truncate(choice.limit);
  return dataset;
}

}  // namespace lutgen::cli

// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <atomic>
#include <chrono>

#include <fmt/core.h>

#include "lutgen/board/board.hpp"
#include "lutgen/board/link_client.hpp"
#include "lutgen/cli/emit_options.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/reference.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string model;
  std::string port;
  std::string board;
  std::uint32_t baud = 1000000;
  std::uint32_t timeout_ms = 0;
  std::uint32_t tries = 10;
  DataChoice data;
  Common common;
};

/// The first answer that is not the golden model's.
struct Difference {
  std::size_t sample = 0;
  std::string what;
};

/// What came of asking.
///
/// asked    samples of the data set; answered: those that were answered before the end or Ctrl-C
/// correct  answers equal to their label; golden_correct: the golden model's on the same samples
struct Answers {
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::size_t correct = 0;
  std::size_t golden_correct = 0;
  std::size_t mismatches = 0;
  std::optional<Difference> first;
  board::LineCounts line;
  double seconds = 0;
};

std::atomic<bool> stop_requested{false};

void request_stop(int) { stop_requested = true; }

/// Ctrl-C ends the questions, not the program; a second one ends it as usual.
void catch_interrupt() {
  struct sigaction action = {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
}

/// The golden model's class and scores.
board::LinkResult golden_answer(const model::Model& model, const std::vector<double>& features) {
  const eval::Trace trace = eval::evaluate_reference(model, features);
  board::LinkResult result;
  result.class_index = static_cast<std::uint32_t>(trace.values.back().front());
  const auto source = static_cast<std::size_t>(model.layers.back().sources.front());
  for (const std::int64_t score : trace.values[source]) result.scores.push_back(static_cast<std::uint32_t>(score));
  return result;
}

std::optional<std::string> difference_of(const board::LinkResult& golden, const board::LinkResult& found) {
  for (std::size_t g = 0; g < golden.scores.size(); ++g) {
    if (golden.scores[g] == found.scores[g]) continue;
    return fmt::format("score of class {}: golden model {}, board {}", g, golden.scores[g], found.scores[g]);
  }
  if (golden.class_index == found.class_index) return std::nullopt;
  return fmt::format("class: golden model {}, board {}", golden.class_index, found.class_index);
}

Result<Answers> ask_all(const model::Model& model, const data::Dataset& dataset, board::LinkClient& client) {
  Answers answers;
  answers.asked = dataset.sample_count();
  const auto progress = make_progress();
  const auto start = std::chrono::steady_clock::now();
  const auto connected = client.connect();
  if (!connected && !stop_requested) return tl::make_unexpected(connected.error());
  for (std::size_t i = 0; i < answers.asked && !stop_requested; ++i) {
    const std::vector<double> features = eval::sample_features(dataset, i);
    const board::LinkResult golden = golden_answer(model, features);
    const auto found = client.ask(board::sample_payload(model.input, features));
    if (!found && stop_requested) break;
    if (!found) return tl::make_unexpected(found.error());
    ++answers.answered;
    answers.correct += found->class_index == dataset.labels[i] ? 1 : 0;
    answers.golden_correct += golden.class_index == dataset.labels[i] ? 1 : 0;
    if (const auto what = difference_of(golden, *found)) {
      ++answers.mismatches;
      if (!answers.first) answers.first = Difference{i, *what};
    }
    progress->update("asking the board", answers.answered, answers.asked);
  }
  answers.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answers.line = client.counts();
  return answers;
}

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

io::Json to_json(const Options& options, const model::Model& model, const data::Dataset& dataset, const Answers& answers) {
  io::Json json = {{"model", model.name},
                   {"port", options.port},
                   {"baud", options.baud},
                   {"data", dataset.name},
                   {"split", options.data.split},
                   {"samples", answers.asked},
                   {"answered", answers.answered},
                   {"mismatches", answers.mismatches},
                   {"correct", answers.correct},
                   {"accuracy", ratio(answers.correct, answers.answered)},
                   {"golden_accuracy", ratio(answers.golden_correct, answers.answered)}};
  json["first_mismatch"] = nullptr;
  if (answers.first) json["first_mismatch"] = {{"sample", answers.first->sample}, {"what", answers.first->what}};
  json["line"] = {{"requests", answers.line.requests},
                  {"refused", answers.line.refused},
                  {"damaged", answers.line.damaged},
                  {"silent", answers.line.silent},
                  {"stray", answers.line.stray}};
  json["seconds"] = answers.seconds;
  json["samples_per_second"] = answers.seconds > 0 ? static_cast<double>(answers.answered) / answers.seconds : 0;
  return json;
}

void print_table(const Options& options, const model::Model& model, const data::Dataset& dataset, const Answers& answers) {
  fmt::print("network    {}\nport       {}, {} baud\ndata       {}, {} split, {} samples\n", model.name, options.port,
             options.baud, dataset.name, options.data.split, answers.asked);
  fmt::print("answered   {}{}\n", answers.answered, answers.answered < answers.asked ? " (stopped)" : "");
  fmt::print("correct    {}: {:.2f} %; golden model {}: {:.2f} %\n", answers.correct,
             100 * ratio(answers.correct, answers.answered), answers.golden_correct,
             100 * ratio(answers.golden_correct, answers.answered));
  fmt::print("mismatches {}\n", answers.mismatches);
  const board::LineCounts& line = answers.line;
  fmt::print("line       {} requests; {} refused, {} damaged answers, {} without an answer, {} stray answers\n",
             line.requests, line.refused, line.damaged, line.silent, line.stray);
  fmt::print("speed      {:.1f} samples a second\n",
             answers.seconds > 0 ? static_cast<double>(answers.answered) / answers.seconds : 0);
  if (!answers.first) return;
  fmt::print("\nsample {} is the first that the board answers otherwise:\n  {}\n", answers.first->sample, answers.first->what);
}

Result<Answers> ask(const Options& options) {
  LUTGEN_TRY(const LoadedModel loaded, load_model(options.model));
  LUTGEN_TRY(const data::Dataset dataset, load(options.data));
  LUTGEN_TRY_VOID(eval::check_fit(loaded.model, dataset));
  if (!std::holds_alternative<model::Argmax>(loaded.model.layers.back().operation)) {
    return fail(Code::model_has_no_classes, loaded.path, "expected a network that ends in argmax, found one without",
                "a board answers with a class; name the model that it holds");
  }
  const board::LinkIdentity identity = board::identity_of(loaded.model, loaded.sha256, 1);
  LUTGEN_TRY(const auto port, board::SerialPort::open(options.port, options.baud));
  catch_interrupt();
  const auto timeout = options.timeout_ms == 0 ? board::answer_time(identity, options.baud) : std::chrono::milliseconds(options.timeout_ms);
  board::LinkClient client(*port, identity, {.timeout = timeout, .tries = options.tries, .stop = &stop_requested, .place = options.port});
  LUTGEN_TRY(Answers answers, ask_all(loaded.model, dataset, client));
  if (options.common.json) {
    print(to_json(options, loaded.model, dataset, answers));
  } else {
    print_table(options, loaded.model, dataset, answers);
  }
  return answers;
}

/// The baud rate of the board's file, where a board was named.
Result<Options> with_board(Options options) {
  if (options.board.empty()) return options;
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board(options.board, folders));
  options.baud = board.baud;
  return options;
}

Exit run(const Options& asked) {
  const auto chosen = with_board(asked);
  if (!chosen) return report(chosen.error());
  const Options& options = *chosen;
  const auto answers = ask(options);
  if (!answers) return report(answers.error());
  return answers->mismatches == 0 && answers->answered == answers->asked ? Exit::ok : Exit::diagnostics;
}

}  // namespace

void add_ask(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("ask", "send samples to a board and compare its answers with the golden model");
  verb->add_option("model", options->model, "model file (.safetensors) that the board was built from")->required();
  verb->add_option("--port", options->port, "serial port of the board, as in /dev/ttyUSB1")->required();
  CLI::Option* named = verb->add_option("--board", options->board, "board at the port, for its baud rate; lutgen boards lists them");
  verb->add_option("--baud", options->baud, "bits per second, where it is not the board's")
      ->excludes(named)
      ->capture_default_str()
      ->check(CLI::Range(300, 12000000));
  verb->add_option("--timeout", options->timeout_ms, "how long an answer may take, ms; 0 = what the line needs and 250 ms")
      ->capture_default_str()
      ->check(CLI::Range(0, 600000));
  verb->add_option("--tries", options->tries, "how often a sample is sent before it is given up")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  add_data_options(*verb, options->data);
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli

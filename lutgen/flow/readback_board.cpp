// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <chrono>

#include <fmt/core.h>

#include "lutgen/eval/accuracy.hpp"
#include "lutgen/flow/readback.hpp"
#include "lutgen/flow/readback_probes.hpp"
#include "lutgen/flow/routed_simulator.hpp"

namespace lutgen::flow {
namespace {

using board::LinkIdentity;
using board::RequestKind;
using board::Response;

/// Independent runs at most: more cost more than they share.
constexpr std::size_t kMaxWords = 16;

/// Bits of a byte on the line: a start bit, eight data bits, a stop bit.
constexpr std::size_t kLineBits = 10;

/// Clock cycles after power-up before the line is used: the board's reset takes 256.
constexpr std::uint64_t kStartCycles = 400;

constexpr std::uint8_t kFlag = 0x7e;

/// The UART's two wires in every run: sends bytes, collects responses.
class Line {
 public:
  /// rx, tx  as the board sees them
  Line(RoutedSimulator& simulator, RoutedNet rx, RoutedNet tx, std::uint32_t clocks_per_bit, std::size_t max_payload)
      : simulator_(simulator),
        rx_(rx),
        tx_(tx),
        clocks_per_bit_(clocks_per_bit),
        old_(simulator.words(), ~std::uint64_t{0}),
        busy_(simulator.words(), 0),
        bytes_(64 * simulator.words(), 0),
        decoders_(64 * simulator.words(), board::ResponseDecoder(max_payload)),
        responses_(64 * simulator.words()) {
    simulator_.set(rx_, true);
  }

  /// Lets the line be idle for some clock cycles.
  void wait(std::uint64_t cycles) {
    for (std::uint64_t i = 0; i < cycles; ++i) cycle();
  }

  /// Sends one frame a run. Shorter ones get flags in front, so that all end with the same clock cycle.
  void send(const std::vector<std::vector<std::uint8_t>>& frames) {
    for (auto& response : responses_) response.reset();
    std::size_t longest = 0;
    for (const auto& frame : frames) longest = std::max(longest, frame.size());
    std::vector<std::uint64_t> words(simulator_.words());
    for (std::size_t at = 0; at < longest; ++at) {
      for (std::size_t bit = 0; bit < kLineBits; ++bit) {
        std::fill(words.begin(), words.end(), 0);
        for (std::size_t run = 0; run < 64 * words.size(); ++run) {
          const auto& frame = frames[std::min(run, frames.size() - 1)];
          const std::size_t padding = longest - frame.size();
          const std::uint8_t byte = at < padding ? kFlag : frame[at - padding];
          const bool level = bit == 0 ? false : bit == kLineBits - 1 ? true : ((byte >> (bit - 1)) & 1) != 0;
          if (level) words[run / 64] |= std::uint64_t{1} << (run % 64);
        }
        simulator_.set(rx_, words);
        wait(clocks_per_bit_);
      }
    }
  }

  /// Waits until each of the first `runs` runs has a response, for at most so many clock cycles.
  void receive(std::size_t runs, std::uint64_t cycles) {
    const auto done = [&] {
      return std::all_of(responses_.begin(), responses_.begin() + static_cast<std::ptrdiff_t>(runs),
                         [](const auto& response) { return response.has_value(); });
    };
    for (std::uint64_t i = 0; i < cycles && !(i % clocks_per_bit_ == 0 && done()); ++i) cycle();
  }

  /// The first response since `send`.
  [[nodiscard]] const std::optional<Response>& response(std::size_t run) const { return responses_[run]; }

 private:
  /// Runs whose start bit began in the same cycle.
  struct Reception {
    std::uint64_t next = 0;  // clock cycle of the next bit's middle
    std::size_t bit = 0;     // 0 the start bit
    std::vector<std::uint64_t> runs;
  };

  template <class Use>
  static void each_run(const std::vector<std::uint64_t>& runs, Use&& use) {
    for (std::size_t w = 0; w < runs.size(); ++w) {
      for (std::uint64_t rest = runs[w]; rest != 0; rest &= rest - 1) {
        use(64 * w + static_cast<std::size_t>(std::countr_zero(rest)));
      }
    }
  }

  void cycle() {
    simulator_.clock_edge();
    const auto level = simulator_.values(tx_);
    if (!std::equal(level.begin(), level.end(), old_.begin())) {
      Reception fresh{simulator_.edges() + clocks_per_bit_ / 2, 0, std::vector<std::uint64_t>(old_.size())};
      bool any = false;
      for (std::size_t w = 0; w < old_.size(); ++w) {
        fresh.runs[w] = old_[w] & ~level[w] & ~busy_[w];
        any = any || fresh.runs[w] != 0;
        busy_[w] |= fresh.runs[w];
        old_[w] = level[w];
      }
      if (any) receptions_.push_back(std::move(fresh));
    }
    for (std::size_t i = 0; i < receptions_.size();) {
      if (receptions_[i].next == simulator_.edges()) sample(receptions_[i], level);
      if (receptions_[i].bit == kLineBits) {
        receptions_.erase(receptions_.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
  }

  void sample(Reception& reception, std::span<const std::uint64_t> level) {
    each_run(reception.runs, [&](std::size_t run) {
      const bool one = ((level[run / 64] >> (run % 64)) & 1) != 0;
      if (reception.bit == kLineBits - 1) {
        // A missing stop bit: what came is no byte of a frame.
        auto response = decoders_[run].feed(one ? bytes_[run] : kFlag);
        if (response && !responses_[run]) responses_[run] = std::move(response);
        busy_[run / 64] &= ~(std::uint64_t{1} << (run % 64));
      } else {
        bytes_[run] = static_cast<std::uint8_t>(bytes_[run] >> 1 | (one ? 0x80 : 0));
      }
    });
    ++reception.bit;
    reception.next += clocks_per_bit_;
  }

  RoutedSimulator& simulator_;
  RoutedNet rx_;
  RoutedNet tx_;
  std::uint32_t clocks_per_bit_;
  std::vector<std::uint64_t> old_;   // level of tx in the cycle before
  std::vector<std::uint64_t> busy_;  // runs that receive a byte
  std::vector<std::uint8_t> bytes_;
  std::vector<board::ResponseDecoder> decoders_;
  std::vector<std::optional<Response>> responses_;
  std::vector<Reception> receptions_;
};

/// Everything that the comparison needs.
struct Job {
  const RoutedNetlist& netlist;
  const model::Model& model;
  const board::Board& board;
  const verilog::Design& design;
  const board::BoardSources& sources;
  const data::Dataset& dataset;
  const eval::Answers& answers;
};

Result<RoutedNet> find_port(const RoutedNetlist& netlist, const std::string& name, bool is_input, const std::string& place) {
  const RoutedPort* port = netlist.find_port(name);
  if (port != nullptr && port->nets.size() == 1 && port->is_input == is_input) return port->nets[0];
  return fail(Code::readback_harness, place,
              fmt::format("expected the {} {} of a board build, found none", is_input ? "input" : "output", name),
              "was the file routed by `lutgen build --board`?");
}

/// What differs between an answer and the reference: nothing, or the first output.
std::optional<cosim::OutputFault> compare_answer(const Job& job, std::size_t sample, const std::optional<Response>& response) {
  cosim::OutputFault fault;
  fault.sample = sample;
  fault.label = job.dataset.labels[sample];
  const auto expected = std::span(job.answers.scores).subspan(sample * job.answers.class_count, job.answers.class_count);
  const auto result = response && response->status == board::kStatusResult
                          ? board::parse_result(job.sources.identity, response->payload)
                          : std::nullopt;
  if (!result) {
    fault.port = "status";  // of the answer, 0 when none came
    fault.expected = board::kStatusResult;
    fault.found = response ? response->status : 0;
    return fault;
  }
  for (std::uint32_t g = 0; g < expected.size(); ++g) {
    if (result->scores[g] == static_cast<std::uint64_t>(expected[g])) continue;
    fault.port = "scores";
    fault.element = g;
    fault.expected = static_cast<std::uint64_t>(expected[g]);
    fault.found = result->scores[g];
    return fault;
  }
  if (result->class_index == job.answers.classes[sample]) return std::nullopt;
  fault.port = "class";
  fault.expected = job.answers.classes[sample];
  fault.found = result->class_index;
  return fault;
}

/// Sends the samples block by block and compares the answers.
class Conversation {
 public:
  Conversation(const Job& job, std::size_t words, RoutedNet rx, RoutedNet tx)
      : job_(job),
        simulator_(job.netlist, words),
        line_(simulator_, rx, tx, job.sources.clocks_per_bit, std::max<std::size_t>(16, job.sources.identity.result_bytes())) {}

  void run(std::size_t samples, base::ProgressSink* progress, ReadbackReport& report) {
    if (const RoutedPort* button = job_.netlist.find_port("rst_button"); button != nullptr && job_.board.reset) {
      for (const RoutedNet net : button->nets) simulator_.set(net, job_.board.reset->active_low);
    }
    line_.wait(kStartCycles);
    if (ask_identity(report)) {
      for (std::size_t first = 0; first < samples; first += runs()) {
        if (progress != nullptr) progress->update("read-back", first, samples);
        ask(first, std::min(runs(), samples - first), report);
      }
    }
    report.cycles = simulator_.edges();
    report.runs = runs();
    if (progress != nullptr) progress->update("read-back", samples, samples);
  }

 private:
  [[nodiscard]] std::size_t runs() const { return 64 * simulator_.words(); }
  [[nodiscard]] std::uint64_t patience(std::uint64_t payload_bytes) const {
    const std::uint64_t bytes = board::max_frame_bytes(payload_bytes) + 8;
    return bytes * kLineBits * job_.sources.clocks_per_bit + job_.design.manifest.latency_cycles;
  }

  /// A board that is another one answers no sample.
  bool ask_identity(ReadbackReport& report) {
    line_.send({board::encode_request(RequestKind::who, 0x55, {})});
    line_.receive(runs(), patience(16));
    const auto& response = line_.response(0);
    const auto identity = response && response->status == board::kStatusIdentity ? board::parse_identity(response->payload)
                                                                                 : std::nullopt;
    if (identity == job_.sources.identity) return true;
    report.mismatches = report.samples;
    report.mismatch.emplace();
    report.mismatch->latency_found = report.mismatch->latency_stated = job_.design.manifest.latency_cycles;
    report.mismatch->reason = response ? "the board does not say that it is a board with this network"
                                       : "the board does not answer when it is asked who it is";
    return false;
  }

  void ask(std::size_t first, std::size_t count, ReadbackReport& report) {
    std::vector<std::vector<std::uint8_t>> frames;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t sample = first + i;
      const auto payload = board::sample_payload(job_.model.input, eval::sample_features(job_.dataset, sample));
      frames.push_back(board::encode_request(RequestKind::sample, static_cast<std::uint8_t>(sample), payload));
    }
    line_.send(frames);
    line_.receive(count, patience(job_.sources.identity.result_bytes()));
    for (std::size_t i = 0; i < count; ++i) {
      const auto& response = line_.response(i);
      auto fault = compare_answer(job_, first + i, response);
      if (!fault && response->number != static_cast<std::uint8_t>(first + i)) {
        fault = cosim::OutputFault{first + i, job_.dataset.labels[first + i], 0, "number", 0, static_cast<std::uint8_t>(first + i),
                                   response->number};
      }
      if (!fault) continue;
      ++report.mismatches;
      if (report.mismatch) continue;
      fault->cycle = simulator_.edges();
      report.mismatch.emplace();
      report.mismatch->output = std::move(fault);
      report.mismatch->latency_found = report.mismatch->latency_stated = job_.design.manifest.latency_cycles;
      // The sample still stands in its register, and the whole pipeline holds what comes of it.
      explain_by_layers(job_.model, job_.design, eval::sample_features(job_.dataset, first + i),
                        CoreNets(job_.netlist, job_.design.manifest, {std::string(board::kSampleRegister), "core.features"}),
                        [&](RoutedNet net) { return simulator_.value(net, i); }, *report.mismatch);
    }
  }

  const Job& job_;
  RoutedSimulator simulator_;
  Line line_;
};

}  // namespace

Result<ReadbackReport> read_back_board(const ReadbackSource& source, const model::Model& model, const board::Board& board,
                                       const verilog::Design& design, const board::BoardSources& sources,
                                       const data::Dataset& dataset, const ReadbackOptions& options) {
  data::Dataset part = dataset;
  if (options.limit != 0) part.truncate(options.limit);
  LUTGEN_TRY(const RoutedNetlist netlist, read_source(source));
  const std::string place = source.netlist.string();
  LUTGEN_TRY(const RoutedNet rx, find_port(netlist, "uart_rx", true, place));
  LUTGEN_TRY(const RoutedNet tx, find_port(netlist, "uart_tx", false, place));
  LUTGEN_TRY(const eval::Answers answers,
             eval::answer_reference(model, part, {.threads = options.threads, .progress = options.progress}));
  ReadbackReport report;
  report.source = describe(source);
  report.samples = part.sample_count();
  const Job job{netlist, model, board, design, sources, part, answers};
  const auto start = std::chrono::steady_clock::now();
  const std::size_t words = std::clamp<std::size_t>((report.samples + 63) / 64, 1, kMaxWords);
  Conversation(job, words, rx, tx).run(report.samples, options.progress, report);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace lutgen::flow

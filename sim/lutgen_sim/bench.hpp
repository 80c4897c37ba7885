// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lutgen_sim/bits.hpp"
#include "lutgen_sim/port.hpp"
#include "lutgen_sim/result.hpp"
#include "lutgen_sim/schedule.hpp"
#include "lutgen_sim/scoreboard.hpp"
#include "lutgen_sim/stimulus.hpp"

namespace lutgen::sim {

/// A Verilated design, as a bench sees it. Ports that the design does not have stay unconnected:
/// without in_valid every cycle offers a sample, without out_valid only the outputs are compared,
/// a combinational design needs no clock and no reset.
///
/// clock      the bench drives everything else while it is low; flops take the rising edge
/// reset      synchronous, active high (see reset_level for low)
/// inputs     data ports in the order of the stimulus
/// outputs    the same
/// probes     a wide output that `record_probes` records; for nothing else
/// eval       evaluates the model once
/// dump       called after each eval with a time that goes up by one, for a trace; may be empty
/// progress   called now and then with the samples sent and all samples; may be empty
struct Design {
  Port clock;
  Port reset;
  bool reset_level = true;
  Port in_valid;
  Port out_valid;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  Port probes;
  std::function<void()> eval;
  std::function<void(std::uint64_t)> dump;
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

/// Empty when names, order and widths of the design's data ports are those of the stimulus, else
/// one sentence that names the first difference.
[[nodiscard]] inline std::string check_ports(const Design& design, const Stimulus& stimulus) {
  const auto check = [](const std::vector<Port>& ports, const std::vector<Field>& fields,
                        const std::string& kind) -> std::string {
    if (ports.size() != fields.size())
      return "expected " + std::to_string(ports.size()) + " " + kind + " fields, got " +
             std::to_string(fields.size());
    for (std::size_t i = 0; i < ports.size(); ++i)
      if (ports[i].name() != fields[i].name || ports[i].width_bits() != fields[i].width_bits)
        return "expected " + kind + " " + std::to_string(i) + " to be " + ports[i].name() + " (" +
               std::to_string(ports[i].width_bits()) + " bits), got " + fields[i].name + " (" +
               std::to_string(fields[i].width_bits) + " bits)";
    return {};
  };
  std::string error = check(design.inputs, stimulus.inputs, "input");
  return error.empty() ? check(design.outputs, stimulus.outputs, "output") : error;
}

/// Runs one stimulus through one design and compares every cycle:
///
///  1. reset; from its second cycle on out_valid has to be 0
///  2. the first sample alone, which shows the latency that the design really has
///  3. the other samples in bursts with gaps; while in_valid is 0 the data ports get garbage
///  4. when `reset_after` samples were taken and some are in flight, a reset: these are lost, and
///     sent again
///  5. idle cycles, in which nothing more may come out
///
/// A cycle: inputs change while the clock is low, outputs are read before the edge, then the edge.
/// So a combinational design has latency 0, and one rank of flops has latency 1.
class Bench {
 public:
  /// Both must outlive the bench; `check_ports` must have found them to fit.
  Bench(const Design& design, const Stimulus& stimulus)
      : design_(design),
        stimulus_(stimulus),
        scoreboard_(stimulus),
        garbage_(stimulus.seed ^ 0x6172626167656721u),
        input_words_(sample_words(stimulus.inputs)),
        idle_data_(input_words_),
        found_(sample_words(stimulus.outputs)) {}

  /// The whole run. Cost: two evaluations of the model a cycle.
  [[nodiscard]] Result run() {
    const auto start = std::chrono::steady_clock::now();
    reset();
    run_idle(2);
    run_first_sample();
    run_other_samples();
    run_idle(std::uint64_t{stimulus_.latency_cycles} + stimulus_.interval_cycles + 4);
    Result result = scoreboard_.result();
    result.latency_cycles = latency_cycles_;
    result.cycles = cycle_;
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

  /// Sends all samples back to back after a reset and records `design.probes` before every clock
  /// edge, from the first sample's cycle to `extra_cycles` after the last one's.
  ///
  /// Gives [cycles][words of probes]; sample s went in at row s * interval_cycles.
  [[nodiscard]] Words record_probes(std::uint64_t extra_cycles) {
    reset();
    run_idle(2);
    const std::size_t words = design_.probes.word_count();
    const std::uint64_t busy = (stimulus_.samples - 1) * stimulus_.interval_cycles + 1;
    Words rows((busy + extra_cycles) * words);
    for (std::uint64_t row = 0; row < busy + extra_cycles; ++row) {
      const bool offer = row < busy && row % stimulus_.interval_cycles == 0;
      drive(offer, offer ? data_of(row / stimulus_.interval_cycles) : garbage());
      settle();
      design_.probes.read(rows.data() + row * words);
      clock_edge();
    }
    return rows;
  }

 private:
  void settle() {
    design_.clock.write_bit(false);
    design_.eval();
    if (design_.dump) design_.dump(2 * cycle_);
  }

  void clock_edge() {
    design_.clock.write_bit(true);
    design_.eval();
    if (design_.dump) design_.dump(2 * cycle_ + 1);
    ++cycle_;
  }

  void drive(bool valid, const std::uint32_t* data) {
    design_.in_valid.write_bit(valid);
    for (const Port& port : design_.inputs) {
      port.write(data);
      data += port.word_count();
    }
  }

  [[nodiscard]] const std::uint32_t* data_of(std::uint64_t sample) const {
    return stimulus_.input_words.data() + sample * input_words_;
  }

  /// Random bits of the width of the data ports.
  [[nodiscard]] const std::uint32_t* garbage() {
    std::size_t word = 0;
    for (const Field& field : stimulus_.inputs) {
      for (std::size_t i = 0; i < words_for(field.width_bits); ++i)
        idle_data_[word++] = static_cast<std::uint32_t>(garbage_.next());
      idle_data_[word - 1] &= last_word_mask(field.width_bits);
    }
    return idle_data_.data();
  }

  [[nodiscard]] std::optional<bool> out_valid() const {
    if (!design_.out_valid.connected()) return std::nullopt;
    return design_.out_valid.read_bit();
  }

  void observe() {
    std::size_t word = 0;
    for (const Port& port : design_.outputs) {
      port.read(found_.data() + word);
      word += port.word_count();
    }
    scoreboard_.observe(cycle_, out_valid(), found_.data());
  }

  /// In a reset, in_valid is 1 at random: a design with registers must not take such a sample.
  void reset() {
    for (std::uint32_t i = 0; i < stimulus_.reset_cycles; ++i) {
      design_.reset.write_bit(design_.reset_level);
      const bool valid = stimulus_.latency_cycles > 0 && (garbage_.next() & 1u) != 0;
      drive(valid, garbage());
      settle();
      if (i > 0 || cycle_ > 0) observe();
      if (i == 0) lost_ = scoreboard_.reset();
      clock_edge();
    }
    design_.reset.write_bit(!design_.reset_level);
  }

  void run_idle(std::uint64_t cycles) {
    for (std::uint64_t i = 0; i < cycles; ++i) run_idle_cycle();
  }

  void run_idle_cycle() {
    drive(false, garbage());
    settle();
    observe();
    clock_edge();
  }

  void send(std::uint64_t sample) {
    drive(true, data_of(sample));
    scoreboard_.accept(sample, cycle_);
    settle();
    observe();
    clock_edge();
  }

  /// Waits for its out_valid, also when that comes early or late.
  void run_first_sample() {
    if (stimulus_.samples == 0) return;
    const std::uint64_t sent = cycle_;
    const std::uint64_t longest = 2 * std::uint64_t{stimulus_.latency_cycles} + 64;
    drive(true, data_of(0));
    scoreboard_.accept(0, sent);
    while (!scoreboard_.idle() || (!latency_cycles_ && cycle_ - sent <= longest)) {
      settle();
      if (!latency_cycles_ && out_valid().value_or(cycle_ - sent == stimulus_.latency_cycles))
        latency_cycles_ = cycle_ - sent;
      observe();
      clock_edge();
      drive(false, garbage());
    }
    run_idle(stimulus_.interval_cycles);
  }

  void run_other_samples() {
    Schedule schedule(stimulus_.seed, stimulus_.interval_cycles, stimulus_.max_burst,
                      stimulus_.max_gap);
    bool reset_done = stimulus_.reset_after == kNoReset;
    for (std::uint64_t next = 1; next < stimulus_.samples;) {
      const bool in_flight = !scoreboard_.idle() || stimulus_.latency_cycles == 0;
      if (!reset_done && next >= stimulus_.reset_after && in_flight) {
        reset_done = true;
        reset();
        next = lost_.value_or(next);
      }
      if (design_.progress && next % 16 == 0) design_.progress(next, stimulus_.samples);
      if (schedule.offer())
        send(next++);
      else
        run_idle_cycle();
    }
  }

  const Design& design_;
  const Stimulus& stimulus_;
  Scoreboard scoreboard_;
  Random garbage_;
  std::size_t input_words_;
  Words idle_data_;
  Words found_;
  std::uint64_t cycle_ = 0;
  std::optional<std::uint64_t> latency_cycles_;
  std::optional<std::uint64_t> lost_;
};

}  // namespace lutgen::sim

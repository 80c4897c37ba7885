// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>

#include "lutgen_sim/bits.hpp"
#include "lutgen_sim/result.hpp"
#include "lutgen_sim/stimulus.hpp"

namespace lutgen::sim {

/// Knows which sample is due in which cycle, and compares.
///
/// In every cycle that is observed, out_valid has to be 1 if a sample is due and 0 if none is. The
/// outputs of a due sample are compared whatever out_valid says, so that a fault of the valid path
/// and a fault of the data path are told apart.
class Scoreboard {
 public:
  /// `stimulus` must outlive the scoreboard.
  explicit Scoreboard(const Stimulus& stimulus)
      : stimulus_(stimulus), output_words_(sample_words(stimulus.outputs)) {}

  /// The design took `sample` in `cycle`.
  void accept(std::uint64_t sample, std::uint64_t cycle) {
    due_.push_back({sample, cycle + stimulus_.latency_cycles});
  }

  /// The sample that is due in `cycle`, if one is. O(1).
  [[nodiscard]] std::optional<std::uint64_t> due_in(std::uint64_t cycle) const {
    if (due_.empty() || due_.front().cycle != cycle) return std::nullopt;
    return due_.front().sample;
  }

  /// No sample is in flight.
  [[nodiscard]] bool idle() const { return due_.empty(); }

  /// Compares one cycle; to be called for every cycle after the first reset edge.
  ///
  /// out_valid  nothing when the design has no such port
  /// found      [sample_words(outputs)] the outputs in this cycle
  void observe(std::uint64_t cycle, std::optional<bool> out_valid, const std::uint32_t* found) {
    const std::optional<std::uint64_t> sample = due_in(cycle);
    if (out_valid && *out_valid != sample.has_value()) {
      ++result_.valid_errors;
      if (!result_.first_valid_error)
        result_.first_valid_error = ValidError{cycle, sample.has_value(), sample};
    }
    if (!sample) return;
    due_.pop_front();
    if (out_valid.value_or(true)) note_interval(cycle);
    ++result_.samples;
    compare(*sample, cycle, found);
  }

  /// A reset threw away what was in flight; gives the oldest sample that was lost, if any.
  std::optional<std::uint64_t> reset() {
    std::optional<std::uint64_t> oldest;
    if (!due_.empty()) oldest = due_.front().sample;
    result_.lost_in_reset += due_.size();
    due_.clear();
    last_result_cycle_.reset();
    return oldest;
  }

  /// The counts so far; latency, cycles and seconds are filled in by the bench.
  [[nodiscard]] const Result& result() const { return result_; }

 private:
  struct Due {
    std::uint64_t sample;
    std::uint64_t cycle;
  };

  void note_interval(std::uint64_t cycle) {
    if (last_result_cycle_) {
      const std::uint64_t distance = cycle - *last_result_cycle_;
      if (!result_.interval_cycles || distance < *result_.interval_cycles)
        result_.interval_cycles = distance;
    }
    last_result_cycle_ = cycle;
  }

  void compare(std::uint64_t sample, std::uint64_t cycle, const std::uint32_t* found) {
    const std::uint32_t* expected = stimulus_.output_words.data() + sample * output_words_;
    if (std::memcmp(expected, found, output_words_ * sizeof(std::uint32_t)) == 0) return;
    ++result_.mismatches;
    if (result_.first_mismatch) return;
    std::size_t word = 0;
    for (const Field& field : stimulus_.outputs) {
      const std::size_t words = words_for(field.width_bits);
      if (std::memcmp(expected + word, found + word, words * sizeof(std::uint32_t)) != 0) {
        result_.first_mismatch =
            FieldMismatch{sample, cycle, field.name, to_hex(expected + word, field.width_bits),
                          to_hex(found + word, field.width_bits)};
        return;
      }
      word += words;
    }
  }

  const Stimulus& stimulus_;
  std::size_t output_words_;
  std::deque<Due> due_;
  std::optional<std::uint64_t> last_result_cycle_;
  Result result_;
};

}  // namespace lutgen::sim

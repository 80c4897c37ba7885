// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lutgen_sim/bits.hpp"

namespace lutgen::sim {

/// Decides in which cycles a sample is offered: bursts of 1..max_burst samples, each `interval`
/// cycles after the one before, with gaps of 1..max_gap cycles between bursts. Lengths are drawn
/// from the seed, so a run can be repeated exactly.
class Schedule {
 public:
  /// interval   >= 1
  /// max_burst  >= 1
  /// max_gap    0: no gaps at all
  Schedule(std::uint64_t seed, std::uint32_t interval, std::uint32_t max_burst,
           std::uint32_t max_gap)
      : random_(seed), interval_(interval), max_burst_(max_burst), max_gap_(max_gap) {
    burst_left_ = random_.from_one_to(max_burst_);
  }

  /// Call once a cycle: true when a sample is to be offered in this cycle. O(1).
  [[nodiscard]] bool offer() {
    if (idle_left_ > 0) {
      --idle_left_;
      return false;
    }
    idle_left_ = interval_ - 1;
    if (--burst_left_ == 0) {
      burst_left_ = random_.from_one_to(max_burst_);
      if (max_gap_ > 0) idle_left_ += random_.from_one_to(max_gap_);
    }
    return true;
  }

 private:
  Random random_;
  std::uint32_t interval_;
  std::uint32_t max_burst_;
  std::uint32_t max_gap_;
  std::uint64_t burst_left_ = 0;
  std::uint64_t idle_left_ = 0;
};

}  // namespace lutgen::sim

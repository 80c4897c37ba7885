// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lutgen/train/train.hpp"

namespace lutgen::train {

/// What a person who waits for a training reads: its figures so far, and how long it will take.
class EpochText {
 public:
  /// all   epochs of the whole training
  /// done  of them before now, by an earlier run
  EpochText(std::uint32_t all, std::uint32_t done) : all_(all), first_(done), start_(std::chrono::steady_clock::now()) {}

  /// "epoch 3 of 40", and of the epoch before it, if there was one: loss, part of the held-back samples that was right (unless it
  /// is 0), LUTs (unless 0), time left at the pace so far.
  ///
  /// epoch  the one that begins, from 1
  /// last   figures of the one before; null: none
  [[nodiscard]] std::string begin(std::uint32_t epoch, const EpochFigures* last) const;

 private:
  std::uint32_t all_;
  std::uint32_t first_;
  std::chrono::steady_clock::time_point start_;
};

/// "8 s", "3 min", "2 h 5 min": a length of time, rounded.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace lutgen::train

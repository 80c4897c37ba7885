// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/epoch_text.hpp"

#include <cmath>

#include <fmt/core.h>

namespace lutgen::train {

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(std::max(0.0, seconds)));
  if (whole < 120) return fmt::format("{} s", whole);
  const std::uint64_t minutes = (whole + 30) / 60;
  return minutes < 60 ? fmt::format("{} min", minutes) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string EpochText::begin(std::uint32_t epoch, const EpochFigures* last) const {
  std::string text = fmt::format("epoch {} of {}", epoch, all_);
  if (last == nullptr) return text;
  text += fmt::format(": loss {:.4f}", last->loss);
  if (last->validation > 0) text += fmt::format(", held back {:.2f} %", 100 * last->validation);
  if (last->luts > 0) text += fmt::format(", {} LUTs", last->luts);
  const std::uint32_t now = epoch - 1 - first_;
  if (now == 0) return text;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return text + fmt::format(", {} left", duration_text(seconds * (all_ - epoch + 1) / now));
}

}  // namespace lutgen::train

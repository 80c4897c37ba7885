// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace lutgen::base {

/// Where long work reports how far it is. The library only calls it; who shows it is the caller's
/// affair (the program prints one line on a terminal, time-stamped lines elsewhere).
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;

  /// `done` of `total` units of `stage` are finished; total 0 when unknown. May be called often.
  virtual void update(std::string_view stage, std::uint64_t done, std::uint64_t total) = 0;
};

/// Reports to nobody.
class SilentProgress final : public ProgressSink {
 public:
  void update(std::string_view, std::uint64_t, std::uint64_t) override {}
};

}  // namespace lutgen::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lutgen_sim/bits.hpp>

#include "lutgen/base/result.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::cosim {

/// Everything that a replay records, and where it stands in a recorded row.
///
/// A row holds, in this order, every net of every probe, then every bit of every output port.
class ProbePlan {
 public:
  /// All must outlive the plan.
  ProbePlan(const verilog::Manifest& manifest, std::span<const verilog::LayerProbes> layers);

  /// The recorded nets as written inside the design; bit i of a row is expressions()[i].
  [[nodiscard]] const std::vector<std::string>& expressions() const { return expressions_; }

  /// Index in expressions() of the first net of a probe. O(1).
  [[nodiscard]] std::size_t first_bit(std::size_t layer, std::size_t probe) const {
    return first_bits_[layer][probe];
  }

  /// Index in expressions() of bit 0 of the first output port; the ports follow each other.
  [[nodiscard]] std::size_t output_bit() const { return output_bit_; }

 private:
  std::vector<std::string> expressions_;
  std::vector<std::vector<std::size_t>> first_bits_;
  std::size_t output_bit_ = 0;
};

/// The rows that a simulator recorded: one a clock cycle, from the cycle of the first sample on.
struct ProbeRows {
  std::size_t width_bits = 0;
  std::size_t rows = 0;
  sim::Words words;

  /// Bit `bit` in the cycle of row `row`; requires both in range (checked).
  [[nodiscard]] bool at(std::size_t row, std::size_t bit) const;
};

/// Decodes what `run_main --replay` wrote (sim/lutgen_sim/main.hpp), every length checked.
///
/// Errors   tool_failed: the simulator left something else
[[nodiscard]] Result<ProbeRows> parse_probe_rows(std::string_view bytes, const std::string& place);

}  // namespace lutgen::cosim

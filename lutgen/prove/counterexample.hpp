// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/netlist/netlist.hpp"
#include "lutgen/prove/local_check.hpp"
#include "lutgen/prove/report.hpp"

namespace lutgen::prove {

/// Turns samples into values of the features port and back.
class InputCodec {
 public:
  InputCodec(const model::Model& model, logic::InputForm form);

  /// Bits of the port, bit 0 first.
  [[nodiscard]] std::vector<std::uint8_t> bits_of(std::span<const double> features) const;
  /// Features that give these bits; nothing where none do (an encoder gives no 0 above a 1).
  [[nodiscard]] std::optional<std::vector<double>> features_of(std::span<const std::uint8_t> bits) const;

 private:
  [[nodiscard]] double feature_between(std::span<const double> thresholds, std::span<const std::uint8_t> bits) const;

  const model::Model& model_;
  const model::Thermometer* encoder_ = nullptr;  // null: the port takes the features themselves
};

/// What is simulated against what.
///
/// netlist   obeys the order of evaluation; its registers are simulated as they are
/// latency   cycles after which results are due
/// streams   whether results may depend on samples before and after: several are kept then
struct SearchJob {
  const model::Model& model;
  logic::InputForm form;
  const logic::Graph& graph;
  const netlist::Netlist& netlist;
  std::uint32_t latency = 0;
  bool streams = false;
  std::uint64_t seed = 1;
  base::ProgressSink* progress = nullptr;
};

/// Simulates `samples` drawn samples, 64 runs side by side, a new sample in every cycle, with resets now and then, and
/// compares every output with the bit-sliced evaluator, and out_valid with what it has to be.
///
/// pattern   values that all samples have on the port, where not -1; empty: none
/// tried     number of samples simulated is added
/// Cost      O(cells) a 64 samples
[[nodiscard]] std::optional<CounterExample> simulate_samples(const SearchJob& job, std::size_t samples,
                                                             const InputPattern& pattern, std::uint64_t& tried);

}  // namespace lutgen::prove

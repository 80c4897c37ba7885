// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// Where registers go.
///
/// none          nowhere: one combinational block, latency 0
/// every_levels  after every `levels` LUT levels, counted from the inputs, and at the outputs
/// automatic     at the boundaries of layers, with neighbours merged while they stay within `levels`
///               LUT levels, and layers deeper than that cut into equal parts; and at the outputs
enum class PipelineMode : std::uint8_t { none, every_levels, automatic };

/// Options of `insert_registers`.
struct PipelineOptions {
  PipelineMode mode = PipelineMode::automatic;
  std::uint32_t levels = 4;
};

/// What the registers did.
///
/// net_stage  [nets]: clock cycles between a sample at the inputs and its value on that net
/// stages     register ranks from input to output: the latency in cycles
struct PipelineResult {
  std::vector<std::uint16_t> net_stage;
  std::uint32_t stages = 0;
};

/// Gives every cell group a stage, puts flip-flops on every net that is read in a later stage than it
/// is made (one chain a net, shared by all readers), delays all outputs to the last stage, and adds the
/// valid chain from in_valid to out_valid: the only flops with a reset.
///
/// Cost  O(pins + registers)
PipelineResult insert_registers(Builder& builder, const PipelineOptions& options);

}  // namespace lutgen::map

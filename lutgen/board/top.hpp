// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/board/link_protocol.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/verilog/manifest.hpp"

namespace lutgen::board {

/// Name of the board design's top module; its ports are those of `bound_ports`.
inline constexpr std::string_view kBoardTop = "lutgen_board_top";
/// Instance of the network in the top module.
inline constexpr std::string_view kCoreInstance = "core";
/// The register vector that the core's features port is wired to: bit i is bit i of the port. Above them it may have
/// up to seven more (features that are bits come eight at a time).
inline constexpr std::string_view kSampleRegister = "sample";

/// One Verilog file; `name` without a folder.
struct SourceFile {
  std::string name;
  std::string text;
};

/// Everything of a board design but the core.
///
/// files           lutgen_board_top.v first, then the modules that it needs, sorted by name
/// identity        what the board answers to "who are you"; says the bytes of samples and answers, too
/// clocks_per_bit  clock cycles of one UART bit
struct BoardSources {
  std::vector<SourceFile> files;
  LinkIdentity identity;
  std::uint32_t clocks_per_bit = 0;
};

/// Puts a network behind the UART of a board: reset, UART, link (rtl/link/README.md), an encoder that compares
/// each feature with its thresholds as it arrives, the core, LEDs that show the class.
///
/// model    validated
/// core     what was emitted from it with InputForm::bits and scores_output
/// Errors   model_has_no_classes when the network does not end in argmax; build_does_not_fit when the
///          registers of sample and result are more flops than the device has; verilog_name_collision
///          when the core has the name of one of our modules
/// Cost     O(thresholds); same input, same bytes
[[nodiscard]] Result<BoardSources> build_board_sources(const model::Model& model, const Board& board,
                                                       const verilog::Manifest& core);

}  // namespace lutgen::board

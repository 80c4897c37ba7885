// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/board/board.hpp"
#include "lutgen/flow/board_build.hpp"
#include "lutgen/flow/measure.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::cli {

/// What `lutgen build --json` prints of a measuring build; the figures on top are those of the run whose bitstream
/// was written, `spread` is over all seeds.
[[nodiscard]] io::Json to_json(const flow::MeasureReport& report, const board::Board& board, const model::Model& model,
                               double freq_mhz);
/// The same of a board build.
[[nodiscard]] io::Json to_json(const flow::BoardBuildReport& report, const board::Board& board, const model::Model& model);

/// The tables for people.
void print_table(const flow::MeasureReport& report, const board::Board& board, const model::Model& model);
void print_table(const flow::BoardBuildReport& report, const board::Board& board, const model::Model& model);

}  // namespace lutgen::cli

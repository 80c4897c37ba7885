// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/logic/lower.hpp"
#include "lutgen/optimize/step.hpp"
#include "lutgen/tech/cells.hpp"

namespace lutgen::optimize {

/// The passes, in the order of a round; what each does stands at its function in optimize/passes.
enum class Pass : std::uint8_t { constants, wires, merge, terms, compares, compose, dontcares };

/// All of them, in this order.
inline constexpr std::array kPasses = {Pass::constants, Pass::wires,   Pass::merge,    Pass::terms,
                                       Pass::compares,  Pass::compose, Pass::dontcares};

/// "constants", "wires", "merge" and so on, as in Pass. Static storage.
[[nodiscard]] std::string_view pass_name(Pass pass);

/// The pass of that name, if there is one.
[[nodiscard]] std::optional<Pass> find_pass(std::string_view name);

/// Options of `optimize`.
///
/// passes        which of them run; none: the graph stays as it is
/// lut_inputs    inputs of the family's LUT: no table grows beyond it
/// table_inputs  comparisons of at most this many bits become tables, at most 16; see simplify_compares
/// progress      may be null
struct OptimizeOptions {
  std::vector<Pass> passes = {kPasses.begin(), kPasses.end()};
  int lut_inputs = 6;
  int table_inputs = 6;
  base::ProgressSink* progress = nullptr;
};

/// The options for a family: a comparison of up to 12 bits takes fewer LUTs as a table that is decomposed (map/decompose) than
/// its counters do, with unit weights as with others; on gatemate, whose tables are not decomposed, of up to 6.
[[nodiscard]] OptimizeOptions options_for(tech::Family family, std::vector<Pass> passes);

/// How large the part of a graph is that its outputs depend on.
///
/// tables, fanins    tables and their inputs
/// compares, terms   comparisons, and terms of all sums that are compared or that are scores
struct GraphSize {
  std::int64_t tables = 0;
  std::int64_t fanins = 0;
  std::int64_t compares = 0;
  std::int64_t terms = 0;

  friend bool operator==(const GraphSize&, const GraphSize&) = default;
};

/// Counts. O(size of the graph).
[[nodiscard]] GraphSize compute_size(const logic::Graph& graph);

/// What one pass did in all its runs.
///
/// changes  as the pass counts them (Step::changes)
/// removed  how much smaller the graph got by it; negative where it got larger
struct PassFigures {
  Pass pass = Pass::constants;
  std::uint32_t runs = 0;
  std::uint64_t changes = 0;
  GraphSize removed;
};

/// A model as bits, optimised.
///
/// lowered   as given, with another graph. A value is listed in layer_bits only where a bit holds it as it is: one
///           that is gone, or held as its complement, is logic::kNoBit there
/// relation  from the graph that was given
/// rounds    how often the passes were gone through; one that can find nothing new is left out
/// figures   one for each pass that was asked for, in the order of kPasses
struct Optimized {
  logic::Lowered lowered;
  Relation relation;
  std::uint32_t rounds = 0;
  GraphSize before;
  GraphSize after;
  std::vector<PassFigures> figures;
};

/// Makes the graph of a model smaller without changing what it computes: runs the passes round after round until none
/// changes anything, at most 32 rounds. Every step is shown to be right as it is made (optimize/check): a pass that is wrong
/// aborts the program, it never gives a wrong graph. Pure and deterministic.
///
/// Cost  O(n log n) a round; some 3 rounds for a trained network
[[nodiscard]] Optimized optimize(logic::Lowered lowered, const OptimizeOptions& options);

}  // namespace lutgen::optimize

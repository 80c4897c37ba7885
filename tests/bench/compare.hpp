// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::bench {

/// A result of `scripts/bench` and what it is called in diagnostics.
struct NamedResult {
  std::string name;
  const io::Json& result;
};

/// least_percent  a smaller difference of the medians is `same`, whatever the ranges are: runs of one file share a process, and
///                where code and data happen to lie in memory alone makes some percent (Mytkowicz, Diwan, Hauswirth, Sweeney:
///                "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009)
struct CompareOptions {
  double least_percent = 5;
};

/// Compares every number of two results. Items of a list belong together when the fields that say what they are (target, model,
/// n, tables, seed, ...) are equal, wherever they stand. Verdicts:
///
/// better, worse, changed  beyond the noise; changed: the name does not say whether more is better
/// same                    within the noise
/// not judged              measured in fewer than five runs: the noise is not known
/// equal, count changed    a number that is not a measurement
/// only in old, only in new
///
/// Beyond the noise is what chance alone, equal distributions on both sides, would show in at most one of 100 comparisons,
/// whatever the distribution (a precedence test on the ranks): from eight runs on each side, each median outside the other
/// side's range, least to most (8 and 8 runs: 2 * 35 of 12,870 orders; 15 and 15: 1 of 22,600); from five runs on, no range
/// touches the other (5 and 5 runs: 2 of 252 orders). One run that was disturbed cannot hide a change that way, as it would
/// if ranges of many runs had to be apart.
///
/// Result  {"warnings": [text], "figures": [{"figure", "old", "new", "ratio", "verdict"}], "counts": {verdict: number}}; warnings
///         say what differs that makes figures not comparable: processor, compiler, tools
/// Errors  json_wrong_type, json_missing_field, json_number_range: what is no result, or a figure without its spread
/// Cost    O(numbers log numbers)
[[nodiscard]] Result<io::Json> compare_results(const NamedResult& old_result, const NamedResult& new_result,
                                               const CompareOptions& options);

/// The table of what `compare_results` found; equal counts and what was not judged are only counted, unless `everything`.
enum class Rows { what_matters, everything };
[[nodiscard]] std::string comparison_page(const io::Json& comparison, Rows rows);

}  // namespace lutgen::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/optimize/free_entries.hpp"
#include "lutgen/optimize/rewriter.hpp"

namespace lutgen::optimize {

/// The second half of use_dont_cares: entries that none of the tables that read a table sees.
[[nodiscard]] Step use_unseen_entries(const logic::Graph& graph);

/// Marks in `care` the addresses that inputs take: where bit c of `which` is 1, the address whose bit k is bit c of inputs[k].
///
/// inputs  [care.inputs()][words of `which`]
/// Cost    O(64 * words * inputs)
void mark_addresses(truth::TruthTable& care, std::span<const std::span<const std::uint64_t>> inputs,
                    std::span<const std::uint64_t> which);

/// `function` with the inputs and entries of `reduced`.
[[nodiscard]] Function keep_inputs(const Function& function, const Reduced& reduced);

}  // namespace lutgen::optimize

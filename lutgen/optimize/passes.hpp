// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lutgen/optimize/step.hpp"

namespace lutgen::optimize {

/// Constants and what does not matter: a table loses fan-ins that are constant, that it does not depend on, or that it has
/// twice; a sum loses constant bits; a comparison that the bounds of its sum decide becomes a constant. Cost O(size of the
/// graph) and truth::simplify for each table.
[[nodiscard]] Step fold_constants(const logic::Graph& graph);

/// Equal and complementary bits: tables with the same fan-ins and the same or the complementary entries, comparisons of
/// the same weighted bits with the same constant (or the opposite: not (s > c) is -s > -c - 1), and equal sums that are compared
/// with different constants. Fan-ins are compared as sets, so the order does not hide anything. Cost O(n log n).
[[nodiscard]] Step merge_equal(const logic::Graph& graph);

/// Wires and inverters: a table of one input vanishes into its readers. Cost O(size of the graph).
[[nodiscard]] Step absorb_wires(const logic::Graph& graph);

/// Equal bits in a sum become one term with the weights added; a bit and its complement leave a constant. Cost O(n log n).
[[nodiscard]] Step combine_sums(const logic::Graph& graph);

/// Comparisons: constants go to one side; the weights' common divisor is divided out; small terms that can never
/// decide are left out (of 8*a + b > 7 only a is left); a comparison of at most `table_inputs` bits becomes a table, one of
/// a plain binary number (weights 1, 2, 4, ...), for which a chain of LUTs is cheaper than a large table, of at most
/// `lut_inputs`. Comparisons that share a sum keep sharing it above `lut_inputs` + 2 bits. Cost O(n log n + 2^table_inputs).
[[nodiscard]] Step simplify_compares(const logic::Graph& graph, int lut_inputs, int table_inputs);

/// A table that only tables read vanishes into them, where none of them gets more inputs than `lut_inputs` (or than
/// it has): one cell less, none larger than a LUT. Cost O(readers * 2^lut_inputs).
[[nodiscard]] Step compose_tables(const logic::Graph& graph, int lut_inputs);

/// Entries that cannot occur, or that nobody sees, are free: a table gets other entries there, so that it needs fewer inputs,
/// or is a constant or another bit. First, over all bits:
///
/// - entries that cannot occur: what a table reads is looked at as functions of up to 10 bits behind it, for all
///   their values; comparisons of one sum follow from each other;
/// - tables that equal another bit or its complement: candidates by 256 simulated samples, shown on up to 12 bits.
///
/// Where none of this changes anything: entries that none of the tables that read it sees, for a table that only
/// tables read, at most 4 of them, on up to 12 bits. The value of such a table is held no more. Tables in whose window another one
/// was changed wait for the next run. Cost O(2^12) a table at most; most have no such window.
[[nodiscard]] Step use_dont_cares(const logic::Graph& graph);

}  // namespace lutgen::optimize

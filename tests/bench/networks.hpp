// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lutgen/model/model.hpp"
#include "lutgen/verilog/behavioural.hpp"

namespace lutgen::bench {

/// `copies` popcounts of `bits` bits each, no bit shared: compared with half of their bits (a threshold layer), or whole
/// (the scores of a group sum). The input is copies * bits bits, those of copy 0 first.
[[nodiscard]] model::Model popcounts(std::uint32_t bits, std::uint32_t copies, bool is_threshold);

/// Classes of `argmax_of_numbers`.
inline constexpr std::uint32_t kArgmaxClasses = 10;

/// The argmax of ten numbers at the ports, alone: score c is bits c*score_bits .. c*score_bits + score_bits - 1 of the
/// input, least significant first. The model format has no numbers, so bit b is written 2^b times, as wires (tables of one
/// input), into a group sum; the optimiser makes plain numbers of it.
///
/// score_bits  1..16
[[nodiscard]] model::Model argmax_of_numbers(std::uint32_t score_bits);

/// The same as a person would write it: numbers compared by a tournament, the left one of equal scores goes on, one
/// register behind the class. What Yosys gets: no sums of repeated bits.
[[nodiscard]] verilog::Behavioural argmax_text(std::uint32_t score_bits, const std::string& top);

/// A network of the starter's shape with any number of tables: random tables of 6 of 784 bits, ten sums, argmax.
///
/// tables  a multiple of 10
[[nodiscard]] model::Model table_network(std::uint32_t tables, std::uint64_t seed);

/// `layers` layers of `tables / layers` random tables of six inputs (the last takes what is left), each reading the one before, the first
/// 1,024 input bits; the last layer's bits go out. A netlist of nothing but tables and registers: every table has a reader, since table n
/// has bit n of the layer before among its inputs.
///
/// Requires 1 <= layers <= tables
[[nodiscard]] model::Model layer_network(std::uint32_t tables, std::uint32_t layers, std::uint64_t seed);

}  // namespace lutgen::bench

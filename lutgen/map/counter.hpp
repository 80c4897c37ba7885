// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lutgen/map/chain_tree.hpp"

namespace lutgen::map {

/// Bits to be added: columns[w] holds the nets of weight 2^w; NetId::one adds a constant.
using Columns = std::vector<std::vector<NetId>>;

/// The same summands as literals; constants stay among them. O(bits).
[[nodiscard]] Summands to_summands(const Columns& columns);

/// Adds up columns of bits. The seam behind which counter trees of any quality stand.
class SumSynthesizer {
 public:
  virtual ~SumSynthesizer() = default;

  /// Builds cells that add everything in `columns` and gives the sum, least significant bit first,
  /// `sum_bits` bits (the sum fits them: the caller's promise).
  ///
  /// unit  name of the group or neuron that the sum belongs to; bit i of the result is named `s<i>`
  ///       where a cell drives it (a sum of one bit is that bit's own net)
  virtual std::vector<NetId> add_up(Builder& builder, Columns columns, std::uint32_t sum_bits,
                                    const NetName& unit) const = 0;
};

/// A counter in LUTs: the number of ones among `bits` (at most 6) of weight 2^weight goes to the columns of `next`; what
/// leaves the last of them is dropped (always 0: the caller's promise). The new nets take names from `inner`.
void count_bits(Builder& builder, std::span<const NetId> bits, Columns& next, std::size_t weight, NameSource& inner);

/// Ranks of counters in LUTs, as wide as these (6 bits to 3 in LUT6, else 3 to 2), until no column has more than three
/// bits: one LUT level a rank, half of the bits gone in each on xc7, a third elsewhere. There have to be as many columns
/// as the sum has bits: what goes beyond them is dropped.
Columns compress_in_luts(Builder& builder, Columns columns, const NetName& unit);

/// On xc7 counters in carry chains (map/chain_tree). On other families ranks of counters in carry chains
/// (map/chain_counter; gowin: of full adders), until two rows are left, which a carry chain adds. With Goal::delay
/// counters in LUTs and one carry chain at the end.
///
/// Source: Dadda 1965 ("Some schemes for parallel multipliers").
[[nodiscard]] std::unique_ptr<SumSynthesizer> make_counter_tree();

}  // namespace lutgen::map

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

/// Bit `bit` of the number of ones among `bits` (at most 6), in LUTs; inner nets take names from `inner`.
NetId map_count(Builder& builder, std::span<const NetId> bits, int bit, NameSource& inner);

/// On xc7 counters in carry chains (map/chain_tree). On other families ranks of full adders, or of other counters in
/// carry chains (map/chain_counter), until two rows are left, which a carry chain adds.
///
/// Source: Dadda 1965 ("Some schemes for parallel multipliers").
[[nodiscard]] std::unique_ptr<SumSynthesizer> make_counter_tree();

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lutgen/map/counter.hpp"

namespace lutgen::map {

/// A comparison, and what was built to decide it.
///
/// number  the NumberClaim for the sum of the columns; `sum` is not filled
struct SumExceeds {
  NetId net = NetId::zero;
  NumberClaim number;
};

/// Builds the bit `sum of columns > constant`: a sum that is only compared, once. On xc7 no sum is built, but with
/// Goal::delay, whose counters in LUTs end in a number as on the other families.
///
/// unit  name of the sum, for what is inside the counters
/// name  of the result
/// Cost  that of the counters, O(bits in the columns)
[[nodiscard]] SumExceeds map_sum_exceeds(Builder& builder, Columns columns, std::int64_t constant, const NetName& unit,
                                         const NetName& name);

}  // namespace lutgen::map

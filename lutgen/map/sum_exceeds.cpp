// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/sum_exceeds.hpp"

#include <bit>

#include "lutgen/map/compare.hpp"

namespace lutgen::map {

SumExceeds map_sum_exceeds(Builder& builder, Columns columns, std::int64_t constant, const NetName& unit,
                           const NetName& name) {
  // Bits that are constants decide more comparisons than their weights do.
  std::int64_t minimum = 0;
  std::int64_t range = 0;
  for (std::size_t w = 0; w < columns.size(); ++w) {
    for (const NetId net : columns[w]) {
      if (net != NetId::zero) (net == NetId::one ? minimum : range) += std::int64_t{1} << w;
    }
  }
  SumExceeds result{NetId::zero, {.constant = minimum, .rest_maximum = range}};
  if (constant < minimum) result.net = NetId::one;
  if (constant < minimum || constant >= minimum + range) return result;
  if (builder.family() == tech::Family::xc7 && builder.goal() != Goal::delay) {
    const ChainCarry carry = exceeds_in_chains(builder, to_summands(columns), constant, unit, name);
    result.net = carry.net;
    if (carry.width == 0) return result;
    result.number.bits = {{carry.net, std::int64_t{1} << carry.width}};
    result.number.constant = -carry.added;
    result.number.rest_maximum = (std::int64_t{1} << carry.width) - 1;
    return result;
  }
  const auto width = static_cast<std::uint32_t>(std::bit_width(static_cast<std::uint64_t>(minimum + range)));
  result.number.constant = 0;
  std::vector<Literal> number;
  for (const NetId net : make_counter_tree()->add_up(builder, std::move(columns), width, unit)) {
    result.number.bits.push_back({net, std::int64_t{1} << number.size()});
    number.push_back({net, false});
  }
  result.number.rest_maximum = 0;
  result.net = map_exceeds_constant(builder, number, constant, name);
  return result;
}

}  // namespace lutgen::map

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/compare.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/map/table.hpp"

namespace lutgen::map {
namespace {

using netlist::Tag;
using truth::TruthTable;

/// Name of a link of the chain: the result's own name for the last, `gtN` for the others.
NetName link_name(const NetName& name, std::uint32_t link, bool is_last) {
  NetName result = name;
  if (!is_last) {
    result.tag = Tag::greater;
    result.number = link;
  }
  return result;
}

/// Two parts of two numbers, compared. The lowest part's equality is never asked for.
struct Compared {
  NetId less = NetId::zero;
  NetId equal = NetId::one;
};

Compared compare_digits(Builder& builder, std::span<const NetId> a, std::span<const NetId> b, bool needs_equal,
                        NameSource& names) {
  std::vector<NetId> inputs(a.begin(), a.end());
  inputs.insert(inputs.end(), b.begin(), b.end());
  TruthTable less(static_cast<int>(inputs.size()));
  TruthTable equal(static_cast<int>(inputs.size()));
  const std::uint32_t mask = (1u << a.size()) - 1;
  for (std::uint32_t address = 0; address < less.entries(); ++address) {
    less.set_bit(address, (address & mask) < address >> a.size());
    equal.set_bit(address, (address & mask) == address >> a.size());
  }
  Compared result{map_function(builder, less, inputs, names.next(), names), NetId::one};
  if (needs_equal) result.equal = map_function(builder, equal, inputs, names.next(), names);
  return result;
}

/// Parts that stand beside each other, lowest first, as one.
Compared join(Builder& builder, std::span<const Compared> parts, bool needs_equal, const NetName& name, NameSource& names) {
  const std::size_t count = parts.size();
  // Inputs: less of each part, then equal of all but the lowest.
  std::vector<NetId> inputs;
  std::vector<NetId> equals;
  for (const Compared& part : parts) inputs.push_back(part.less);
  for (const Compared& part : parts) equals.push_back(part.equal);
  inputs.insert(inputs.end(), equals.begin() + 1, equals.end());
  TruthTable less(static_cast<int>(inputs.size()));
  for (std::uint32_t address = 0; address < less.entries(); ++address) {
    bool value = (address & 1) != 0;
    for (std::size_t k = 1; k < count; ++k) {
      const bool is_equal = ((address >> (count + k - 1)) & 1) != 0;
      value = ((address >> k) & 1) != 0 || (value && is_equal);
    }
    less.set_bit(address, value);
  }
  Compared result{map_function(builder, less, inputs, name, names), NetId::one};
  if (!needs_equal) return result;
  TruthTable all(static_cast<int>(count));
  all.set_bit(all.entries() - 1, true);
  result.equal = map_function(builder, all, equals, names.next(), names);
  return result;
}

}  // namespace

NetId map_exceeds_constant(Builder& builder, std::span<const Literal> number, std::int64_t constant,
                           const NetName& name) {
  LUTGEN_CHECK(number.size() < 63);
  const std::int64_t maximum = (std::int64_t{1} << number.size()) - 1;
  if (constant < 0) return NetId::one;
  if (constant >= maximum) return NetId::zero;
  const auto limit = static_cast<std::uint64_t>(constant);
  const auto lut = static_cast<std::size_t>(tech::lut_inputs(builder.family()));
  NameSource inner(name, Tag::table);
  NetId link = NetId::zero;
  std::uint32_t links = 0;
  for (std::size_t next = static_cast<std::size_t>(std::countr_one(limit)); next < number.size();) {
    const std::size_t room = links == 0 ? lut : lut - 1;
    const std::size_t count = std::min(room, number.size() - next);
    const std::uint64_t part = (limit >> next) & ((std::uint64_t{1} << count) - 1);
    // Inputs: the bits of this part, then the link: part > constant's part, or equal and linked.
    TruthTable table(static_cast<int>(count) + 1);
    std::vector<NetId> inputs;
    std::uint32_t flips = 0;
    for (std::size_t i = 0; i < count; ++i) {
      inputs.push_back(number[next + i].net);
      flips |= std::uint32_t{number[next + i].inverted} << i;
    }
    inputs.push_back(link);
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      const std::uint64_t value = (a ^ flips) & ((1u << count) - 1);
      table.set_bit(a, value > part || (value == part && (a >> count) != 0));
    }
    next += count;
    link = map_function(builder, table, inputs, link_name(name, links++, next == number.size()), inner);
  }
  return link;
}

NetId map_less(Builder& builder, std::span<const NetId> a, std::span<const NetId> b, const NetName& name) {
  LUTGEN_CHECK(a.size() == b.size());
  const auto lut = static_cast<std::size_t>(tech::lut_inputs(builder.family()));
  NameSource inner(name, Tag::table);
  NetId link = NetId::zero;
  std::uint32_t links = 0;
  for (std::size_t next = 0; next < a.size();) {
    const std::size_t room = links == 0 ? lut / 2 : (lut - 1) / 2;
    const std::size_t count = std::min(room, a.size() - next);
    TruthTable table(static_cast<int>(2 * count) + 1);
    std::vector<NetId> inputs(a.begin() + static_cast<std::ptrdiff_t>(next),
                              a.begin() + static_cast<std::ptrdiff_t>(next + count));
    inputs.insert(inputs.end(), b.begin() + static_cast<std::ptrdiff_t>(next),
                  b.begin() + static_cast<std::ptrdiff_t>(next + count));
    inputs.push_back(link);
    const std::uint32_t mask = (1u << count) - 1;
    for (std::uint32_t address = 0; address < table.entries(); ++address) {
      const std::uint32_t left = address & mask;
      const std::uint32_t right = (address >> count) & mask;
      table.set_bit(address, left < right || (left == right && (address >> (2 * count)) != 0));
    }
    next += count;
    link = map_function(builder, table, inputs, link_name(name, links++, next == a.size()), inner);
  }
  return link;
}

NetId map_less_fast(Builder& builder, std::span<const NetId> a, std::span<const NetId> b, const NetName& name) {
  LUTGEN_CHECK(a.size() == b.size() && !a.empty());
  const auto lut = static_cast<std::size_t>(tech::lut_inputs(builder.family()));
  const std::size_t digits = lut / 2;
  if (a.size() <= digits) return map_less(builder, a, b, name);
  NameSource names(name, Tag::greater);
  std::vector<Compared> parts;
  for (std::size_t first = 0; first < a.size(); first += digits) {
    const std::size_t count = std::min(digits, a.size() - first);
    parts.push_back(compare_digits(builder, a.subspan(first, count), b.subspan(first, count), first > 0, names));
  }
  const std::size_t together = (lut + 1) / 2;
  while (parts.size() > 1) {
    std::vector<Compared> next;
    const bool is_last = parts.size() <= together;
    for (std::size_t first = 0; first < parts.size(); first += together) {
      const std::size_t count = std::min(together, parts.size() - first);
      const NetName less = is_last ? name : names.next();
      next.push_back(join(builder, std::span(parts).subspan(first, count), first > 0, less, names));
    }
    parts = std::move(next);
  }
  return parts[0].less;
}

}  // namespace lutgen::map

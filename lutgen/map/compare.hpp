// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// A net, or its complement.
struct Literal {
  NetId net = NetId::zero;
  bool inverted = false;
};

/// Builds the bit `number > constant` for an unsigned number; least significant bit first.
///
/// Bits below the lowest 0 of the constant never decide and are not read. The rest is a chain of LUTs,
/// each taking as many bits as fit beside the link from the one before: ceil((n - 1) / (K - 1)) LUTs
/// for n deciding bits and LUTs of K inputs. So x > 127 of eight bits is a wire, x > 63 one LUT.
NetId map_exceeds_constant(Builder& builder, std::span<const Literal> number, std::int64_t constant,
                           const NetName& name);

/// Builds the bit `a < b` for unsigned numbers of equal width; least significant bit first.
///
/// A chain of LUTs: floor(K / 2) bits in the first, floor((K - 1) / 2) in every other.
NetId map_less(Builder& builder, std::span<const NetId> a, std::span<const NetId> b, const NetName& name);

/// The same as a tree: about half as many LUTs again, as deep as the logarithm of the width (7 bits: two LUT6).
NetId map_less_fast(Builder& builder, std::span<const NetId> a, std::span<const NetId> b, const NetName& name);

}  // namespace lutgen::map

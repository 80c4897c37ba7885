// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "lutgen/map/claims.hpp"

namespace lutgen::prove {

/// A sum of weighted nets and a constant.
struct LinearForm {
  std::vector<map::WeightedNet> terms;
  std::int64_t constant = 0;
};

/// What is known of a difference.
///
/// minimum, maximum  bounds that hold for every input
/// loose             a net that could not be traced back, where there is one
struct Difference {
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::optional<netlist::NetId> loose;
};

/// Bounds differences of sums by replacing outputs of equations by their inputs until both sides consist of the same
/// nets. Everything that it does to a difference adds a multiple of an equation, so the order may change the bounds
/// but never makes them wrong. Nets are replaced latest first, as the mapper made them.
class Composer {
 public:
  /// equations  proven claims: all of them hold for every input; must outlive the composer
  explicit Composer(std::span<const map::SumClaim> equations);

  /// Bounds `left - right`.
  ///
  /// left   the sum as the model has it: its nets are the bits that are added, and are not taken apart
  /// right  the number that hardware holds
  /// What is left over (bits that are not built, carries that are dropped) is bounded bit by bit; multiples of
  /// some M among them (dropped carries) are shown to be 0 where the ranges of both sides leave no room for another.
  /// Cost   O(n log n) for n terms and outputs replaced
  [[nodiscard]] Difference bound(const LinearForm& left, const LinearForm& right) const;

  /// A net that is another one or its complement: weight * source + constant.
  struct Alias {
    netlist::NetId source = netlist::NetId::zero;
    std::int64_t weight = 1;
    std::int64_t constant = 0;
  };
  using Aliases = std::unordered_map<std::uint32_t, Alias>;  // looked up, never iterated

 private:
  std::span<const map::SumClaim> equations_;
  Aliases aliases_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> producers_;  // looked up, never iterated
};

}  // namespace lutgen::prove

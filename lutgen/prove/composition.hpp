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
  Composer() = default;

  /// The same as `add` for each of them.
  explicit Composer(std::span<const map::SumClaim> equations);

  /// Takes in a proven claim: it holds for every input. Of several that give the same nets, the one that takes away most is
  /// used, then one that is composed (before it a wire). A net that is another one is known as such from here on. O(its nets).
  void add(const map::SumClaim& equation);

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
  std::vector<map::SumClaim> equations_;  // over nets that are no aliases
  Aliases aliases_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> producers_;  // looked up, never iterated
};

}  // namespace lutgen::prove

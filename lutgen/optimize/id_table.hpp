// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::optimize {

/// Finds bits by a hash of what they stand for; what that is, the caller compares itself. Open addressing, linear probing (Knuth, vol. 3,
/// 6.4): 8 bytes a place, at most three in four taken.
class IdTable {
 public:
  /// The bit of that hash for which `is_same` holds, the first that was added; logic::kNoBit: none. O(1) expected.
  template <class IsSame>
  [[nodiscard]] logic::BitId find(std::uint64_t hash, IsSame&& is_same) const {
    if (places_.empty()) return logic::kNoBit;
    for (std::size_t at = start(hash); places_[at].bit != logic::kNoBit; at = (at + 1) & (places_.size() - 1)) {
      if (places_[at].hash == tag(hash) && is_same(places_[at].bit)) return places_[at].bit;
    }
    return logic::kNoBit;
  }

  /// Adds a bit. Amortised O(1).
  void add(std::uint64_t hash, logic::BitId bit) {
    if (4 * (count_ + 1) > 3 * places_.size()) grow();
    put({tag(hash), bit});
    ++count_;
  }

 private:
  struct Place {
    std::uint32_t hash = 0;
    logic::BitId bit = logic::kNoBit;
  };

  [[nodiscard]] static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  [[nodiscard]] std::size_t start(std::uint64_t hash) const { return tag(hash) & (places_.size() - 1); }

  void put(Place place) {
    std::size_t at = place.hash & (places_.size() - 1);
    while (places_[at].bit != logic::kNoBit) at = (at + 1) & (places_.size() - 1);
    places_[at] = place;
  }

  void grow() {
    std::vector<Place> old(places_.empty() ? 64 : 2 * places_.size());
    old.swap(places_);
    for (const Place& place : old) {
      if (place.bit != logic::kNoBit) put(place);
    }
  }

  std::vector<Place> places_;  // a power of 2
  std::size_t count_ = 0;
};

}  // namespace lutgen::optimize

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/logic/graph.hpp"

namespace lutgen::optimize {

/// Which live tables read each bit of a graph: one list behind the other in one piece of memory.
class Readers {
 public:
  /// live  [bits]: Graph::compute_live_bits
  /// Cost  O(fan-ins); 4 bytes a bit and one each fan-in
  Readers(const logic::Graph& graph, const std::vector<bool>& live);

  /// The tables that read the bit, by rising id, each once. O(1).
  [[nodiscard]] std::span<const logic::BitId> of(logic::BitId bit) const {
    const std::uint32_t* first = &first_[logic::index_of(bit)];
    return {readers_.data() + first[0], first[1] - first[0]};
  }

 private:
  std::vector<std::uint32_t> first_;  // [bits + 1]: in readers_
  std::vector<logic::BitId> readers_;
};

}  // namespace lutgen::optimize

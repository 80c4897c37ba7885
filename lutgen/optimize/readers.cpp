// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/readers.hpp"

#include <numeric>

namespace lutgen::optimize {

using logic::BitId;
using logic::index_of;

Readers::Readers(const logic::Graph& graph, const std::vector<bool>& live) : first_(graph.bit_count() + 1, 0) {
  // A table that reads a bit twice comes twice in a row: only its first read counts.
  std::vector<BitId> latest(graph.bit_count(), logic::kNoBit);
  const auto for_each_read = [&](const auto& body) {
    latest.assign(latest.size(), logic::kNoBit);
    for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
      if (!live[i]) continue;
      for (const BitId fanin : graph.fanins(BitId{i})) {
        if (latest[index_of(fanin)] == BitId{i}) continue;
        latest[index_of(fanin)] = BitId{i};
        body(index_of(fanin), BitId{i});
      }
    }
  };
  for_each_read([&](std::uint32_t bit, BitId) { ++first_[bit + 1]; });
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  readers_.resize(first_.back());
  // Each list is filled from its start, which moves to its end: where the next one starts.
  for_each_read([&](std::uint32_t bit, BitId reader) { readers_[first_[bit]++] = reader; });
  for (std::size_t bit = first_.size() - 1; bit > 0; --bit) first_[bit] = first_[bit - 1];
  first_[0] = 0;
}

}  // namespace lutgen::optimize

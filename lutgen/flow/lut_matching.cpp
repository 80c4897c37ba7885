// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/lut_matching.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <utility>

namespace lutgen::flow {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::int64_t kMadeCost = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kApartCost = 12;  // a flop away from its LUT, in tiles
constexpr std::size_t kLargestSearch = 4096;

std::int64_t distance(Tile a, Tile b) { return std::int64_t{std::abs(a.x - b.x)} + std::abs(a.y - b.y); }

/// A pair and what it costs.
struct Candidate {
  std::int64_t cost = 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  [[nodiscard]] auto operator<=>(const Candidate&) const = default;
};

/// The pairs that are allowed, for each LUT only the cheapest.
class CandidateFinder {
 public:
  CandidateFinder(std::span<const SmallLut> luts, const MatchLimits& limits) : luts_(luts), limits_(limits) {
    for (std::uint32_t i = 0; i < luts.size(); ++i) columns_[luts[i].tile.x].emplace_back(luts[i].tile.y, i);
    for (auto& [x, column] : columns_) std::sort(column.begin(), column.end());
  }

  [[nodiscard]] std::vector<Candidate> run() const {
    std::vector<Candidate> all;
    for (std::uint32_t i = 0; i < luts_.size(); ++i) {
      std::vector<Candidate> mine = partners(i);
      const std::size_t count = std::min<std::size_t>(mine.size(), limits_.candidates);
      std::partial_sort(mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(count), mine.end());
      all.insert(all.end(), mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(count));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

 private:
  [[nodiscard]] std::vector<Candidate> partners(std::uint32_t i) const {
    std::vector<Candidate> result;
    const Tile at = luts_[i].tile;
    const auto last = columns_.upper_bound(at.x + limits_.reach);
    for (auto column = columns_.lower_bound(at.x - limits_.reach); column != last; ++column) {
      const auto& cells = column->second;
      for (auto cell = std::lower_bound(cells.begin(), cells.end(), std::pair(at.y - limits_.reach, std::uint32_t{0}));
           cell != cells.end() && cell->first <= at.y + limits_.reach; ++cell) {
        const std::uint32_t other = cell->second;
        if (other == i || !can_share(i, other)) continue;
        const bool is_made = luts_[i].position == luts_[other].position;
        const std::int64_t apart = luts_[i].only_upper && luts_[other].only_upper ? kApartCost : 0;
        const std::int64_t cost = is_made ? kMadeCost : apart + std::min(moving_cost(luts_[i], luts_[other].tile), moving_cost(luts_[other], at));
        result.push_back({cost, std::min(i, other), std::max(i, other)});
      }
    }
    return result;
  }

  [[nodiscard]] bool can_share(std::uint32_t a, std::uint32_t b) const {
    const auto& inputs = luts_[b].inputs;
    std::size_t together = inputs.size();
    for (const std::int64_t wire : luts_[a].inputs) together += std::binary_search(inputs.begin(), inputs.end(), wire) ? 0 : 1;
    return together <= limits_.max_inputs;
  }

  std::span<const SmallLut> luts_;
  const MatchLimits& limits_;
  std::map<std::int32_t, std::vector<std::pair<std::int32_t, std::uint32_t>>> columns_;  // by x: (y, LUT)
};

/// A matching and the search for augmenting paths in it. While a search is on, `base_` is the lowest vertex of the
/// contracted odd cycle (blossom) that a vertex is in, `parent_` where an odd vertex was reached from.
class Matching {
 public:
  Matching(std::uint32_t vertices, std::span<const Candidate> edges)
      : neighbours_(vertices), mate_(vertices, kNone), parent_(vertices, kNone), base_(vertices), even_(vertices), inside_(vertices), seen_(vertices) {
    for (const Candidate& edge : edges) {
      neighbours_[edge.first].push_back(edge.second);
      neighbours_[edge.second].push_back(edge.first);
      if (mate_[edge.first] != kNone || mate_[edge.second] != kNone) continue;
      mate_[edge.first] = edge.second;
      mate_[edge.second] = edge.first;
    }
    for (std::uint32_t v = 0; v < vertices; ++v) base_[v] = v;
  }

  /// Adds what augmenting paths add.
  void complete() {
    for (std::uint32_t root = 0; root < mate_.size(); ++root) {
      if (mate_[root] != kNone) continue;
      std::uint32_t end = find_path(root);
      while (end != kNone) {
        const std::uint32_t before = parent_[end];
        const std::uint32_t next = mate_[before];
        mate_[end] = before;
        mate_[before] = end;
        end = next;
      }
      forget();
    }
  }

  [[nodiscard]] std::uint32_t mate(std::uint32_t v) const { return mate_[v]; }

 private:
  /// The free end of an augmenting path from a free vertex; kNone where there is none.
  std::uint32_t find_path(std::uint32_t root) {
    reach(root);
    for (std::size_t next = 0; next < queue_.size(); ++next) {
      const std::uint32_t v = queue_[next];
      for (const std::uint32_t to : neighbours_[v]) {
        if (base_[v] == base_[to] || mate_[v] == to) continue;
        if (to == root || (mate_[to] != kNone && parent_[mate_[to]] != kNone)) {
          contract(v, to);
        } else if (parent_[to] == kNone) {
          if (touched_.size() >= kLargestSearch) return kNone;
          parent_[to] = v;
          touched_.push_back(to);
          if (mate_[to] == kNone) return to;
          reach(mate_[to]);
        }
      }
    }
    return kNone;
  }

  void reach(std::uint32_t v) {
    even_[v] = 1;
    touched_.push_back(v);
    queue_.push_back(v);
  }

  /// Makes one vertex of the odd cycle that the edge v-to closes.
  void contract(std::uint32_t v, std::uint32_t to) {
    const std::uint32_t base = common_base(v, to);
    for (const std::uint32_t each : touched_) inside_[each] = 0;
    mark_path(v, base, to);
    mark_path(to, base, v);
    const std::size_t count = touched_.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t each = touched_[i];
      if (inside_[base_[each]] == 0) continue;
      base_[each] = base;
      if (even_[each] == 0) reach(each);
    }
  }

  /// Where the paths from both to the root meet.
  std::uint32_t common_base(std::uint32_t a, std::uint32_t b) {
    for (const std::uint32_t each : touched_) seen_[each] = 0;
    for (;;) {
      a = base_[a];
      seen_[a] = 1;
      if (mate_[a] == kNone) break;
      a = parent_[mate_[a]];
    }
    for (;;) {
      b = base_[b];
      if (seen_[b] != 0) return b;
      b = parent_[mate_[b]];
    }
  }

  void mark_path(std::uint32_t v, std::uint32_t base, std::uint32_t child) {
    while (base_[v] != base) {
      inside_[base_[v]] = inside_[base_[mate_[v]]] = 1;
      parent_[v] = child;
      child = mate_[v];
      v = parent_[mate_[v]];
    }
  }

  void forget() {
    for (const std::uint32_t v : touched_) {
      parent_[v] = kNone;
      base_[v] = v;
      even_[v] = inside_[v] = seen_[v] = 0;
    }
    touched_.clear();
    queue_.clear();
  }

  std::vector<std::vector<std::uint32_t>> neighbours_;  // cheapest first
  std::vector<std::uint32_t> mate_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> base_;
  std::vector<std::uint8_t> even_;
  std::vector<std::uint8_t> inside_;
  std::vector<std::uint8_t> seen_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint32_t> queue_;
};

}  // namespace

std::int64_t moving_cost(const SmallLut& lut, Tile to) {
  std::int64_t cost = 0;
  for (const Tile pull : lut.pulls) cost += distance(to, pull) - distance(lut.tile, pull);
  return cost;
}

std::vector<LutPair> match_luts(std::span<const SmallLut> luts, const MatchLimits& limits) {
  const std::vector<Candidate> candidates = CandidateFinder(luts, limits).run();
  Matching matching(static_cast<std::uint32_t>(luts.size()), candidates);
  matching.complete();
  std::vector<LutPair> pairs;
  for (std::uint32_t v = 0; v < luts.size(); ++v) {
    if (matching.mate(v) != kNone && v < matching.mate(v)) pairs.push_back({v, matching.mate(v)});
  }
  return pairs;
}

}  // namespace lutgen::flow

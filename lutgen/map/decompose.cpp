// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/decompose.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;
using Word = std::uint64_t;

constexpr int kAllSets = 12;          // up to so many inputs every bound set is tried
constexpr int kMostBoundAbove = 6;    // above: those of up to so many inputs,
constexpr int kMostRestAbove = 3;     // and those that leave at most so many
constexpr std::size_t kMostBoundShared = 8;   // sharing is tried in bound sets of up to so many inputs
constexpr std::size_t kMostOfOneSize = 2;  // so many splits with the same number of bound inputs are kept
constexpr std::size_t kWordInputs = 6;

constexpr std::array<Word, kWordInputs> kOnes = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                                 0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};

/// The bits of `address` that stand in `mask`, packed.
std::uint32_t pack(std::uint32_t address, std::uint32_t mask) {
  std::uint32_t packed = 0;
  for (std::uint32_t rest = mask, k = 0; rest != 0; rest &= rest - 1, ++k) {
    packed |= ((address >> std::countr_zero(rest)) & 1) << k;
  }
  return packed;
}

/// The bits of `packed` spread over the places of `mask`.
std::uint32_t spread(std::uint32_t packed, std::uint32_t mask) {
  std::uint32_t address = 0;
  for (std::uint32_t rest = mask, k = 0; rest != 0; rest &= rest - 1, ++k) {
    address |= ((packed >> k) & 1) << std::countr_zero(rest);
  }
  return address;
}

std::uint32_t bits_for(std::size_t classes) { return static_cast<std::uint32_t>(std::bit_width(classes - 1)); }

/// Exchanges two inputs of a table of at least 64 entries, low < high.
void exchange(std::vector<Word>& words, std::size_t low, std::size_t high) {
  if (high < kWordInputs) {
    const unsigned shift = (1u << high) - (1u << low);
    const Word moved = kOnes[low] & ~kOnes[high];  // low 1, high 0: goes up
    for (Word& word : words) word = (word & ~(moved | moved << shift)) | ((word & moved) << shift) | ((word >> shift) & moved);
    return;
  }
  const std::size_t step = std::size_t{1} << (high - kWordInputs);
  for (std::size_t w = 0; w < words.size(); ++w) {
    if ((w & step) != 0) continue;
    Word& zero = words[w];  // high is 0
    if (low < kWordInputs) {
      Word& one = words[w | step];
      const unsigned shift = 1u << low;
      const Word up = zero & kOnes[low];
      const Word down = one & ~kOnes[low];
      zero = (zero & ~kOnes[low]) | (down << shift);
      one = (one & kOnes[low]) | (up >> shift);
    } else if (const std::size_t other = std::size_t{1} << (low - kWordInputs); (w & other) != 0) {
      std::swap(zero, words[(w & ~other) | step]);
    }
  }
}

/// One way to split, before its functions are made.
struct Candidate {
  std::uint32_t cost = 0;
  std::uint32_t bound = 0;
  std::uint32_t shared = 0;
};

class Search {
 public:
  Search(const TruthTable& table, std::span<const std::uint32_t> cost_of, std::size_t most)
      : table_(table), cost_of_(cost_of), most_(most), inputs_(static_cast<std::size_t>(table.inputs())),
        words_(table.words().begin(), table.words().end()), place_(inputs_), input_at_(inputs_) {
    std::iota(place_.begin(), place_.end(), 0);
    std::iota(input_at_.begin(), input_at_.end(), 0);
  }

  std::vector<Candidate> run() {
    const auto all = (1u << inputs_) - 1;
    for (std::uint32_t bound = 1; bound < all; ++bound) {
      const int count = std::popcount(bound);
      const int rest = table_.inputs() - count;
      const bool is_tried = table_.inputs() <= kAllSets || count <= kMostBoundAbove || rest <= kMostRestAbove;
      if (count > 1 && is_tried) try_bound(bound);
    }
    std::vector<Candidate> all_found;
    for (const auto& found : found_) all_found.insert(all_found.end(), found.begin(), found.end());
    std::stable_sort(all_found.begin(), all_found.end(), [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    if (all_found.size() > most_) all_found.resize(most_);
    return all_found;
  }

 private:
  /// What a split with so many classes, bound inputs and shared ones costs; that of no split where it is none.
  [[nodiscard]] std::uint32_t cost_with(std::size_t classes, std::size_t bound, std::size_t shared) const {
    const std::uint32_t bits = std::max(1u, bits_for(classes));
    const std::size_t outer = bits + inputs_ - bound + shared;
    return outer >= inputs_ ? cost_of_[inputs_] : bits * cost_of_[bound] + cost_of_[outer];
  }

  /// Whether a split of this cost would be among the best so far of as many bound inputs: where inputs are alike, all
  /// of the cheapest would be alike, too.
  [[nodiscard]] bool is_wanted(std::uint32_t cost, std::size_t bound) const {
    return cost < cost_of_[inputs_] && (found_[bound].size() < kMostOfOneSize || cost < found_[bound].back().cost);
  }

  void add(std::size_t classes, std::uint32_t bound, std::uint32_t shared) {
    const auto count = static_cast<std::size_t>(std::popcount(bound));
    const std::uint32_t cost = cost_with(classes, count, static_cast<std::size_t>(std::popcount(shared)));
    if (!is_wanted(cost, count)) return;
    auto& found = found_[count];
    const auto after = std::find_if(found.begin(), found.end(), [&](const Candidate& other) { return other.cost > cost; });
    found.insert(after, {cost, bound, shared});
    if (found.size() > kMostOfOneSize) found.pop_back();
  }

  void try_bound(std::uint32_t bound) {
    const auto count = static_cast<std::size_t>(std::popcount(bound));
    std::size_t most = 1;  // classes that could still pay, without shared inputs; each of these halves them at best
    while (most < std::size_t{1} << count && is_wanted(cost_with(2 * most, count, 0), count)) most *= 2;
    if (most == 1) return;
    const bool may_share = count >= 3 && count <= kMostBoundShared;
    if (may_share) most = std::min<std::size_t>(4 * most, 64);
    const std::size_t classes = find_classes(bound, most);
    if (classes > most) return;
    add(classes, bound, 0);
    if (!may_share || classes <= 2) return;
    const bool one_pays = is_wanted(cost_with((classes + 1) / 2, count, 1), count);
    const bool two_pay = count > 3 && is_wanted(cost_with((classes + 3) / 4, count, 2), count);
    for (int a = 0; a < static_cast<int>(count); ++a) {
      if (one_pays) add(count_most(a, a), bound, spread(1u << a, bound));
      for (int b = 0; b < a && two_pay; ++b) add(count_most(a, b), bound, spread(1u << a | 1u << b, bound));
    }
  }

  /// The largest number of classes, of 64 at most, that the values of the bound inputs with the same inputs a and b fall into.
  [[nodiscard]] std::size_t count_most(int a, int b) const {
    std::array<Word, 4> seen{};
    for (std::uint32_t value = 0; value < classes_.size(); ++value) {
      seen[((value >> a) & 1) * 2 + ((value >> b) & 1)] |= Word{1} << classes_[value];
    }
    int most = 0;
    for (const Word word : seen) most = std::max(most, std::popcount(word));
    return static_cast<std::size_t>(most);
  }

  /// Numbers the classes of the values of the bound inputs and gives how many there are, or `most` + 1 for more. The bound inputs move to the top of
  /// the table, in order, so that each value's function of the rest stands in one piece.
  std::size_t find_classes(std::uint32_t bound, std::size_t most) {
    std::size_t place = inputs_;
    for (std::uint32_t rest = bound; rest != 0;) {
      const auto input = static_cast<std::size_t>(std::bit_width(rest) - 1);
      rest &= ~(1u << input);
      move(input, --place);
    }
    const std::size_t piece = std::size_t{1} << place;
    classes_.resize(std::size_t{1} << (inputs_ - place));
    slots_.assign(4 * classes_.size(), {});
    std::uint32_t count = 0;
    for (std::size_t b = 0; b < classes_.size() && count <= most; ++b) {
      const Word key = digest(b, piece);
      std::size_t at = (key * 0x9E3779B97F4A7C15) >> 40 & (slots_.size() - 1);
      while (slots_[at].number != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
      if (slots_[at].number == 0) slots_[at] = {key, ++count};
      classes_[b] = slots_[at].number - 1;
    }
    return count;
  }

  /// The entries of a piece, or a hash of them: what is made of it is compared with the table in the end.
  Word digest(std::size_t index, std::size_t piece) const {
    if (piece < 64) {
      const std::size_t first = index * piece;
      return (words_[first / 64] >> (first % 64)) & ((Word{1} << piece) - 1);
    }
    Word hash = 0x9E3779B97F4A7C15;
    for (std::size_t w = index * piece / 64; w < (index + 1) * piece / 64; ++w) {
      hash = (std::rotl(hash, 29) ^ words_[w]) * 0xBF58476D1CE4E5B9;
    }
    return hash;
  }

  void move(std::size_t input, std::size_t to) {
    const std::size_t from = place_[input];
    if (from == to) return;
    exchange(words_, std::min(from, to), std::max(from, to));
    std::swap(input_at_[from], input_at_[to]);
    place_[input_at_[from]] = from;
    place_[input_at_[to]] = to;
  }

  const TruthTable& table_;
  std::span<const std::uint32_t> cost_of_;
  std::size_t most_;
  std::size_t inputs_;
  std::vector<Word> words_;            // the table with its inputs in another order
  std::vector<std::size_t> place_;     // [inputs]: where it stands now
  std::vector<std::size_t> input_at_;  // [places]
  struct Slot {
    Word key = 0;
    std::uint32_t number = 0;  // from 1; 0: free
  };
  std::vector<Slot> slots_;              // open addressing
  std::vector<std::uint32_t> classes_;   // [values of the bound inputs]
  std::array<std::vector<Candidate>, truth::kMaxInputs + 1> found_;  // [bound inputs]: the cheapest, cheapest first
};

/// The function of the rest for one value of the bound inputs, and how it is ordered among the others.
struct Column {
  std::uint32_t ones = 0;
  std::vector<bool> entries;

  friend auto operator<=>(const Column&, const Column&) = default;
};

Split make_split(const TruthTable& table, const Candidate& candidate) {
  const auto all = static_cast<std::uint32_t>((std::size_t{1} << table.inputs()) - 1);
  const std::uint32_t free = all & ~candidate.bound;
  const std::uint32_t bound_values = 1u << std::popcount(candidate.bound);
  const std::uint32_t free_values = 1u << std::popcount(free);
  std::vector<Column> columns(bound_values);
  for (std::uint32_t b = 0; b < bound_values; ++b) {
    const std::uint32_t base = spread(b, candidate.bound);
    for (std::uint32_t f = 0; f < free_values; ++f) {
      const bool value = table.bit(base | spread(f, free));
      columns[b].entries.push_back(value);
      columns[b].ones += value ? 1 : 0;
    }
  }
  // For each value of the shared inputs its own list of classes.
  const std::uint32_t shared = pack(candidate.shared, candidate.bound);
  std::vector<std::vector<Column>> classes(std::size_t{1} << std::popcount(shared));
  for (std::uint32_t b = 0; b < bound_values; ++b) classes[pack(b, shared)].push_back(columns[b]);
  std::size_t most = 0;
  for (auto& list : classes) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    most = std::max(most, list.size());
  }
  const std::uint32_t bits = std::max(1u, bits_for(most));
  Split split;
  split.bound = candidate.bound;
  split.rest = free | candidate.shared;
  split.inner.assign(bits, TruthTable(std::popcount(candidate.bound)));
  for (std::uint32_t b = 0; b < bound_values; ++b) {
    const auto& list = classes[pack(b, shared)];
    const auto number = static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), columns[b]) - list.begin());
    for (std::uint32_t i = 0; i < bits; ++i) split.inner[i].set_bit(b, ((number >> i) & 1) != 0);
  }
  split.outer = TruthTable(static_cast<int>(bits) + std::popcount(split.rest));
  for (std::uint32_t a = 0; a < split.outer.entries(); ++a) {
    const std::uint32_t address = spread(a >> bits, split.rest);
    const auto& list = classes[pack(pack(address, candidate.bound), shared)];
    const std::size_t number = std::min<std::size_t>(a & ((1u << bits) - 1), list.size() - 1);  // numbers beyond do not occur
    split.outer.set_bit(a, list[number].entries[pack(address, free)]);
  }
  return split;
}

}  // namespace

std::vector<Split> find_splits(const TruthTable& table, std::span<const std::uint32_t> cost_of, std::size_t most) {
  LUTGEN_CHECK(cost_of.size() > static_cast<std::size_t>(table.inputs()));
  std::vector<Split> splits;
  if (table.inputs() < 5) return splits;
  for (const Candidate& candidate : Search(table, cost_of, most).run()) {
    Split split = make_split(table, candidate);
    if (compose_split(split) == table) splits.push_back(std::move(split));
  }
  return splits;
}

TruthTable compose_split(const Split& split) {
  TruthTable table(std::popcount(split.bound | split.rest));
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    const std::uint32_t bound = pack(a, split.bound);
    std::uint32_t address = pack(a, split.rest);
    for (std::size_t i = split.inner.size(); i-- > 0;) address = address << 1 | (split.inner[i].bit(bound) ? 1 : 0);
    table.set_bit(a, split.outer.bit(address));
  }
  return table;
}

}  // namespace lutgen::map

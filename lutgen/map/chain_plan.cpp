// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_plan.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <map>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

constexpr std::uint32_t kPins = 5;          // different inputs of the LUTs of S and DI
constexpr std::uint32_t kWidePins = 6;      // inputs of the LUT of S where DI is a bit itself
constexpr std::uint32_t kClaimInputs = 12;  // bits between two places of a row where nothing is left over
constexpr std::uint32_t kOpenColumns = 3;   // columns that one position of a carry-only row can take
constexpr std::uint32_t kMostKept = 7;
constexpr std::int32_t kNineChoices = 4;
constexpr std::uint32_t kPositionCost = 2;  // of a way; what a gate saves is half a position
constexpr std::uint32_t kFivesPerBit = 1;   // (1,5;3) counters for each bit of the next column that is there early
constexpr std::size_t kMostWays = 300;
constexpr std::uint32_t kMostSpecial = 2;   // (1,5;3) counters, full adders and half adders of one column

/// The row between two columns.
///
/// begun  sum: positions have been used (`first`: none yet). exceeds: a carry can come in
/// pins   bits that the rest (sum) or the open columns (exceeds) depend on
/// most   the largest value of that
/// width  sum: bits read since nothing was left over. exceeds: open columns
struct RowState {
  bool begun = false;
  bool first = false;
  std::uint8_t pins = 0;
  std::uint8_t most = 0;
  std::uint8_t width = 0;
  friend auto operator<=>(const RowState&, const RowState&) = default;
};

struct RowColumn {
  std::uint32_t kept = 0;
  std::uint32_t one = 0;
  bool last = false;
};

struct RowMove {
  RowState next;
  RowStep step;
  std::uint32_t cost = 0;
};

RowState make_state(bool begun, std::uint32_t pins, std::uint32_t most, std::uint32_t width) {
  return {begun, false, static_cast<std::uint8_t>(pins), static_cast<std::uint8_t>(most), static_cast<std::uint8_t>(width)};
}

/// The ways to add `bits` bits and `one` in the position of a column.
void add_position_moves(const RowState& state, const RowColumn& column, std::uint32_t bits, std::uint32_t one,
                        CarryIn carry_in, std::vector<RowMove>& moves) {
  const std::uint32_t pins = state.pins + bits;
  const std::uint32_t total = state.most + bits + one;
  const std::uint32_t width = state.width + bits;
  // The first position's X input is the row's carry input, so DI needs a LUT there.
  const bool is_wide = pins > kPins;
  if (pins > (state.first || bits == 0 ? kPins : kWidePins) || width > kClaimInputs) return;
  RowMove move{.next = make_state(true, 0, 0, 1), .step = {RowAction::add, carry_in, Excluded::none}, .cost = 1};
  if (total <= 2 || column.last) {
    moves.push_back(move);
    return;
  }
  const std::uint32_t others = total - 1;
  if (others > 5) return;
  const auto leave = [&](Excluded excluded, std::uint32_t left) {
    move.step.excluded = excluded;
    move.next = make_state(true, left, others / 2, width);
    moves.push_back(move);
  };
  if (bits > 0) leave(Excluded::bit, pins - 1);
  if (is_wide) return;
  if (state.most == 1) leave(Excluded::rest, bits);
  if (one > 0) leave(Excluded::one, pins);
}

void add_sum_moves(const RowState& state, const RowColumn& column, std::vector<RowMove>& moves) {
  if (!state.begun) {
    if (column.kept + column.one <= 1) moves.push_back({state, {RowAction::pass}, 0});
    RowState fresh = make_state(true, 0, 0, 1);
    fresh.first = true;
    if (column.kept > 0) add_position_moves(fresh, column, column.kept - 1, column.one, CarryIn::bit, moves);
    if (column.one > 0) add_position_moves(fresh, column, column.kept, 0, CarryIn::one, moves);
    return;
  }
  if (column.kept == 0 && column.one == 0 && state.most == 0) {
    moves.push_back({RowState{}, {RowAction::carry_out}, 0});
    return;
  }
  add_position_moves(state, column, column.kept, column.one, CarryIn::none, moves);
}

void add_exceeds_moves(const RowState& state, const RowColumn& column, CarryIn carry_in, std::vector<RowMove>& moves) {
  const std::uint32_t bits = column.kept - (carry_in == CarryIn::bit ? 1 : 0);
  const std::uint32_t carry = state.begun || carry_in == CarryIn::bit ? 1 : 0;
  const std::uint32_t pins = state.pins + bits;
  const std::uint32_t most = state.most + ((bits + column.one) << state.width);
  const std::uint32_t width = state.width + 1u;
  if (pins > kPins) return;
  const std::uint32_t weight = 1u << width;  // of the carry that comes out
  if (!column.last && width < kOpenColumns && pins > 0) {
    moves.push_back({make_state(carry > 0, pins, most, width), {RowAction::open, carry_in}, 0});
  }
  if (most + carry < weight) {
    // No carry comes out, whatever the bits are: they decide nothing. One that has come so far must be stopped.
    const RowAction action = carry > 0 ? RowAction::close : RowAction::pass;
    moves.push_back({make_state(carry > 0, 0, 0, 0), {action, carry_in}, carry});
  } else if (pins == 0 && most == weight - 1) {
    moves.push_back({make_state(true, 0, 0, 0), {RowAction::pass, carry_in}, 0});
  } else if (most + carry < 2 * weight) {
    moves.push_back({make_state(true, 0, 0, 0), {RowAction::close, carry_in}, 1});
  }
}

std::vector<RowMove> row_moves(RowGoal goal, const RowState& state, const RowColumn& column) {
  std::vector<RowMove> moves;
  if (goal == RowGoal::sum) {
    add_sum_moves(state, column, moves);
  } else {
    add_exceeds_moves(state, column, CarryIn::none, moves);
    if (!state.begun && state.width == 0 && column.kept > 0) add_exceeds_moves(state, column, CarryIn::bit, moves);
  }
  return moves;
}

/// Everything that the columns from one on need to know of those below: bits in this column, bits that arrive in the
/// next two less those that counters take there, and the row. `needs`: bit 0 is set where counters of columns below
/// take bits of this one, so that one must be left; bit 1 is the same for the next column.
struct Key {
  std::int32_t here = 0;
  std::int32_t next = 0;
  std::int32_t after = 0;
  std::uint8_t needs = 0;
  RowState row;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// The cheapest way to a key.
struct Way {
  std::uint32_t cost = 0;
  std::uint32_t positions = 0;
  Key from;
  ColumnPlan column;
};

using Ways = std::map<Key, Way>;

/// What a plan may contain.
struct Allowed {
  std::uint32_t half_adders = 0;
  bool nine_counters = true;
};

class Planner {
 public:
  Planner(std::span<const std::uint32_t> counts, std::span<const std::uint8_t> ones, RowGoal goal,
          std::span<const std::uint32_t> gates, Allowed allowed)
      : counts_(counts), ones_(ones), goal_(goal), gates_(gates), allowed_(allowed) {}

  std::optional<ChainPlan> run() {
    std::vector<Ways> ways(counts_.size() + 1);
    ways[0].emplace(Key{.here = count(0), .next = 0, .after = 0, .needs = 0, .row = {}}, Way{});
    for (std::size_t p = 0; p < counts_.size(); ++p) {
      for (const auto& [key, way] : ways[p]) add_ways(p, key, way, ways[p + 1]);
      keep_best(ways[p + 1]);
    }
    return trace_back(ways);
  }

 private:
  /// Drops the ways that are far behind: their cost and that of the bits still to come.
  static void keep_best(Ways& ways) {
    if (ways.size() <= kMostWays) return;
    const auto outlook = [](const auto& way) {
      const Key& key = way.first;
      return 5 * static_cast<std::int64_t>(way.second.cost) + 6 * (key.here + key.next + key.after);
    };
    std::vector<std::int64_t> outlooks;
    for (const auto& way : ways) outlooks.push_back(outlook(way));
    std::nth_element(outlooks.begin(), outlooks.begin() + kMostWays, outlooks.end());
    std::erase_if(ways, [&](const auto& way) { return outlook(way) > outlooks[kMostWays]; });
  }

  [[nodiscard]] bool exists(std::size_t column) const { return column < counts_.size(); }
  [[nodiscard]] std::int32_t count(std::size_t column) const {
    return exists(column) ? static_cast<std::int32_t>(counts_[column]) : 0;
  }

  void add_ways(std::size_t p, const Key& key, const Way& before, Ways& ways) const {
    for (const std::uint32_t five : five_counters(p)) {
      for (std::uint32_t adders = 0; adders <= kMostSpecial; ++adders) {
        for (std::uint32_t halves = 0; halves <= allowed_.half_adders; ++halves) {
          add_counters(p, key, {.five_counters = five, .adders = adders, .half_adders = halves, .step = {}}, before, ways);
        }
      }
    }
  }

  /// How many (1,5;3) counters to try: few, or about as many as there are gates, each of which one takes in.
  [[nodiscard]] std::vector<std::uint32_t> five_counters(std::size_t p) const {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t n = 0; n <= kMostSpecial; ++n) numbers.push_back(n);
    const std::uint32_t gates = gates_.empty() ? 0 : gates_[p];
    for (const std::uint32_t n : {gates / 4, gates / 2, 3 * gates / 4, gates - 1, gates}) {
      if (gates > 0 && n > numbers.back()) numbers.push_back(n);
    }
    return numbers;
  }

  void add_counters(std::size_t p, const Key& key, ColumnPlan column, const Way& before, Ways& ways) const {
    const auto here = static_cast<std::uint32_t>(key.here);
    for (column.kept = 0; column.kept <= kMostKept; ++column.kept) {
      const std::uint32_t fixed = 4 * column.five_counters + 2 * column.adders + column.half_adders + column.kept;
      if (fixed > here || (here - fixed) % 5 != 0) continue;
      const std::uint32_t fives = (here - fixed) / 5;  // counters that take five of this column
      for (const std::uint32_t nine : nine_counters(p, key, column, fives)) {
        column.nine_counters = nine;
        column.six_counters = fives - nine;
        if (is_possible(p, key, column)) add_rows(p, key, column, before, ways);
      }
    }
  }

  /// How many of `fives` counters to make (1,2,6;4): none, or about as many as the next column can feed, since each
  /// takes one bit more of it than it gives, and each (6;3) gives one.
  [[nodiscard]] std::vector<std::uint32_t> nine_counters(std::size_t p, const Key& key, const ColumnPlan& column,
                                                         std::uint32_t fives) const {
    std::vector<std::uint32_t> numbers{0};
    if (!allowed_.nine_counters || !exists(p + 3)) return numbers;
    const auto given = static_cast<std::int32_t>(fives + column.adders + column.half_adders);
    const std::int32_t most = std::min((count(p + 1) + key.next + given - 1) / 2, static_cast<std::int32_t>(fives));
    for (std::int32_t n = most; n > 0 && n > most - kNineChoices; --n) numbers.push_back(static_cast<std::uint32_t>(n));
    return numbers;
  }

  /// Counters give carries, which need a column; they leave one of the bits that they count.
  [[nodiscard]] bool is_possible(std::size_t p, const Key& key, const ColumnPlan& column) const {
    const std::uint32_t counters = column.six_counters + column.five_counters + column.nine_counters;
    if ((key.needs & 1) != 0 && column.kept == 0) return false;
    // A (1,5;3) counter waits for a bit of the next column: with few of them, many ranks go by.
    if (column.five_counters > kMostSpecial && column.nine_counters > 0) return false;
    const std::uint32_t waiting = column.six_counters + (exists(p + 1) ? counts_[p + 1] : 0);
    if (column.five_counters > kMostSpecial && column.five_counters > kFivesPerBit * waiting) return false;
    if (counters + column.adders + column.half_adders == 0) return true;
    return column.kept > 0 && exists(p + 1) && (counters == 0 || exists(p + 2));
  }

  void add_rows(std::size_t p, const Key& key, ColumnPlan column, const Way& before, Ways& ways) const {
    std::uint32_t cost = before.cost;
    std::uint32_t positions = before.positions;
    const std::uint32_t counters = column.six_counters + column.five_counters;
    const std::uint32_t carries = column.six_counters + column.adders + column.half_adders;
    const std::uint8_t needs = (key.needs >> 1) | (column.nine_counters > 0 ? 3 : column.five_counters > 0 ? 1 : 0);
    Key next{.here = count(p + 1) + key.next + static_cast<std::int32_t>(carries) - static_cast<std::int32_t>(column.nine_counters),
             .next = key.after + static_cast<std::int32_t>(counters),
             .after = static_cast<std::int32_t>(column.nine_counters),
             .needs = needs,
             .row = {}};
    if (next.here < (needs & 1)) return;
    const std::uint32_t here = 2 * counters + 3 * column.nine_counters + column.adders + column.half_adders;
    const std::uint32_t gates = gates_.empty() ? 0 : std::min(column.five_counters + 2 * column.adders, gates_[p]);
    positions += here;
    cost += kPositionCost * here;
    // A LUT of two inputs shares its position with another.
    cost -= std::min(cost, gates);
    const RowColumn row{column.kept, ones_[p], !exists(p + 1)};
    for (const RowMove& move : row_moves(goal_, key.row, row)) {
      column.step = move.step;
      next.row = move.next;
      const Way way{cost + kPositionCost * move.cost, positions + move.cost, key, column};
      const auto [found, is_new] = ways.emplace(next, way);
      if (!is_new && way.cost < found->second.cost) found->second = way;
    }
  }

  [[nodiscard]] std::optional<ChainPlan> trace_back(const std::vector<Ways>& ways) const {
    const Ways& ends = ways.back();
    const auto good = [&](const auto& end) { return goal_ == RowGoal::sum || end.first.row.begun; };
    const std::pair<const Key, Way>* best = nullptr;
    for (const auto& end : ends) {
      if (good(end) && (best == nullptr || end.second.cost < best->second.cost)) best = &end;
    }
    if (best == nullptr) return std::nullopt;
    ChainPlan plan{.columns = std::vector<ColumnPlan>(counts_.size()), .positions = best->second.positions};
    Key key = best->first;
    for (std::size_t p = counts_.size(); p-- > 0;) {
      const Way& way = ways[p + 1].at(key);
      plan.columns[p] = way.column;
      key = way.from;
    }
    return plan;
  }

  std::span<const std::uint32_t> counts_;
  std::span<const std::uint8_t> ones_;
  RowGoal goal_;
  std::span<const std::uint32_t> gates_;
  Allowed allowed_;
};

/// Whether the counters of a plan can be built rank by rank: none waits for bits that wait for it.
bool is_buildable(const ChainPlan& plan, std::span<const std::uint32_t> counts) {
  CounterSchedule schedule(plan.columns);
  std::vector<std::uint32_t> ready(counts.begin(), counts.end());
  ready.resize(ready.size() + 4, 0);
  while (!schedule.is_done()) {
    std::vector<std::uint32_t> made(ready.size(), 0);
    bool any = false;
    while (const auto counter = schedule.take_next(ready)) {
      const std::array<std::uint32_t, 3>& bits = counter->bits;
      const std::size_t rows = counter->positions();
      ready[counter->column] -= 1;
      for (std::size_t i = 0; i < rows; ++i) ready[counter->column + i] -= bits[i];
      for (std::size_t i = 0; i <= rows; ++i) ++made[counter->column + i];
      any = true;
    }
    if (!any) return false;
    for (std::size_t p = 0; p < ready.size(); ++p) ready[p] += made[p];
  }
  return true;
}

}  // namespace

std::uint32_t Counter::positions() const { return bits[0] < 4 ? 1 : bits[0] == 5 && bits[1] == 2 ? 3 : 2; }

bool CounterSchedule::is_done() const {
  return std::all_of(left_.begin(), left_.end(), [](const ColumnPlan& c) {
    return c.six_counters + c.five_counters + c.nine_counters + c.adders + c.half_adders == 0;
  });
}

std::optional<Counter> CounterSchedule::take_next(std::span<const std::uint32_t> ready) {
  for (std::size_t p = 0; p < left_.size(); ++p) {
    ColumnPlan& column = left_[p];
    const auto take = [&](std::uint32_t& left, std::array<std::uint32_t, 3> bits) {
      const auto has = [&](std::size_t i, std::uint32_t wanted) { return wanted == 0 || ready[p + i] >= wanted; };
      if (left == 0 || !has(0, bits[0] + 1) || !has(1, bits[1]) || !has(2, bits[2])) return false;
      --left;
      return true;
    };
    if (take(column.nine_counters, {5, 2, 1})) return Counter{p, {5, 2, 1}};
    if (take(column.six_counters, {5, 0, 0})) return Counter{p, {5, 0, 0}};
    if (take(column.five_counters, {4, 1, 0})) return Counter{p, {4, 1, 0}};
    if (take(column.adders, {2, 0, 0})) return Counter{p, {2, 0, 0}};
    if (take(column.half_adders, {1, 0, 0})) return Counter{p, {1, 0, 0}};
  }
  return std::nullopt;
}

std::optional<ChainPlan> plan_chains(std::span<const std::uint32_t> counts, std::span<const std::uint8_t> ones,
                                     RowGoal goal, std::span<const std::uint32_t> gates) {
  LUTGEN_CHECK(counts.size() == ones.size() && !counts.empty() && (gates.empty() || gates.size() == counts.size()));
  for (const Allowed allowed : {Allowed{}, Allowed{.nine_counters = false}, Allowed{kMostSpecial, false}}) {
    const auto plan = Planner(counts, ones, goal, gates, allowed).run();
    if (plan && is_buildable(*plan, counts)) return plan;
  }
  return std::nullopt;
}

}  // namespace lutgen::map

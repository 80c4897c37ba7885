// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/chain_plan.hpp"

#include <algorithm>
#include <compare>
#include <map>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

constexpr std::uint32_t kPins = 5;          // different inputs of the LUTs of S and DI
constexpr std::uint32_t kClaimInputs = 12;  // bits between two places of a row where nothing is left over
constexpr std::uint32_t kOpenColumns = 3;   // columns that one position of a carry-only row can take
constexpr std::uint32_t kMostKept = 7;
constexpr std::uint32_t kMostSpecial = 2;   // (1,5;3) counters, full adders and half adders of one column

/// The row between two columns.
///
/// begun  sum: positions have been used. exceeds: a carry can come in
/// pins   bits that the rest (sum) or the open columns (exceeds) depend on
/// most   the largest value of that
/// width  sum: bits read since nothing was left over. exceeds: open columns
struct RowState {
  bool begun = false;
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
  return {begun, static_cast<std::uint8_t>(pins), static_cast<std::uint8_t>(most), static_cast<std::uint8_t>(width)};
}

/// The ways to add `bits` bits and `one` in the position of a column.
void add_position_moves(const RowState& state, const RowColumn& column, std::uint32_t bits, std::uint32_t one,
                        CarryIn carry_in, std::vector<RowMove>& moves) {
  const std::uint32_t pins = state.pins + bits;
  const std::uint32_t total = state.most + bits + one;
  const std::uint32_t width = state.width + bits;
  if (pins > kPins || width > kClaimInputs) return;
  RowMove move{.next = make_state(true, 0, 0, 1), .step = {RowAction::add, carry_in, Excluded::none}, .cost = 1};
  if (total <= 2 || column.last) {
    moves.push_back(move);
    return;
  }
  const std::uint32_t others = total - 1;
  if (others > kPins) return;
  const auto leave = [&](Excluded excluded, std::uint32_t left) {
    move.step.excluded = excluded;
    move.next = make_state(true, left, others / 2, width);
    moves.push_back(move);
  };
  if (bits > 0) leave(Excluded::bit, pins - 1);
  if (state.most == 1) leave(Excluded::rest, bits);
  if (one > 0) leave(Excluded::one, pins);
}

void add_sum_moves(const RowState& state, const RowColumn& column, std::vector<RowMove>& moves) {
  if (!state.begun) {
    if (column.kept + column.one <= 1) moves.push_back({state, {RowAction::pass}, 0});
    const RowState fresh = make_state(true, 0, 0, 1);
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

/// Everything that the columns from one on need to know of those below: bits that arrived in this column and in
/// the next, and the row.
struct Key {
  std::uint32_t here = 0;
  std::uint32_t next = 0;
  RowState row;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// The cheapest way to a key.
struct Way {
  std::uint32_t cost = 0;
  Key from;
  ColumnPlan column;
};

using Ways = std::map<Key, Way>;

class Planner {
 public:
  Planner(std::span<const std::uint32_t> counts, std::span<const std::uint8_t> ones, RowGoal goal,
          std::uint32_t most_half_adders)
      : counts_(counts), ones_(ones), goal_(goal), most_half_adders_(most_half_adders) {}

  std::optional<ChainPlan> run() {
    std::vector<Ways> ways(counts_.size() + 1);
    ways[0].emplace(Key{.here = counts_[0], .next = 0, .row = {}}, Way{});
    for (std::size_t p = 0; p < counts_.size(); ++p) {
      for (const auto& [key, way] : ways[p]) add_ways(p, key, way.cost, ways[p + 1]);
    }
    return trace_back(ways);
  }

 private:
  [[nodiscard]] bool exists(std::size_t column) const { return column < counts_.size(); }

  void add_ways(std::size_t p, const Key& key, std::uint32_t cost, Ways& ways) const {
    for (std::uint32_t five = 0; five <= kMostSpecial; ++five) {
      for (std::uint32_t adders = 0; adders <= kMostSpecial; ++adders) {
        for (std::uint32_t halves = 0; halves <= most_half_adders_; ++halves) {
          add_counters(p, key, {.five_counters = five, .adders = adders, .half_adders = halves, .step = {}}, cost, ways);
        }
      }
    }
  }

  void add_counters(std::size_t p, const Key& key, ColumnPlan column, std::uint32_t cost, Ways& ways) const {
    for (column.kept = 0; column.kept <= kMostKept; ++column.kept) {
      const std::uint32_t fixed = 4 * column.five_counters + 2 * column.adders + column.half_adders + column.kept;
      if (fixed > key.here || (key.here - fixed) % 5 != 0) continue;
      column.six_counters = (key.here - fixed) / 5;
      if (is_possible(p, key, column)) add_rows(p, key, column, cost, ways);
    }
  }

  /// Counters give carries, which need a column; they leave one of the bits that they count.
  [[nodiscard]] bool is_possible(std::size_t p, const Key& key, const ColumnPlan& column) const {
    const std::uint32_t counters = column.six_counters + column.five_counters;
    if (counters + column.adders + column.half_adders == 0) return true;
    if (column.kept == 0 || !exists(p + 1) || (counters > 0 && !exists(p + 2))) return false;
    return counts_[p + 1] + key.next + carries(column) >= column.five_counters;
  }

  /// Bits that a column's counters give to the next.
  static std::uint32_t carries(const ColumnPlan& column) {
    return column.six_counters + column.adders + column.half_adders;
  }

  void add_rows(std::size_t p, const Key& key, ColumnPlan column, std::uint32_t cost, Ways& ways) const {
    const std::uint32_t counters = column.six_counters + column.five_counters;
    const RowColumn row{column.kept, ones_[p], !exists(p + 1)};
    for (const RowMove& move : row_moves(goal_, key.row, row)) {
      column.step = move.step;
      const Key next{.here = (exists(p + 1) ? counts_[p + 1] : 0) + key.next + carries(column),
                     .next = counters, .row = move.next};
      const Way way{cost + 2 * counters + column.adders + column.half_adders + move.cost, key, column};
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
    ChainPlan plan{.columns = std::vector<ColumnPlan>(counts_.size()), .positions = best->second.cost};
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
  std::uint32_t most_half_adders_;
};

}  // namespace

std::optional<ChainPlan> plan_chains(std::span<const std::uint32_t> counts, std::span<const std::uint8_t> ones,
                                     RowGoal goal) {
  LUTGEN_CHECK(counts.size() == ones.size() && !counts.empty());
  const auto plan = Planner(counts, ones, goal, 0).run();
  return plan ? plan : Planner(counts, ones, goal, kMostSpecial).run();
}

}  // namespace lutgen::map

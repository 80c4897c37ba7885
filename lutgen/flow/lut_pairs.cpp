// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/lut_pairs.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include <fmt/core.h>

#include "lutgen/flow/cell_index.hpp"
#include "lutgen/flow/lut_matching.hpp"

namespace lutgen::flow {
namespace {

using io::Json;

constexpr std::size_t kMostInputs = 5;
constexpr std::size_t kMostPulls = 16;  // of one wire; what is read in more places pulls nowhere

constexpr std::string_view kHead =
    "# Where each cell is, 1: to stay there.\n"
    "places = {}\n"
    "# (LUT, flop or \"\", position, half of it) twice, and where the two could be.\n"
    "pairs = {}\n"
    "# Flops that may be moved away.\n"
    "loose = set({})\n";

/// Before nextpnr places, its XilinxImpl knows no cell and cannot say whether a place is good. It learns the cells
/// at the start of place(); a bel that does not exist ends that there and then.
constexpr std::string_view kScript = R"(
import itertools

bound = {kv.first for kv in ctx.cells if kv.second.bel}
fixed = {kv.first for kv in ctx.cells for attr in kv.second.attrs if attr.first == "BEL"}
probe = ctx.cells[places[0][0]]
probe.setAttr("BEL", "nowhere/nothing")
try:
    ctx.place()
except Exception:
    pass
else:
    raise RuntimeError("a bel that does not exist was accepted")
probe.unsetAttr("BEL")
for name in fixed - bound:
    if ctx.cells[name].bel:
        ctx.unbindBel(ctx.cells[name].bel)

for name, bel, strength in places:
    if name not in bound and name not in fixed:
        ctx.bindBel(bel, ctx.cells[name], STRENGTH_LOCKED if strength else STRENGTH_WEAK)


def settle(cells, empty, strength, evict):
    """Binds cells where they all can be, and nothing where they cannot."""
    done, out = [], []
    good = True
    for bel in [bel for name, bel in cells] + empty:
        other = ctx.getBoundBelCell(bel)
        if other is not None:
            good = good and evict and other.name in loose
            if not good:
                break
            out.append((other.name, bel))
            ctx.unbindBel(bel)
    if good:
        for name, bel in cells:
            ctx.bindBel(bel, ctx.cells[name], strength)
            done.append(bel)
        good = all(ctx.isBelLocationValid(bel, False) for bel in done)
    if not good:
        for bel in done:
            ctx.unbindBel(bel)
        for name, bel in out:
            ctx.bindBel(bel, ctx.cells[name], STRENGTH_WEAK)
    return good


slices = {}
for bel in ctx.getBels():
    if bel.endswith(".A6LUT"):
        slices.setdefault(bel[1:bel.index("/")], []).append(bel[:bel.index(".")])


def nearby(bel):
    """Positions by their distance."""
    x, y = map(int, bel[1:bel.index("/")].split("Y"))
    for distance in range(24):
        for dx in range(-distance, distance + 1):
            for dy in sorted({distance - abs(dx), abs(dx) - distance}):
                for slice in slices.get("%dY%d" % (x + dx, y + dy), ()):
                    for letter in "ABCD":
                        yield "%s.%s" % (slice, letter)


def put_flop(name, bel):
    """Binds a flop as near to a bel as it can be."""
    return any(settle([(name, at + each)], [], STRENGTH_WEAK, False) for at in nearby(bel) for each in ("FF", "5FF"))


def share(pair, positions, evict, apart):
    """Puts a pair into a position; apart: the flop of the lower LUT elsewhere."""
    for at in positions:
        for upper, lower in ((pair[0], pair[1]), (pair[1], pair[0])):
            cells = [(upper[0], at + "6LUT"), (lower[0], at + "5LUT")]
            if upper[1]:
                cells.append((upper[1], at + "FF"))
            if lower[1] and not apart:
                cells.append((lower[1], at + "5FF"))
            # O5 and the second flop leave through the same multiplexer.
            if not settle(cells, [] if lower[1] and not apart else [at + "5FF"], STRENGTH_LOCKED, evict):
                continue
            if not apart or not lower[1] or put_flop(lower[1], at):
                return True
            for name, bel in cells:
                ctx.unbindBel(bel)
    return False


def share_somehow(pair):
    home = pair[2]
    around = list(itertools.islice(nearby(home[0]), 200))
    return (share(pair, home, False, False) or share(pair, home, True, False) or share(pair, around, False, False)
            or share(pair, home, True, True))


refused = [pair for pair in pairs if not share_somehow(pair)]
# What is left now, nextpnr's placer would find a place for, but far away.
for first, second, positions in refused:
    for lut, flop, home, half in (first, second):
        for at in [home] + list(nearby(home)):
            halves = (half, "56"[half == "5"])
            if any(settle([(lut, at + each + "LUT")] + ([(flop, at + each.strip("6") + "FF")] if flop else []), [], STRENGTH_WEAK, False)
                   for each in halves):
                break
for name, bel, strength in places:
    if name in loose and not ctx.cells[name].bel:
        put_flop(name, bel)
print("Info: LUT pairs: %d more, %d refused" % (len(pairs) - len(refused), len(refused)))
)";

/// A LUT that may share its position, with the flop that nextpnr placed together with it.
struct Unit {
  std::uint32_t lut = 0;
  std::optional<std::uint32_t> flop{};
  std::string position{};  // X33Y16/SLICE_X0Y0.A
  char half = '6';
  WireBit output = WireBit::open;
};

/// X33Y16/... to column and row.
std::optional<Tile> tile_of(std::string_view bel) {
  Tile tile;
  const char* end = bel.data() + bel.size();
  if (!bel.starts_with('X')) return std::nullopt;
  const auto x = std::from_chars(bel.data() + 1, end, tile.x);
  if (x.ec != std::errc{} || x.ptr == end || *x.ptr != 'Y') return std::nullopt;
  const auto y = std::from_chars(x.ptr + 1, end, tile.y);
  return y.ec == std::errc{} ? std::optional(tile) : std::nullopt;
}

/// The slice that a bel or a position is in.
std::string_view slice_of(std::string_view bel) { return bel.substr(0, bel.find('.')); }

/// Two positions that a pair could take, the better one first.
struct PositionChoice {
  std::uint32_t better = 0;
  std::uint32_t other = 0;
};

/// Gives each pair one of its two positions, no position twice. No position is in more than two choices, so that pairs and
/// positions form paths and rings: each path is gone through from its ends, each ring from anywhere.
std::vector<std::uint32_t> choose_positions(const std::vector<PositionChoice>& choices, std::uint32_t positions) {
  std::vector<std::vector<std::size_t>> wanted(positions);  // pairs that have no position yet; empty when taken
  for (std::size_t i = 0; i < choices.size(); ++i) {
    for (const std::uint32_t at : {choices[i].better, choices[i].other}) wanted[at].push_back(i);
  }
  std::vector<std::uint32_t> taken(choices.size());
  std::vector<std::uint8_t> done(choices.size());
  std::vector<std::size_t> next;
  const auto take = [&](std::size_t i) {
    const auto [better, other] = choices[i];
    const bool is_forced = wanted[better].empty() || (wanted[other].size() == 1 && wanted[better].size() == 2);
    taken[i] = is_forced ? other : better;
    done[i] = 1;
    for (const std::uint32_t at : {better, other}) {
      std::erase(wanted[at], i);
      next.insert(next.end(), wanted[at].begin(), wanted[at].end());
    }
    wanted[taken[i]].clear();
  };
  const auto finish = [&] {
    while (!next.empty()) {
      const std::size_t i = next.back();
      next.pop_back();
      if (done[i] == 0) take(i);
    }
  };
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (wanted[choices[i].better].size() == 1 || wanted[choices[i].other].size() == 1) next.push_back(i);
  }
  finish();
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (done[i] == 0) take(i);
    finish();
  }
  return taken;
}

class PairPlanner {
 public:
  explicit PairPlanner(CellIndex& index) : index_(index) {
    for (std::uint32_t cell = 0; cell < index_.cell_count(); ++cell) {
      const std::string_view bel = bel_of(cell);
      if (!bel.empty()) at_[bel] = cell;
    }
    collect_units();
  }

  [[nodiscard]] std::uint64_t shared() const {
    std::map<std::string_view, std::uint64_t> count;
    for (const Unit& unit : units_) ++count[unit.position];
    return static_cast<std::uint64_t>(
        std::count_if(count.begin(), count.end(), [](const auto& each) { return each.second == 2; }));
  }

  [[nodiscard]] LutPairPlan run() {
    std::vector<SmallLut> luts;
    std::map<std::string_view, std::uint32_t> positions;
    for (const Unit& unit : units_) {
      luts.push_back(describe(unit, positions.try_emplace(unit.position, static_cast<std::uint32_t>(positions.size())).first->second));
    }
    const std::vector<LutPair> pairs = match_luts(luts);
    LutPairPlan plan;
    plan.by_chance = shared();
    plan.planned = pairs.size();
    // JSON of texts, numbers and lists is Python, too.
    const auto print = [](const Json& list) { return list.dump(1, ' ', true, Json::error_handler_t::replace); };
    std::vector<LutPair> moved;
    std::set<std::uint32_t> kept_cells;
    std::set<std::uint32_t> moved_cells;
    for (const LutPair& pair : pairs) {
      const bool is_kept = units_[pair.first].position == units_[pair.second].position;
      if (!is_kept) moved.push_back(pair);
      for (const std::uint32_t each : {pair.first, pair.second}) {
        auto& cells = is_kept ? kept_cells : moved_cells;
        cells.insert(units_[each].lut);
        if (units_[each].flop) cells.insert(*units_[each].flop);
      }
    }
    plan.pre_place = fmt::format(kHead, print(list_places(kept_cells, moved_cells)), print(list_pairs(moved, luts)), print(list_loose()));
    plan.pre_place += kScript;
    return plan;
  }

 private:
  [[nodiscard]] std::string_view attribute(std::uint32_t cell, const char* name) const {
    const Json* attributes = io::find_field(index_.json(cell), "attributes");
    const Json* value = attributes != nullptr ? io::find_field(*attributes, name) : nullptr;
    return value != nullptr && value->is_string() ? std::string_view(value->get_ref<const std::string&>()) : std::string_view();
  }
  [[nodiscard]] std::string_view bel_of(std::uint32_t cell) const { return attribute(cell, "NEXTPNR_BEL"); }

  [[nodiscard]] std::optional<std::uint32_t> cell_at(const std::string& bel) const {
    const auto found = at_.find(bel);
    return found == at_.end() ? std::nullopt : std::optional(found->second);
  }

  /// The wires that a LUT reads; a pin that stands for no input of it is another LUT's.
  [[nodiscard]] std::vector<std::int64_t> inputs_of(std::uint32_t lut) const {
    std::set<std::int64_t> inputs;
    for (int i = 1; i <= 6; ++i) {
      const WireBit bit = index_.bit(lut, fmt::format("A{}", i));
      if (is_wire(bit) && !attribute(lut, fmt::format("X_ORIG_PORT_A{}", i).c_str()).empty()) inputs.insert(static_cast<std::int64_t>(bit));
    }
    return {inputs.begin(), inputs.end()};
  }

  [[nodiscard]] std::optional<Unit> unit_of(std::uint32_t lut) const {
    const std::string_view bel = bel_of(lut);
    const std::string_view type = attribute(lut, "X_ORIG_TYPE");
    const bool is_small = type.size() == 4 && type.starts_with("LUT") && type[3] >= '1' && type[3] <= '5';
    if (index_.type(lut) != "SLICE_LUTX" || !is_small || bel.size() < 5 || !tile_of(bel)) return std::nullopt;
    Unit unit{.lut = lut, .position = std::string(bel.substr(0, bel.size() - 4)), .half = bel[bel.size() - 4]};
    const WireBit whole = index_.bit(lut, "O6");
    const WireBit small = index_.bit(lut, "O5");
    unit.output = is_wire(whole) ? whole : small;
    if (is_wire(whole) == is_wire(small) || is_wire(index_.bit(lut, "DI2")) || inputs_of(lut).size() > kMostInputs) return std::nullopt;
    for (const CellPin& pin : index_.readers(unit.output)) {
      const std::string& reader = index_.type(pin.cell);
      if (reader == "SELMUX2_1" || (reader == "CARRY4" && (pin.port.starts_with('S') || pin.port.starts_with("DI")))) return std::nullopt;
    }
    const auto flop = cell_at(unit.position + (unit.half == '6' ? "FF" : "5FF"));
    if (flop && index_.bit(*flop, "D") == unit.output) unit.flop = flop;
    return unit;
  }

  /// A LUT beside one that is no unit shares its position already.
  void collect_units() {
    std::map<std::string, std::uint32_t, std::less<>> cells;
    for (std::uint32_t cell = 0; cell < index_.cell_count(); ++cell) {
      const std::string_view bel = bel_of(cell);
      if (index_.type(cell) == "SLICE_LUTX" && bel.size() > 4) ++cells[std::string(bel.substr(0, bel.size() - 4))];
      if (auto unit = unit_of(cell)) units_.push_back(std::move(*unit));
    }
    std::map<std::string_view, std::uint32_t> count;
    for (const Unit& unit : units_) ++count[unit.position];
    std::vector<Unit> free;
    for (Unit& unit : units_) {
      if (count.at(unit.position) == cells.find(unit.position)->second) free.push_back(unit);
    }
    units_ = std::move(free);
  }

  void add_pull(std::vector<Tile>& pulls, std::uint32_t cell) const {
    if (const auto tile = tile_of(bel_of(cell))) pulls.push_back(*tile);
  }

  void add_readers(std::vector<Tile>& pulls, const Unit& unit, WireBit bit) const {
    const auto readers = index_.readers(bit);
    if (readers.size() > kMostPulls) return;
    for (const CellPin& pin : readers) {
      if (!unit.flop || pin.cell != *unit.flop) add_pull(pulls, pin.cell);
    }
  }

  [[nodiscard]] SmallLut describe(const Unit& unit, std::uint32_t position) const {
    SmallLut lut{.inputs = inputs_of(unit.lut), .tile = *tile_of(unit.position), .pulls = {}, .position = position};
    lut.only_upper = unit.flop && index_.readers(unit.output).size() > 1;
    for (const std::int64_t wire : lut.inputs) {
      if (const auto driver = index_.driver(static_cast<WireBit>(wire))) add_pull(lut.pulls, *driver);
    }
    add_readers(lut.pulls, unit, unit.output);
    if (unit.flop) add_readers(lut.pulls, unit, index_.bit(*unit.flop, "Q"));
    return lut;
  }

  /// All cells that stay. LUTs come first: a flop beside its LUT is good where one alone need not be.
  [[nodiscard]] Json list_places(const std::set<std::uint32_t>& kept, const std::set<std::uint32_t>& moved) const {
    std::unordered_map<WireBit, std::string_view> leaving;  // the slice that a wire's LUT goes away from
    for (const Unit& unit : units_) {
      if (moved.contains(unit.lut)) leaving[unit.output] = slice_of(unit.position);
    }
    Json places = Json::array();
    for (const bool flops : {false, true}) {
      for (const auto& [bel, cell] : at_) {
        const bool is_flop = index_.type(cell) == "SLICE_FFX";
        if (is_flop != flops || moved.contains(cell)) continue;
        // A second flop beside a LUT that goes away would need another way in.
        const auto source = is_flop ? leaving.find(index_.bit(cell, "D")) : leaving.end();
        if (source != leaving.end() && source->second == slice_of(bel)) continue;
        places.push_back({index_.name(cell), bel, kept.contains(cell) ? 1 : 0});
      }
    }
    return places;
  }

  [[nodiscard]] Json list_unit(const Unit& unit) const {
    return {index_.name(unit.lut), unit.flop ? index_.name(*unit.flop) : "", unit.position, std::string(1, unit.half)};
  }

  /// The pairs with the positions that each may take: of the two that its LUTs had one that no other pair takes, first.
  [[nodiscard]] Json list_pairs(const std::vector<LutPair>& pairs, const std::vector<SmallLut>& luts) const {
    std::map<std::string_view, std::uint32_t> ids;
    std::vector<PositionChoice> choices;
    for (const LutPair& pair : pairs) {
      const auto id_of = [&](std::uint32_t unit) {
        return ids.try_emplace(units_[unit].position, static_cast<std::uint32_t>(ids.size())).first->second;
      };
      const bool first_is_better =
          moving_cost(luts[pair.second], luts[pair.first].tile) <= moving_cost(luts[pair.first], luts[pair.second].tile);
      const std::uint32_t better = id_of(first_is_better ? pair.first : pair.second);
      choices.push_back({better, id_of(first_is_better ? pair.second : pair.first)});
    }
    const std::vector<std::uint32_t> taken = choose_positions(choices, static_cast<std::uint32_t>(ids.size()));
    const std::set<std::uint32_t> all(taken.begin(), taken.end());
    Json list = Json::array();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const Unit& first = units_[pairs[i].first];
      const Unit& second = units_[pairs[i].second];
      Json positions = Json::array();
      for (const bool is_taken : {true, false}) {
        for (const Unit* unit : {&first, &second}) {
          const std::uint32_t id = ids.at(unit->position);
          if (is_taken ? id == taken[i] : !all.contains(id)) positions.push_back(unit->position);
        }
      }
      list.push_back({list_unit(first), list_unit(second), std::move(positions)});
    }
    return list;
  }

  /// Flops that nextpnr has not tied to the cell that drives them: in another slice, or not at the place of the LUT's own.
  [[nodiscard]] Json list_loose() const {
    std::unordered_map<WireBit, const Unit*> drivers;
    for (const Unit& unit : units_) drivers[unit.output] = &unit;
    Json loose = Json::array();
    for (const auto& [bel, cell] : at_) {
      if (index_.type(cell) != "SLICE_FFX") continue;
      const WireBit data = index_.bit(cell, "D");
      const auto driver = index_.driver(data);
      const auto unit = drivers.find(data);
      const bool is_own = unit != drivers.end() && unit->second->flop == cell;
      const bool is_apart = !driver || slice_of(bel_of(*driver)) != slice_of(bel);
      if (is_apart || (unit != drivers.end() && !is_own)) loose.push_back(index_.name(cell));
    }
    return loose;
  }

  CellIndex& index_;
  std::map<std::string_view, std::uint32_t> at_;  // by bel, as the JSON has it
  std::vector<Unit> units_;
};

Result<CellIndex> read_cells(Json& netlist, const std::string& place) {
  LUTGEN_TRY(Json * design, find_design(netlist, place));
  return CellIndex::build(*design, place);
}

}  // namespace

Result<LutPairPlan> plan_lut_pairs(std::string_view text, const std::string& place) {
  LUTGEN_TRY(Json netlist, io::parse_json(text, place));
  LUTGEN_TRY(CellIndex index, read_cells(netlist, place));
  return PairPlanner(index).run();
}

Result<std::uint64_t> count_lut_pairs(std::string_view text, const std::string& place) {
  LUTGEN_TRY(Json netlist, io::parse_json(text, place));
  LUTGEN_TRY(CellIndex index, read_cells(netlist, place));
  return PairPlanner(index).shared();
}

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/carry_chains.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/core.h>

namespace lutgen::flow {
namespace {

using io::Json;

constexpr std::uint32_t kBits = 4;             // of a CARRY4
constexpr std::size_t kLutInputs = 5;          // of two LUTs that share a place
constexpr std::size_t kLongestJoined = 64;     // positions; longer chains are not made longer: a column is 50 slices high

bool is_carry(const CellIndex& index, std::uint32_t cell) { return index.type(cell) == "CARRY4"; }

/// What a flop shares with the others of its slice, as text.
std::string control_set(const CellIndex& index, std::uint32_t flop) {
  const std::string& type = index.type(flop);
  std::string key = type == "FDRE" || type == "FDSE" ? "sync" : "async";
  for (const char* pin : {"C", "CE", "R", "S", "CLR", "PRE"}) {
    const WireBit bit = index.bit(flop, pin);
    if (bit != WireBit::open) key += fmt::format(" {}", static_cast<std::int64_t>(bit));
  }
  const Json* parameters = io::find_field(index.json(flop), "parameters");
  if (parameters == nullptr || !parameters->is_object()) return key;
  for (const auto& [name, value] : parameters->items()) {
    const bool is_inverter = name.starts_with("IS_") && value.is_string();
    if (is_inverter && value.get_ref<const std::string&>().ends_with('1')) key += ' ' + name;
  }
  return key;
}

class ChainFinder {
 public:
  explicit ChainFinder(CellIndex& index) : index_(index) {}

  CarryChains run() {
    for (std::uint32_t cell = 0; cell < index_.cell_count(); ++cell) {
      if (is_carry(index_, cell)) collect(cell);
    }
    refused_.resize(positions().size(), 0);
    do {
      for (CarryPosition& position : positions()) {
        position.exports.clear();
        position.next.reset();
        position.previous.reset();
        position.wide_lut.reset();
      }
      for (std::size_t p = 0; p < positions().size(); ++p) choose(p);
      place();
      for (CarryPosition& position : positions()) position.wide_lut = find_wide_lut(position);
    } while (refuse_crowded_places() || refuse_mixed_slices());
    for (const CarryPosition& position : positions()) {
      chains_.exported += position.exports.empty() ? 0 : 1;
      chains_.freed += position.wide_lut ? 1 : 0;
      const bool is_joined = position.next && positions()[*position.next].cell != position.cell;
      chains_.freed += !position.exports.empty() || (is_joined && position.index + 1 < kBits) ? 1 : 0;
    }
    return std::move(chains_);
  }

 private:
  /// A carry out and everything outside its own CARRY4 that reads it.
  struct Readers {
    std::vector<std::size_t> carry_ins;  // positions that it reaches through CI
    std::vector<CellPin> starts;         // CYINIT of others
    std::vector<CellPin> others;         // LUTs and flops
    bool has_stranger = false;           // what cannot be moved
  };

  std::vector<CarryPosition>& positions() { return chains_.positions; }

  [[nodiscard]] bool is_read(WireBit bit) const { return !index_.readers(bit).empty() || index_.is_port(bit); }

  /// The positions of one CARRY4 without the unused ones at its top.
  void collect(std::uint32_t cell) {
    const auto tied = [&](const char* port, std::uint32_t i) { return !is_wire(index_.bit(cell, port, i)); };
    const auto connected = [&](const char* port, std::uint32_t i) { return index_.bit(cell, port, i) != WireBit::open; };
    std::uint32_t count = kBits;
    while (count > 0 && !is_read(index_.bit(cell, "O", count - 1)) && !is_read(index_.bit(cell, "CO", count - 1)) &&
           tied("S", count - 1) && tied("DI", count - 1)) {
      --count;
      chains_.freed += connected("S", count) || connected("DI", count) ? 1 : 0;
    }
    first_of_[cell] = count == 0 ? kNone : positions().size();
    const WireBit chained = index_.bit(cell, "CI");
    WireBit carry_in = is_wire(chained) || chained == WireBit::one ? chained : index_.bit(cell, "CYINIT");
    const auto closed = [](WireBit bit) { return bit == WireBit::open ? WireBit::zero : bit; };
    for (std::uint32_t i = 0; i < count; ++i) {
      CarryPosition position{.cell = cell, .index = i, .carry_in = closed(carry_in)};
      position.select = closed(index_.bit(cell, "S", i));
      position.data = closed(index_.bit(cell, "DI", i));
      position.sum = index_.bit(cell, "O", i);
      if (!is_read(position.sum)) position.sum = WireBit::open;
      position.carry_out = index_.bit(cell, "CO", i);
      if (position.carry_out == WireBit::open) position.carry_out = index_.add_wire();
      carry_in = position.carry_out;
      for (const WireBit bit : {position.select, position.data}) owners_[bit].push_back(positions().size());
      positions().push_back(std::move(position));
    }
  }

  [[nodiscard]] bool is_top(std::size_t p) const {
    const auto& all = chains_.positions;
    return p + 1 == all.size() || all[p + 1].cell != all[p].cell;
  }

  [[nodiscard]] Readers readers_of(std::size_t p) const {
    Readers readers;
    const WireBit bit = chains_.positions[p].carry_out;
    readers.has_stranger = index_.is_port(bit);
    for (const CellPin& pin : index_.readers(bit)) {
      const std::string& type = index_.type(pin.cell);
      if (is_lut_type(type) || (is_flop_type(type) && pin.port == "D")) {
        readers.others.push_back(pin);
        continue;
      }
      const auto first = first_of_.find(pin.cell);
      if (first == first_of_.end()) {
        readers.has_stranger = true;
      } else if (first->second != kNone) {
        const bool starts = chains_.positions[first->second].carry_in == bit;
        if (pin.port == "CI" && starts) {
          readers.carry_ins.push_back(first->second);
        } else if (pin.port == "CYINIT" && starts && !is_wire(index_.bit(pin.cell, "CI"))) {
          readers.starts.push_back(pin);
        } else {
          readers.has_stranger = true;
        }
      }
    }
    return readers;
  }

  /// Where the chain goes on from a position, and what its carry out is exported to.
  void choose(std::size_t p) {
    Readers readers = readers_of(p);
    if (!is_top(p)) readers.carry_ins.push_back(p + 1);
    if (readers.carry_ins.empty() && readers.others.empty() && readers.starts.size() == 1 && !readers.has_stranger) {
      const std::size_t start = first_of_.at(readers.starts.front().cell);
      if (can_join(p, start)) {
        readers.carry_ins.push_back(start);
        readers.starts.clear();
      }
    }
    readers.others.insert(readers.others.end(), readers.starts.begin(), readers.starts.end());
    if (readers.has_stranger || readers.carry_ins.size() > 1) return;
    if (!readers.others.empty() && !can_export(p)) return;
    positions()[p].exports = std::move(readers.others);
    if (readers.carry_ins.empty()) return;
    positions()[p].next = readers.carry_ins.front();
    positions()[readers.carry_ins.front()].previous = p;
  }

  /// Whether the chain that ends at `p` may go on with the one that starts at `start`.
  [[nodiscard]] bool can_join(std::size_t p, std::size_t start) const {
    std::size_t length = 2;
    std::size_t at = p;
    for (; length <= kLongestJoined && at != start && chains_.positions[at].previous; ++length) {
      at = *chains_.positions[at].previous;
    }
    if (at == start) return false;
    // Bits of a CARRY4 that was not looked at yet have no `next`: they go on within it.
    for (at = start; length <= kLongestJoined; ++length) {
      const auto above = chains_.positions[at].next;
      if (!above && is_top(at)) break;
      at = above ? *above : at + 1;
    }
    return length <= kLongestJoined;
  }

  [[nodiscard]] bool can_export(std::size_t p) const {
    const CarryPosition& position = chains_.positions[p];
    if (refused_[p] != 0 || (joint_inputs(position) > kLutInputs && !wide_driver(position))) return false;
    return position.sum == WireBit::open || flop_of_sum(position);
  }

  /// The LUT behind a wire that nothing else reads.
  [[nodiscard]] std::optional<std::uint32_t> own_lut(WireBit bit) const {
    const auto driver = index_.driver(bit);
    const bool is_own = driver && is_lut_type(index_.type(*driver)) && index_.readers(bit).size() == 1 && !index_.is_port(bit);
    return is_own ? driver : std::nullopt;
  }

  /// The LUT behind S of a position where it could have the place to itself.
  [[nodiscard]] std::optional<std::uint32_t> wide_driver(const CarryPosition& position) const {
    const auto lut = own_lut(position.select);
    if (!lut || !is_wire(position.data) || (index_.type(*lut) != "LUT6" && index_.type(*lut) != "LUT5")) return std::nullopt;
    const std::vector<WireBit> inputs = index_.inputs(*lut);
    return std::find(inputs.begin(), inputs.end(), WireBit::open) == inputs.end() ? lut : std::nullopt;
  }

  [[nodiscard]] std::optional<std::uint32_t> find_wide_lut(const CarryPosition& position) const {
    const auto lut = wide_driver(position);
    const bool is_lowest = position.slot == 0 && !position.previous;
    const bool is_needed = lut && (index_.type(*lut) == "LUT6" || joint_inputs(position) > kLutInputs);
    return is_needed && !is_lowest ? lut : std::nullopt;
  }

  /// Takes exports back that are read by a LUT in front of a carry bit with too many inputs: nextpnr packs it while the carry
  /// outs that it reads are not there. True when there were any.
  bool refuse_crowded_places() {
    bool changed = false;
    for (std::size_t p = 0; p < positions().size(); ++p) {
      for (const CellPin& pin : positions()[p].exports) {
        const auto owners = is_lut_type(index_.type(pin.cell)) ? owners_.find(index_.bit(pin.cell, "O")) : owners_.end();
        if (owners == owners_.end()) continue;
        for (const std::size_t owner : owners->second) {
          const CarryPosition& reader = positions()[owner];
          if (reader.wide_lut || joint_inputs(reader) <= kLutInputs) continue;
          refused_[p] = 1;
          changed = true;
        }
      }
    }
    return changed;
  }

  /// Inputs of the two LUTs of a position, a feed-through counting for one.
  [[nodiscard]] std::size_t joint_inputs(const CarryPosition& position) const {
    std::set<WireBit> inputs;
    std::size_t feeds = 0;
    for (const WireBit bit : {position.select, position.data}) {
      const auto lut = own_lut(bit);
      const bool can_share = lut && index_.type(*lut) != "LUT6";
      feeds += can_share ? 0 : 1;
      if (!can_share) continue;
      const std::vector<WireBit> bits = index_.inputs(*lut);
      inputs.insert(bits.begin(), bits.end());
    }
    return inputs.size() + feeds;
  }

  /// The flop whose D alone reads the sum of a position.
  [[nodiscard]] std::optional<std::uint32_t> flop_of_sum(const CarryPosition& position) const {
    const auto readers = index_.readers(position.sum);
    if (readers.size() != 1 || index_.is_port(position.sum)) return std::nullopt;
    const CellPin& pin = readers.front();
    return is_flop_type(index_.type(pin.cell)) && pin.port == "D" ? std::optional(pin.cell) : std::nullopt;
  }

  /// Cuts the chains into cells of four.
  void place() {
    for (std::size_t start = 0; start < positions().size(); ++start) {
      if (positions()[start].previous) continue;
      std::size_t first = start;
      std::uint32_t slot = 0;
      for (std::optional<std::size_t> at = start; at; at = positions()[*at].next) {
        if (slot == 0) first = *at;
        positions()[*at].first = first;
        positions()[*at].slot = slot;
        slot = (slot + 1) % kBits;
      }
    }
  }

  /// Takes the exports beside a sum back where the flops of a carry cell do not go together. True when there were any.
  bool refuse_mixed_slices() {
    std::map<std::size_t, std::set<std::string>> sets;
    for (const CarryPosition& position : positions()) {
      if (const auto flop = flop_of_sum(position)) sets[position.first].insert(control_set(index_, *flop));
    }
    bool changed = false;
    for (std::size_t p = 0; p < positions().size(); ++p) {
      const CarryPosition& position = positions()[p];
      if (position.exports.empty() || position.sum == WireBit::open || sets[position.first].size() == 1) continue;
      refused_[p] = 1;
      changed = true;
    }
    return changed;
  }

  static constexpr std::size_t kNone = ~std::size_t{0};

  CellIndex& index_;
  CarryChains chains_;
  std::unordered_map<std::uint32_t, std::size_t> first_of_;             // CARRY4 to its lowest position
  std::unordered_map<WireBit, std::vector<std::size_t>> owners_;        // positions whose S or DI a wire is
  std::vector<std::uint8_t> refused_;
};

}  // namespace

CarryChains find_carry_chains(CellIndex& index) { return ChainFinder(index).run(); }

std::string split_carry_name(const CellIndex& index, const CarryPosition& position, std::string_view part) {
  return fmt::format("{}$split${}{}", index.name(position.cell), part, position.index);
}

std::string packed_carry_name(const CellIndex& index, const CarryChains& chains, std::size_t position) {
  return split_carry_name(index, chains.positions[chains.positions[position].first], "muxcy") + "$PACKED_CARRY4$";
}

bool is_lut_type(std::string_view type) {
  return type.size() == 4 && type.starts_with("LUT") && type[3] >= '1' && type[3] <= '6';
}

bool is_flop_type(std::string_view type) {
  return type == "FDRE" || type == "FDSE" || type == "FDCE" || type == "FDPE";
}

}  // namespace lutgen::flow

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/carry_netlist.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

#include "lutgen/flow/carry_chains.hpp"

namespace lutgen::flow {
namespace {

using io::Json;
using Fields = Json::object_t;

constexpr const char* kTied = "1";  // in place of a carry out; nextpnr turns a 0 into an inverted 1 at some pins

/// Both scripts begin with these lists; see `rewrite_carries`.
constexpr std::string_view kHead =
    "# Carry outs that leave their slice through its own output multiplexer: carry cell, bit, the LUT that has the bit to\n"
    "# itself or \"\", name of the wire, and the (cell, pin) that read it.\n"
    "exports = {}\n"
    "# LUTs that have their bit to themselves, while DI comes in from outside the slice: LUT, what it is, carry cell, bit.\n"
    "wide = {}\n";

constexpr std::string_view kPrePlace = R"(
for lut, kind, carry, bit in wide:
    ports = ctx.cells[carry].ports
    if ports["S%d" % bit].net.driver.cell.name != lut or ports["DI%d" % bit].net is not None:
        raise RuntimeError("%s is not alone at bit %d of %s" % (lut, bit, carry))
    ctx.cells[lut].setAttr("X_ORIG_TYPE", kind)
    for inputs in range(5, int(kind[3]) + 1):
        ctx.cells[lut].setAttr("X_ORIG_PORT_A%d" % inputs, "I%d" % (inputs - 1))

for carry, bit, lut, name, readers in exports:
    if lut:
        data = lut + "$O5"
        ctx.createNet(data)
        ctx.connectPort(data, lut, "O5")
        # A second reader, or the placer takes a lone flop into this bit, where the real wire cannot reach it.
        ctx.connectPort(data, carry, "DI%d" % bit)
    else:
        net = ctx.cells[carry].ports["DI%d" % bit].net
        if net.driver.cell.type != "SLICE_LUTX" or len([user for user in net.users]) != 1:
            raise RuntimeError("DI%d of %s has no LUT of its own" % (bit, carry))
        data = net.name
    for cell, pin in readers:
        if ctx.cells[cell].ports[pin].net.name != "$PACKER_VCC_NET":
            raise RuntimeError("%s of %s is not tied to 1" % (pin, cell))
        ctx.disconnectPort(cell, pin)
        ctx.connectPort(data, cell, pin)
)";

constexpr std::string_view kPreRoute = R"(
for carry, bit, lut, name, readers in exports:
    ports = ctx.cells[carry].ports
    data = ctx.cells[lut].ports["O5"].net if lut else ports["DI%d" % bit].net
    pins = [(user.cell.name, user.port) for user in data.users if user.cell.name != carry or user.port != "DI%d" % bit]
    if {cell for cell, pin in pins} != {cell for cell, pin in readers}:
        raise RuntimeError("the readers of %s changed" % data.name)
    if lut:
        ctx.disconnectPort(lut, "O5")
        ctx.disconnectPort(carry, "DI%d" % bit)
    if ports["CO%d" % bit].net is None:
        ctx.createNet(name)
        ctx.connectPort(name, carry, "CO%d" % bit)
    name = ports["CO%d" % bit].net.name
    for cell, pin in pins:
        ctx.disconnectPort(cell, pin)
        ctx.connectPort(name, cell, pin)

for lut, kind, carry, bit in wide:
    name = ctx.cells[lut].ports["DI2"].net.name
    ctx.disconnectPort(lut, "DI2")
    ctx.connectPort(name, carry, "DI%d" % bit)
)";

Json to_json(WireBit bit) {
  if (is_wire(bit)) return static_cast<std::uint64_t>(bit);
  return bit == WireBit::one ? "1" : "0";
}

/// A carry cell of one bit: (pin, direction, wire) of each pin.
struct PinOf {
  const char* pin;
  const char* direction;
  WireBit bit;
};

/// Pins that are open are left out.
Json make_cell(const char* type, std::initializer_list<PinOf> pins) {
  Json directions = Json::object();
  Json connections = Json::object();
  for (const PinOf& it : pins) {
    if (it.bit == WireBit::open) continue;
    directions[it.pin] = it.direction;
    connections[it.pin] = Json::array({to_json(it.bit)});
  }
  return {{"hide_name", 0},
          {"type", type},
          {"parameters", Json::object()},
          {"attributes", Json::object()},
          {"port_directions", std::move(directions)},
          {"connections", std::move(connections)}};
}

/// The names of exported carry outs, as nextpnr writes them: the first in the file that is nobody's invention. The names of
/// those that are no wire of a packed cell yet are taken out of the design, because nextpnr gives no name twice.
class WireNames {
 public:
  WireNames(Json& design, const CarryChains& chains) {
    std::unordered_map<WireBit, bool> is_kept;
    for (const CarryPosition& position : chains.positions) {
      if (!position.exports.empty()) is_kept[position.carry_out] = position.slot == 3;
    }
    if (io::find_field(design, "netnames") == nullptr || !design["netnames"].is_object()) return;
    for (auto& [name, net] : design["netnames"].get_ref<Fields&>()) {
      const Json* hidden = io::find_field(net, "hide_name");
      const bool is_hidden = hidden != nullptr && *hidden != 0;
      if (!net.is_object() || !net.contains("bits") || !net["bits"].is_array()) continue;
      Json& bits = net["bits"];
      for (std::size_t i = 0; i < bits.size(); ++i) {
        if (!bits[i].is_number_unsigned()) continue;
        const auto bit = static_cast<WireBit>(bits[i].get<std::int64_t>());
        const auto wanted = is_kept.find(bit);
        if (wanted == is_kept.end()) continue;
        if (!is_hidden) names_.try_emplace(bit, bits.size() == 1 ? name : fmt::format("{}[{}]", name, i));
        if (!wanted->second) bits[i] = "x";
      }
    }
  }

  [[nodiscard]] std::string find(WireBit bit, const std::string& otherwise) const {
    const auto found = names_.find(bit);
    return found == names_.end() ? otherwise : found->second;
  }

 private:
  std::unordered_map<WireBit, std::string> names_;
};

class Rewriter {
 public:
  Rewriter(Json& design, CellIndex& index) : design_(design), index_(index), chains_(find_carry_chains(index)) {
    for (std::size_t p = 0; p < chains_.positions.size(); ++p) {
      if (chains_.positions[p].index == 0) first_of_[chains_.positions[p].cell] = p;
    }
  }

  CarryNetlist run() {
    // JSON of texts, numbers and lists is Python, too.
    const auto print = [](const Json& list) { return list.dump(1, ' ', true, Json::error_handler_t::replace); };
    CarryNetlist result;
    const std::string head = fmt::format(kHead, print(list_exports()), print(list_wide_luts()));
    tie_readers();
    widen_luts();
    replace_cells();
    result.pre_place = fmt::format("{}{}", head, kPrePlace);
    result.pre_route = fmt::format("{}{}", head, kPreRoute);
    result.has_scripts = chains_.exported > 0 || has_wide_lut();
    result.exported = chains_.exported;
    result.freed = chains_.freed;
    return result;
  }

 private:
  /// The pin of a packed cell that a pin of the file becomes.
  [[nodiscard]] Json packed_pin(const CellPin& pin) const {
    const std::string& type = index_.type(pin.cell);
    if (is_lut_type(type)) return {index_.name(pin.cell), fmt::format("A{}", pin.port[1] - '0' + 1)};
    if (is_flop_type(type)) return {index_.name(pin.cell), "D"};
    return {packed_carry_name(index_, chains_, first_of_.at(pin.cell)), "CYINIT"};
  }

  Json list_exports() {
    const WireNames names(design_, chains_);
    Json exports = Json::array();
    for (std::size_t p = 0; p < chains_.positions.size(); ++p) {
      const CarryPosition& position = chains_.positions[p];
      if (position.exports.empty()) continue;
      Json readers = Json::array();
      for (const CellPin& pin : position.exports) readers.push_back(packed_pin(pin));
      const std::string wire = names.find(position.carry_out, split_carry_name(index_, position, "co"));
      const std::string lut = position.wide_lut ? index_.name(*position.wide_lut) : "";
      exports.push_back({packed_carry_name(index_, chains_, p), position.slot, lut, wire, std::move(readers)});
    }
    return exports;
  }

  [[nodiscard]] Json list_wide_luts() const {
    Json wide = Json::array();
    for (std::size_t p = 0; p < chains_.positions.size(); ++p) {
      const CarryPosition& position = chains_.positions[p];
      if (!position.wide_lut) continue;
      const std::uint32_t lut = *position.wide_lut;
      wide.push_back({index_.name(lut), index_.type(lut), packed_carry_name(index_, chains_, p), position.slot});
    }
    return wide;
  }

  /// nextpnr takes a LUT with four inputs to a bit without DI, and does not look at pins that a LUT4 has not. It knows them
  /// in a packed LUT: A5 and A6 are inputs; what is connected to DI2 occupies the slice's own input; O5 its multiplexer.
  void widen_luts() {
    for (const CarryPosition& position : chains_.positions) {
      if (!position.wide_lut) continue;
      Json& json = index_.json(*position.wide_lut);
      json["type"].get_ref<std::string&>() = "LUT4";
      for (const auto& [from, to] : {std::pair("I4", "A5"), std::pair("I5", "A6")}) {
        for (const char* field : {"port_directions", "connections"}) {
          if (!json[field].contains(from)) continue;
          Json value = json[field][from];
          json[field].erase(from);
          json[field][to] = std::move(value);
        }
      }
      json["port_directions"]["DI2"] = "input";
      json["connections"]["DI2"] = Json::array({to_json(position.data)});
      if (position.exports.empty()) continue;
      json["port_directions"]["O5"] = "output";
      json["connections"]["O5"] = Json::array({"x"});
    }
  }

  [[nodiscard]] bool has_wide_lut() const {
    return std::any_of(chains_.positions.begin(), chains_.positions.end(),
                       [](const CarryPosition& position) { return position.wide_lut.has_value(); });
  }

  void tie_readers() {
    for (std::size_t p = 0; p < chains_.positions.size(); ++p) {
      for (const CellPin& pin : chains_.positions[p].exports) {
        const auto start = first_of_.find(pin.cell);
        if (start != first_of_.end()) {
          chains_.positions[start->second].carry_in = WireBit::one;
        } else {
          index_.json(pin.cell)["connections"][std::string(pin.port)][pin.bit] = kTied;
        }
      }
    }
  }

  /// MUXCY and XORCY instead of each CARRY4, where it stood.
  void replace_cells() {
    Fields cells;
    std::size_t p = 0;
    std::uint32_t cell = 0;
    for (auto& [name, json] : design_["cells"].get_ref<Fields&>()) {
      if (index_.type(cell) != "CARRY4") cells.push_back({name, std::move(json)});
      for (; p < chains_.positions.size() && chains_.positions[p].cell == cell; ++p) {
        const CarryPosition& at = chains_.positions[p];
        cells.push_back({split_carry_name(index_, at, "muxcy"),
                         make_cell("MUXCY", {{"O", "output", at.carry_out},
                                             {"CI", "input", at.carry_in},
                                             {"DI", "input", at.wide_lut ? WireBit::open : at.data},
                                             {"S", "input", at.select}})});
        if (at.sum == WireBit::open) continue;
        cells.push_back(
            {split_carry_name(index_, at, "xorcy"),
             make_cell("XORCY", {{"O", "output", at.sum}, {"CI", "input", at.carry_in}, {"LI", "input", at.select}})});
      }
      ++cell;
    }
    design_["cells"] = std::move(cells);
  }

  Json& design_;
  CellIndex& index_;
  CarryChains chains_;
  std::unordered_map<std::uint32_t, std::size_t> first_of_;
};

}  // namespace

Result<CarryNetlist> rewrite_carries(std::string_view text, const std::string& place) {
  LUTGEN_TRY(Json netlist, io::parse_json(text, place));
  LUTGEN_TRY(Json * design, find_design(netlist, place));
  LUTGEN_TRY(CellIndex index, CellIndex::build(*design, place));
  CarryNetlist result = Rewriter(*design, index).run();
  result.netlist = io::to_text(netlist);
  return result;
}

Result<CarryNetlist> disconnect_unread_carries(std::string_view text, const std::string& place) {
  LUTGEN_TRY(Json netlist, io::parse_json(text, place));
  LUTGEN_TRY(Json * design, find_design(netlist, place));
  LUTGEN_TRY(const CellIndex index, CellIndex::build(*design, place));
  CarryNetlist result;
  for (std::uint32_t cell = 0; cell < index.cell_count(); ++cell) {
    if (index.type(cell) != "CCU2C") continue;
    const WireBit carry = index.bit(cell, "COUT");
    if (!is_wire(carry) || !index.readers(carry).empty() || index.is_port(carry)) continue;
    // A pin that is not there at all is more than nextpnr expects.
    index.json(cell)["connections"]["COUT"] = Json::array({"x"});
    result.freed += 2;
  }
  result.netlist = io::to_text(netlist);
  return result;
}

}  // namespace lutgen::flow

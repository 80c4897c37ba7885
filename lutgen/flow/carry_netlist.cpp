// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/carry_netlist.hpp"

#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

#include "lutgen/flow/carry_chains.hpp"

namespace lutgen::flow {
namespace {

using io::Json;
using Fields = Json::object_t;

constexpr const char* kTied = "1";  // in place of a carry out; nextpnr turns a 0 into an inverted 1 at some pins

/// Both scripts begin with the list of exports; see `rewrite_carries`.
constexpr std::string_view kHead =
    "# Carry outs that leave their slice through its own output multiplexer: carry cell, bit, name of the wire, and the\n"
    "# (cell, pin) that read it.\n";

constexpr std::string_view kPrePlace = R"(
for carry, bit, name, readers in exports:
    data = ctx.cells[carry].ports["DI%d" % bit].net
    if data.driver.cell.type != "SLICE_LUTX" or len([user for user in data.users]) != 1:
        raise RuntimeError("DI%d of %s has no LUT of its own" % (bit, carry))
    for cell, pin in readers:
        if ctx.cells[cell].ports[pin].net.name != "$PACKER_VCC_NET":
            raise RuntimeError("%s of %s is not tied to 1" % (pin, cell))
        ctx.disconnectPort(cell, pin)
        ctx.connectPort(data.name, cell, pin)
)";

constexpr std::string_view kPreRoute = R"(
for carry, bit, name, readers in exports:
    ports = ctx.cells[carry].ports
    data = ports["DI%d" % bit].net
    pins = [(user.cell.name, user.port) for user in data.users if user.cell.name != carry]
    if {cell for cell, pin in pins} != {cell for cell, pin in readers}:
        raise RuntimeError("the readers of %s changed" % data.name)
    if ports["CO%d" % bit].net is None:
        ctx.createNet(name)
        ctx.connectPort(name, carry, "CO%d" % bit)
    name = ports["CO%d" % bit].net.name
    for cell, pin in pins:
        ctx.disconnectPort(cell, pin)
        ctx.connectPort(name, cell, pin)
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

Json make_cell(const char* type, std::initializer_list<PinOf> pins) {
  Json directions = Json::object();
  Json connections = Json::object();
  for (const PinOf& it : pins) {
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
    const Json exports = list_exports();
    tie_readers();
    replace_cells();
    CarryNetlist result;
    // JSON of texts, numbers and lists is Python, too.
    const std::string head = fmt::format("{}exports = {}\n", kHead, exports.dump(1, ' ', true, Json::error_handler_t::replace));
    result.pre_place = fmt::format("{}{}", head, kPrePlace);
    result.pre_route = fmt::format("{}{}", head, kPreRoute);
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
      exports.push_back({packed_carry_name(index_, chains_, p), position.slot, wire, std::move(readers)});
    }
    return exports;
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
                                             {"DI", "input", at.data},
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

}  // namespace lutgen::flow

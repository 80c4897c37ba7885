// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/io/json.hpp"
#include "lutgen/verilog/emit.hpp"

namespace lutgen::test {

/// A measuring build of an xc7 netlist as nextpnr leaves it, without nextpnr: cells packed and named alike, the
/// inputs of each LUT at other pins than in the netlist.
class RoutedXc7Json {
 public:
  explicit RoutedXc7Json(const verilog::Design& design) : net_(design.mapped.netlist) {
    add_cell("$PACKER_GND_DRV", "PSEUDO_GND", {{"Y", 0}});
    add_cell("$PACKER_VCC_DRV", "PSEUDO_VCC", {{"Y", 1}});
    add_cell("clk_pin", "PAD", {{"PAD", kClockPin}});
    add_cell("clk_buffer", "IOB33_INBUF_EN", {{"PAD", kClockPin}, {"OUT", bit(net_.clock)}});
    add_cell("scan_buffer", "IOB33_INBUF_EN", {{"PAD", kScanPin}, {"OUT", kScan}});
    std::vector<netlist::NetId> chain = net_.feature_bits;
    chain.push_back(net_.in_valid);
    chain.push_back(net_.reset);
    for (std::size_t i = 0; i < chain.size(); ++i) {
      add_flop(fmt::format("chain_{}_ff", i), i == 0 ? kScan : bit(chain[i - 1]), bit(chain[i]), 0);
    }
    std::vector<netlist::NetId> outputs = {net_.out_valid};
    for (const auto* nets : {&net_.class_index, &net_.scores, &net_.bits}) {
      outputs.insert(outputs.end(), nets->begin(), nets->end());
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      add_flop(fmt::format("result_{}_ff", i), bit(outputs[i]), kScan + 1 + i, 0);
    }
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) add(netlist::CellId{c});
    for (std::uint32_t n = 2; n < net_.net_count(); ++n) {
      netnames["core." + netlist::spell(net_.name(netlist::NetId{n}))] = {{"bits", {n}}};
    }
  }

  /// The file's text.
  [[nodiscard]] std::string text() const {
    io::Json json;
    json["modules"]["top"] = {{"ports",
                               {{"clk_pin", {{"direction", "input"}, {"bits", {kClockPin}}}},
                                {"scan_pin", {{"direction", "input"}, {"bits", {kScanPin}}}}}},
                              {"cells", cells},
                              {"netnames", netnames}};
    return io::to_text(json);
  }

  io::Json cells = io::Json::object();
  io::Json netnames = io::Json::object();

 private:
  using Pins = std::vector<std::pair<std::string, std::uint64_t>>;
  static constexpr std::uint64_t kClockPin = 1'000'000;
  static constexpr std::uint64_t kScanPin = 1'000'001;
  static constexpr std::uint64_t kScan = 1'000'002;  // and the results behind it

  static std::uint64_t bit(netlist::NetId id) { return index_of(id); }

  io::Json& add_cell(const std::string& name, const std::string& type, const Pins& pins) {
    io::Json connections = io::Json::object();
    for (const auto& [pin, net] : pins) connections[pin] = {net};
    cells[name] = {{"type", type},
                   {"parameters", io::Json::object()},
                   {"attributes", io::Json::object()},
                   {"connections", connections}};
    return cells[name];
  }

  void add_flop(const std::string& name, std::uint64_t data, std::uint64_t output, std::uint64_t reset) {
    io::Json& cell = add_cell(name, "SLICE_FFX",
                              {{"CK", bit(net_.clock)}, {"CE", 1}, {"D", data}, {"Q", output}, {"SR", reset}});
    cell["parameters"]["INIT"] = "0";
    cell["attributes"]["X_ORIG_TYPE"] = "FDRE";
  }

  void add_lut(const std::string& name, const netlist::CellRecord& cell, std::span<const netlist::NetId> pins) {
    const std::size_t inputs = pins.size() - 1;
    io::Json& json = add_cell(name, "SLICE_LUTX", {{"O6", bit(pins[0])}});
    std::string init;
    for (std::size_t a = std::size_t{1} << inputs; a-- > 0;) init += ((cell.init >> a) & 1) != 0 ? '1' : '0';
    json["parameters"]["INIT"] = init;
    json["attributes"]["X_ORIG_TYPE"] = fmt::format("LUT{}", inputs);
    json["attributes"]["NEXTPNR_BEL"] = fmt::format("X{}Y1/SLICE_X0Y0.A6LUT", cells.size());
    for (std::size_t i = 0; i < inputs; ++i) {
      const std::string pin = fmt::format("A{}", 6 - i);
      json["connections"][pin] = {bit(pins[1 + i])};
      json["attributes"]["X_ORIG_PORT_" + pin] = fmt::format("I{}", i);
    }
  }

  void add_carry(const std::string& name, std::span<const netlist::NetId> pins) {
    Pins connections;  // CO[4] O[4] CI CYINIT DI[4] S[4]
    for (std::size_t i = 0; i < 4; ++i) {
      connections.emplace_back(fmt::format("CO{}", i), bit(pins[i]));
      connections.emplace_back(fmt::format("O{}", i), bit(pins[4 + i]));
      connections.emplace_back(fmt::format("DI{}", i), bit(pins[10 + i]));
      connections.emplace_back(fmt::format("S{}", i), bit(pins[14 + i]));
    }
    const bool starts = pins[8] == netlist::NetId::zero;
    connections.emplace_back(starts ? "CYINIT" : "CIN", bit(pins[starts ? 9 : 8]));
    add_cell(name, "CARRY4", connections);
  }

  void add(netlist::CellId id) {
    const netlist::CellRecord& cell = net_.cell(id);
    const auto pins = net_.pins(id);
    const std::string base = "core." + netlist::spell(net_.name(pins[0]));
    switch (tech::cell_type(cell.type).role) {
      case tech::CellRole::lut: return add_lut(base + "_lut", cell, pins);
      case tech::CellRole::flop: return add_flop(base + "_ff", bit(pins[3]), bit(pins[0]), bit(pins[4]));
      case tech::CellRole::carry: return add_carry(base + "_carry", pins);
      case tech::CellRole::mux:
        add_cell(base + "_mux", "SELMUX2_1",
                 {{"OUT", bit(pins[0])}, {"0", bit(pins[1])}, {"1", bit(pins[2])}, {"S0", bit(pins[3])}});
    }
  }

  const netlist::Netlist& net_;
};

}  // namespace lutgen::test

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/carry_netlist.hpp"

#include <fmt/core.h>

#include "lutgen/flow/carry_chains.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// A netlist in Yosys' JSON, cell by cell.
class Netlist {
 public:
  /// pins  (name, direction, bits)
  struct Pin {
    const char* name;
    const char* direction;
    io::Json bits;
  };

  void add(const std::string& name, const std::string& type, const std::vector<Pin>& pins) {
    io::Json cell = {{"hide_name", 0}, {"type", type}, {"parameters", io::Json::object()}, {"attributes", io::Json::object()}};
    for (const Pin& pin : pins) {
      cell["port_directions"][pin.name] = pin.direction;
      cell["connections"][pin.name] = pin.bits;
    }
    cells_[name] = std::move(cell);
  }

  void add_lut(const std::string& name, const std::vector<int>& inputs, int output) {
    std::vector<std::string> names;
    std::vector<Pin> pins;
    for (std::size_t i = 0; i < inputs.size(); ++i) names.push_back(fmt::format("I{}", i));
    for (std::size_t i = 0; i < inputs.size(); ++i) pins.push_back({names[i].c_str(), "input", {inputs[i]}});
    pins.push_back({"O", "output", {output}});
    add(name, fmt::format("LUT{}", inputs.size()), pins);
  }

  void add_flop(const std::string& name, int data, int output, int enable = 3) {
    add(name, "FDRE", {{"D", "input", {data}}, {"Q", "output", {output}}, {"C", "input", {2}}, {"CE", "input", {enable}}});
  }

  /// A CARRY4 whose wires are base..base+3 for O, base+4..base+7 for CO; the LUTs of the lowest `used` bits come with it,
  /// base+8.. is S, base+12.. is DI, base+16.. what they read. Bits above are tied to 0.
  void add_carry(const std::string& name, int base, int used, const io::Json& start, const io::Json& below = {"0"}) {
    io::Json select = io::Json::array();
    io::Json data = io::Json::array();
    const auto wires = [](int from) { return io::Json::array({from, from + 1, from + 2, from + 3}); };
    for (int i = 0; i < 4; ++i) {
      select.push_back(i < used ? io::Json(base + 8 + i) : io::Json("0"));
      data.push_back(i < used ? io::Json(base + 12 + i) : io::Json("0"));
      if (i >= used) continue;
      add_lut(fmt::format("{}_s{}", name, i), {base + 16 + 2 * i, base + 17 + 2 * i}, base + 8 + i);
      add_lut(fmt::format("{}_di{}", name, i), {base + 16 + 2 * i}, base + 12 + i);
    }
    add(name, "CARRY4",
        {{"CI", "input", below}, {"CYINIT", "input", start}, {"S", "input", select}, {"DI", "input", data}, {"O", "output", wires(base)},
         {"CO", "output", wires(base + 4)}});
  }

  /// As text; `outputs` are read by a port, wire N is called wN.
  [[nodiscard]] std::string text(const std::vector<int>& outputs = {}) const {
    io::Json names = io::Json::object();
    for (int i = 2; i < 400; ++i) names[fmt::format("w{}", i)] = {{"hide_name", 0}, {"bits", {i}}};
    io::Json json;
    json["modules"]["box"] = {{"cells", io::Json::object()}};
    json["modules"]["top"] = {{"ports", {{"y", {{"direction", "output"}, {"bits", outputs}}}}}, {"cells", cells_}, {"netnames", names}};
    return io::to_text(json);
  }

 private:
  io::Json cells_ = io::Json::object();
};

flow::CarryNetlist rewrite(const Netlist& netlist, const std::vector<int>& outputs = {}) {
  auto result = flow::rewrite_carries(netlist.text(outputs), "netlist.json");
  if (!result) FAIL(to_text(result.error()));
  return std::move(*result);
}

io::Json cells_of(const flow::CarryNetlist& result) {
  return (*io::parse_json(result.netlist, "x"))["modules"]["top"]["cells"];
}

/// A list at the head of a script, without spaces.
std::string list_of(const std::string& script, const std::string& name) {
  const std::size_t at = script.find("\n" + name + " = ") + name.size() + 4;
  if (script.compare(at, 2, "[]") == 0) return "[]";
  return io::parse_json(script.substr(at, script.find("\n]\n", at) + 2 - at), "script")->dump();
}

std::string exports_of(const std::string& script) { return list_of(script, "exports"); }

}  // namespace

TEST_CASE("bits above the highest used one are left out of a carry chain", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_carry("c", 100, 2, {5});
  netlist.add_flop("f", 101, 300);
  const flow::CarryNetlist result = rewrite(netlist);
  CHECK(result.exported == 0);
  CHECK(result.freed == 2);
  const io::Json cells = cells_of(result);
  CHECK_FALSE(cells.contains("c"));
  CHECK(cells["c$split$muxcy0"]["connections"] == io::Json({{"O", {104}}, {"CI", {5}}, {"DI", {112}}, {"S", {108}}}));
  CHECK(cells["c$split$muxcy1"]["connections"] == io::Json({{"O", {105}}, {"CI", {104}}, {"DI", {113}}, {"S", {109}}}));
  CHECK_FALSE(cells.contains("c$split$muxcy2"));
  // Nobody reads O[0].
  CHECK_FALSE(cells.contains("c$split$xorcy0"));
  CHECK(cells["c$split$xorcy1"]["connections"] == io::Json({{"O", {101}}, {"CI", {104}}, {"LI", {109}}}));
  CHECK(cells["c$split$xorcy1"]["port_directions"] == io::Json({{"O", "output"}, {"CI", "input"}, {"LI", "input"}}));
}

TEST_CASE("a carry out is exported to LUTs and flops, which are tied until then", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_carry("c", 100, 2, {"0"});
  netlist.add_flop("sum", 101, 300);
  netlist.add_flop("carry", 105, 301);
  netlist.add_lut("lut", {6, 105, 7}, 302);
  const flow::CarryNetlist result = rewrite(netlist);
  CHECK(result.exported == 1);
  const io::Json cells = cells_of(result);
  CHECK(cells["carry"]["connections"]["D"] == io::Json::array({"1"}));
  CHECK(cells["lut"]["connections"]["I1"] == io::Json::array({"1"}));
  CHECK(cells["lut"]["connections"]["I0"] == io::Json::array({6}));
  CHECK(cells["sum"]["connections"]["D"] == io::Json::array({101}));
  const std::string exports = R"([["c$split$muxcy0$PACKED_CARRY4$",1,"","w105",[["carry","D"],["lut","A2"]]]])";
  CHECK(exports_of(result.pre_place) == exports);
  CHECK(exports_of(result.pre_route) == exports);
  // nextpnr gives no name twice: the wire has it from the second script.
  CHECK((*io::parse_json(result.netlist, "x"))["modules"]["top"]["netnames"]["w105"]["bits"] == io::Json::array({"x"}));
}

TEST_CASE("carry cells are counted from the start of a chain", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_carry("low", 100, 2, {5});
  netlist.add_carry("high", 150, 4, {105});
  netlist.add_flop("carry", 157, 300);
  const flow::CarryNetlist joined = rewrite(netlist);
  // CO[1] of the lower one goes nowhere but to the start of the upper one: one chain of six bits.
  CHECK(exports_of(joined.pre_place) == R"([["high$split$muxcy2$PACKED_CARRY4$",1,"","w157",[["carry","D"]]]])");
  CHECK(joined.freed == 2 + 1 + 1);

  netlist.add_flop("between", 105, 301);
  const flow::CarryNetlist apart = rewrite(netlist);
  const std::string exports =
      R"([["low$split$muxcy0$PACKED_CARRY4$",1,"","w105",[["between","D"],["high$split$muxcy0$PACKED_CARRY4$","CYINIT"]]],)"
      R"(["high$split$muxcy0$PACKED_CARRY4$",3,"","w157",[["carry","D"]]]])";
  CHECK(exports_of(apart.pre_place) == exports);
  CHECK(cells_of(apart)["high$split$muxcy0"]["connections"]["CI"] == io::Json::array({"1"}));
}

TEST_CASE("a carry out that cannot leave by itself stays as it was", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_carry("c", 100, 2, {5});
  netlist.add_flop("carry", 105, 300);
  SECTION("none of them") { CHECK(rewrite(netlist).exported == 1); }
  SECTION("a port reads it") { CHECK(rewrite(netlist, {105}).exported == 0); }
  SECTION("the sum has other readers") {
    netlist.add_lut("lut", {101, 7}, 301);
    CHECK(rewrite(netlist).exported == 0);
  }
  SECTION("the sum has two flops") {
    netlist.add_flop("one", 101, 301);
    netlist.add_flop("two", 101, 302);
    CHECK(rewrite(netlist).exported == 0);
  }
  SECTION("the flops of the sums differ") {
    netlist.add_flop("one", 100, 301, 3);
    netlist.add_flop("two", 101, 302, 4);
    CHECK(rewrite(netlist).exported == 0);
  }
  SECTION("something else reads it") {
    netlist.add("enabled", "FDRE", {{"D", "input", {7}}, {"CE", "input", {105}}, {"Q", "output", {301}}});
    CHECK(rewrite(netlist).exported == 0);
  }
  SECTION("a LUT that reads it goes with a carry bit, and has too many inputs for that") {
    netlist.add_lut("wide", {105, 30, 31, 32, 33}, 301);
    netlist.add("d", "CARRY4", {{"CI", "input", {"0"}}, {"CYINIT", "input", {"0"}}, {"S", "input", {301}}, {"DI", "input", {34}}, {"O", "output", {303}},
                                {"CO", "output", {304}}});
    netlist.add_flop("sum", 303, 305);
    CHECK(rewrite(netlist).exported == 0);
  }
  CHECK(rewrite(netlist).freed >= 2);
}

TEST_CASE("a LUT of six inputs has its carry bit to itself, where DI is a wire", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_carry("c", 100, 1, {5});
  netlist.add_lut("six", {30, 31, 32, 33, 34, 35}, 301);
  netlist.add_lut("five", {36, 37, 38, 39, 40}, 302);
  netlist.add("d", "CARRY4", {{"CI", "input", {"0"}}, {"CYINIT", "input", {104}}, {"S", "input", {301, 302}}, {"DI", "input", {35, 41}}, {"O", "output", {"x", "x"}},
                              {"CO", "output", {303, 304}}});
  netlist.add_flop("carry", 303, 305);
  netlist.add_flop("top", 304, 306);
  const flow::CarryNetlist result = rewrite(netlist);
  CHECK(result.exported == 2);
  CHECK(result.has_scripts);
  CHECK(result.freed == 2 + 2 + 3 + 1);  // exports, LUTs, unused bits of c, chains joined
  const std::string packed = "c$split$muxcy0$PACKED_CARRY4$";
  CHECK(list_of(result.pre_place, "wide") == R"([["six","LUT6",")" + packed + R"(",1],["five","LUT5",")" + packed + R"(",2]])");
  CHECK(exports_of(result.pre_route) ==
        R"([[")" + packed + R"(",1,"six","w303",[["carry","D"]]],[")" + packed + R"(",2,"five","w304",[["top","D"]]]])");
  const io::Json cells = cells_of(result);
  CHECK(cells["six"]["type"] == "LUT4");
  const io::Json pins = {{"I0", {30}}, {"I1", {31}}, {"I2", {32}}, {"I3", {33}}, {"O", {301}}, {"A5", {34}}, {"A6", {35}}, {"DI2", {35}}, {"O5", {"x"}}};
  CHECK(cells["six"]["connections"] == pins);
  CHECK(cells["five"]["connections"]["DI2"] == io::Json::array({41}));
  CHECK_FALSE(cells["five"]["connections"].contains("A6"));
  CHECK_FALSE(cells["d$split$muxcy0"]["connections"].contains("DI"));
}

TEST_CASE("the lowest bit of a chain has no place for a LUT of six inputs", "[flow][carry_netlist]") {
  Netlist netlist;
  netlist.add_lut("six", {30, 31, 32, 33, 34, 35}, 301);
  netlist.add("d", "CARRY4", {{"CI", "input", {"0"}}, {"CYINIT", "input", {5}}, {"S", "input", {301}}, {"DI", "input", {35}}, {"CO", "output", {303}}});
  netlist.add_flop("carry", 303, 304);
  const flow::CarryNetlist result = rewrite(netlist);
  CHECK(result.exported == 1);
  CHECK(list_of(result.pre_place, "wide") == "[]");
  CHECK(cells_of(result)["six"]["type"] == "LUT6");
}

TEST_CASE("a carry out of ECP5 loses its wire where nothing reads it", "[flow][carry_netlist]") {
  Netlist netlist;
  const auto add = [&](const char* name, int base, const io::Json& below) {
    netlist.add(name, "CCU2C", {{"CIN", "input", below}, {"S0", "output", {base}}, {"S1", "output", {base + 1}}, {"COUT", "output", {base + 2}}});
  };
  add("low", 100, {"0"});
  add("high", 110, {102});  // its own is unread
  add("port", 120, {"0"});
  const auto result = flow::disconnect_unread_carries(netlist.text({122}), "netlist.json");
  REQUIRE(result);
  CHECK(result->freed == 2);
  CHECK_FALSE(result->has_scripts);
  const io::Json cells = cells_of(*result);
  CHECK(cells["low"]["connections"]["COUT"] == io::Json::array({102}));
  CHECK(cells["high"]["connections"]["COUT"] == io::Json::array({"x"}));
  CHECK(cells["high"]["connections"]["CIN"] == io::Json::array({102}));
  CHECK(cells["port"]["connections"]["COUT"] == io::Json::array({122}));
  CHECK_FALSE(flow::disconnect_unread_carries(R"({"modules": {}})", "netlist.json"));
}

TEST_CASE("a broken netlist is refused with its place", "[flow][carry_netlist]") {
  const auto result = flow::rewrite_carries(R"({"modules": {"top": {"ports": {}, "cells": {"c": {"type": "CARRY4"}}}}})", "netlist.json");
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Code::json_missing_field);
  CHECK_THAT(result.error().place, Catch::Matchers::ContainsSubstring("c"));
  CHECK_FALSE(flow::rewrite_carries(R"({"modules": {}})", "netlist.json"));
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/read_back.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// A module with one LUT1 from features[0] to bits[0]; `cells` takes its place where it is given.
std::string module_text(const std::string& cells = "", const std::string& more_ports = "") {
  const std::string lut = R"("lut": {"type": "LUT1", "parameters": {"INIT": "01"}, "connections": {"O": [7], "I0": [6]}})";
  return R"({"modules": {"top": {"ports": {
    "clk": {"direction": "input", "bits": [2]}, "rst": {"direction": "input", "bits": [3]},
    "in_valid": {"direction": "input", "bits": [4]}, "out_valid": {"direction": "output", "bits": [4]},
    "features": {"direction": "input", "bits": [6, 8]}, "bits": {"direction": "output", "bits": [7, "1"]})" +
         more_ports + R"(},
    "cells": {)" + (cells.empty() ? lut : cells) + R"(},
    "netnames": {"features": {"bits": [6, 8]}, "bits": {"bits": [7, "1"]}, "l0_n0_y": {"bits": [7]}}}}})";
}

Result<prove::ReadNetlist> read(const std::string& text, tech::Family family = tech::Family::xc7) {
  return prove::parse_netlist(text, family, "a.v");
}

/// The message of what must be refused.
std::string message(const std::string& cells) {
  const auto result = read(module_text(cells));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Code::prove_netlist_invalid);
  return result.error().message;
}

}  // namespace

TEST_CASE("a netlist is read with its names, constants and tables", "[prove][read_back]") {
  const auto result = read(module_text());
  REQUIRE(result);
  const netlist::Netlist& net = result->netlist;
  REQUIRE(net.cell_count() == 1);
  CHECK(net.cell(netlist::CellId{0}).type == tech::Cell::lut1);
  CHECK(net.cell(netlist::CellId{0}).init == 0b01);
  REQUIRE(net.feature_bits.size() == 2);
  CHECK(net.bits == std::vector{result->by_name.at("l0_n0_y"), netlist::NetId::one});
  CHECK(result->by_name.at("features[1]") == net.feature_bits[1]);
  CHECK(result->names[index_of(net.bits[0])] == "l0_n0_y");
  CHECK(result->undriven.empty());
}

TEST_CASE("a net that is read and not driven is named", "[prove][read_back]") {
  const auto result = read(module_text(R"("f": {"type": "FDRE", "parameters": {"INIT": "0"},
    "connections": {"Q": [7], "C": [2], "CE": ["1"], "D": [9], "R": ["0"]}})"));
  REQUIRE(result);
  CHECK(result->undriven.size() == 1);
}

TEST_CASE("what is no netlist of the family is refused with its place", "[prove][read_back]") {
  CHECK(message(R"("x": {"type": "$and", "parameters": {}, "connections": {}})") == "expected a primitive of xc7, found \"$and\"");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {"INIT": "011"}, "connections": {"O": [7], "I0": [6]}})") ==
        "expected 2 binary digits in INIT, found \"011\"");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {}, "connections": {"O": [7], "I0": [6]}})") ==
        "expected 1 parameters, found 0");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {"INIT": "01"}, "connections": {"O": [7, 9], "I0": [6]}})") ==
        "expected 1 bits on pin O, found 2");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {"INIT": "01"}, "connections": {"O": [7], "I0": ["x"]}})") ==
        "expected a wire or a constant, found the text \"x\"");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {"INIT": "01"}, "connections": {"O": [6], "I0": [8]}})") ==
        "expected to be the only driver of features[0], found another");
  CHECK(message(R"("x": {"type": "LUT1", "parameters": {"INIT": "01"}, "connections": {"O": [7], "I0": [7]}})") ==
        "expected no loop of combinational cells, found this one in or behind a loop");
  CHECK(message(R"("x": {"type": "FDRE", "parameters": {"INIT": "1"},
    "connections": {"Q": [7], "C": [2], "CE": ["1"], "D": [6], "R": ["0"]}})") ==
        "expected a flop that powers up at 0, found INIT 1");
  const auto port = read(R"({"modules": {"top": {"ports": {}, "cells": {}, "netnames": {}}}})");
  REQUIRE_FALSE(port);
  CHECK(port.error().message == "expected an input port of one bit, found none");
}

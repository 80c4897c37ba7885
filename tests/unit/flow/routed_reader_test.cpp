// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_reader.hpp"

#include "lutgen/flow/routed_simulator.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using flow::RoutedNet;

namespace {

/// A design of these cells; ports: a (1), b (2), c (3) in, y (9) out. `names` are further nets.
std::string design(const std::string& cells, const std::string& names = {}) {
  return R"({"modules": {"BOX": {"cells": {}}, "top": {"ports": {
    "a": {"direction": "input", "bits": [1]}, "b": {"direction": "input", "bits": [2]},
    "c": {"direction": "input", "bits": [3]}, "y": {"direction": "output", "bits": [9]}},
    "cells": {)" + cells + R"(}, "netnames": {)" + names + "}}}}";
}

std::string cell(const std::string& name, const std::string& type, const std::string& connections,
                 const std::string& parameters = {}, const std::string& attributes = {}) {
  return "\"" + name + R"(": {"type": ")" + type + R"(", "connections": {)" + connections + R"(}, "parameters": {)" +
         parameters + R"(}, "attributes": {)" + attributes + "}}";
}

/// A LUT2 at bel `bel`: I0 at A5, I1 at A3.
std::string lut(const std::string& init, const std::string& bel = "X1Y2/SLICE_X0Y0.B6LUT",
                const std::string& connections = R"("A5": [1], "A3": [2], "O6": [9])") {
  return cell("lut", "SLICE_LUTX", connections, R"("INIT": ")" + init + "\"",
              R"("NEXTPNR_BEL": ")" + bel + R"(", "X_ORIG_TYPE": "LUT2", "X_ORIG_PORT_A5": "I0", "X_ORIG_PORT_A3": "I1")");
}

Result<flow::RoutedNetlist> read(const std::string& text, const flow::BelTables* tables = nullptr) {
  return flow::parse_routed_netlist(text, "routed.json", {.family = board::Family::xc7, .tables = tables});
}

/// The output y for a, b, c as bits of an address, a least significant.
std::vector<bool> outputs(const flow::RoutedNetlist& netlist) {
  flow::RoutedSimulator simulator(netlist, 1);
  const std::uint64_t columns[] = {0xAA, 0xCC, 0xF0};
  for (std::size_t i = 0; i < 3; ++i) {
    simulator.set(netlist.find_port(std::string(1, "abc"[i]))->nets[0], std::span(columns).subspan(i, 1));
  }
  simulator.settle();
  std::vector<bool> values;
  for (std::size_t run = 0; run < 8; ++run) values.push_back(simulator.value(netlist.find_port("y")->nets[0], run));
  return values;
}

void check_error(const Result<flow::RoutedNetlist>& result, Code code, const std::string& part) {
  REQUIRE_FALSE(result);
  INFO(to_text(result.error()));
  CHECK(result.error().code == code);
  CHECK(result.error().message.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a LUT is read at its physical pins, or out of the bitstream", "[flow][routed_reader]") {
  const auto netlist = read(design(lut("0010")));  // a and not b
  REQUIRE(netlist);
  CHECK(outputs(*netlist) == std::vector<bool>{0, 1, 0, 0, 0, 1, 0, 0});
  // The bitstream says b and not a: A3 = 1, A5 = 0.
  flow::BelTables tables = {{"X1Y2/SLICE_X0Y0.B", 0x0000'F0F0'0000'F0F0}};
  const auto from_bits = read(design(lut("0010")), &tables);
  REQUIRE(from_bits);
  CHECK(outputs(*from_bits) == std::vector<bool>{0, 0, 1, 0, 0, 0, 1, 0});
}

TEST_CASE("two LUTs at one place share its table", "[flow][routed_reader]") {
  const std::string both =
      lut("0010", "X1Y2/SLICE_X0Y0.B6LUT", R"("A5": [1], "A3": [2], "A6": ["1"], "O6": [8])") + "," +
      cell("small", "SLICE_LUTX", R"("A1": [8], "A2": [3], "O5": [9])", R"("INIT": "1000")",
           R"("NEXTPNR_BEL": "X1Y2/SLICE_X0Y0.C5LUT", "X_ORIG_TYPE": "LUT2", "X_ORIG_PORT_A1": "I0", "X_ORIG_PORT_A2": "I1")");
  flow::BelTables tables = {{"X1Y2/SLICE_X0Y0.B", 0xFFFF'0000'0000'0000}, {"X1Y2/SLICE_X0Y0.C", 0x1234'5678'8888'8888}};
  const auto netlist = read(design(both), &tables);
  REQUIRE(netlist);
  CHECK(outputs(*netlist) == std::vector<bool>{0, 0, 0, 0, 0, 1, 0, 1});  // a (O6) and c (O5)
}

TEST_CASE("a table of the bitstream must belong to a LUT or to a wire that is led through it", "[flow][routed_reader]") {
  flow::BelTables tables = {{"X1Y2/SLICE_X0Y0.B", 0x0000'F0F0'0000'F0F0},
                            {"X4Y7/SLICE_X1Y0.D", 0xAAAA'AAAA'AAAA'AAAA}};
  check_error(read(design(lut("0010")), &tables), Code::readback_bitstream, "X4Y7/SLICE_X1Y0.D");
  const std::string net = R"("n": {"bits": [1], "attributes": {"ROUTING":
    "X4Y7/CLBLM_L_D;X4Y7/CLBLM_L_D/CLBLM_L_D1;1;X4Y7/CLBLM_L_D1;X4Y7/CLBLM_L_D1/CLBLM_IMUX41;1;X3Y7/Q;;1"}})";
  CHECK(read(design(lut("0010"), net), &tables));
  tables["X4Y7/SLICE_X1Y0.D"] = 0xAAAA'AAAA'AAAA'AAAB;
  check_error(read(design(lut("0010"), net), &tables), Code::readback_bitstream, "pin A1");
  tables.erase("X4Y7/SLICE_X1Y0.D");
  check_error(read(design(lut("0010"), net), &tables), Code::readback_bitstream, "found 0000000000000000");
  tables = {{"X1Y2/SLICE_X0Y0.B", 0xAAAA'AAAA'AAAA'AAAA}};
  check_error(read(design(lut("0010")), &tables), Code::readback_bitstream, "pin A1, which is not connected");
}

TEST_CASE("multiplexers, carry chains and flops are what the libraries guide says", "[flow][routed_reader]") {
  const auto mux = read(design(cell("m", "SELMUX2_1", R"("0": [1], "1": [2], "S0": [3], "OUT": [9])")));
  REQUIRE(mux);
  CHECK(outputs(*mux) == std::vector<bool>{0, 1, 0, 1, 0, 0, 1, 1});
  const auto carry = read(design(cell("k", "CARRY4", R"("CIN": [], "CYINIT": [3], "S0": [1], "DI0": [2], "O0": [], "CO0": [4],
      "S1": ["0"], "DI1": ["0"], "O1": [9], "CO1": [], "S2": [], "DI2": [], "O2": [], "CO2": [])")));
  REQUIRE(carry);
  CHECK(outputs(*carry) == std::vector<bool>{0, 0, 1, 0, 0, 1, 1, 1});  // the carry into position 1: a ? c : b
  const auto flop = read(design(cell("f", "SLICE_FFX", R"("CK": [1], "CE": [2], "D": ["1"], "SR": [3], "Q": [9])",
                                     R"("INIT": "1")", R"("X_ORIG_TYPE": "FDSE")")));
  REQUIRE(flop);
  REQUIRE(flop->flops.size() == 1);
  CHECK(flop->flops[0].reset_value);
  CHECK(flop->flops[0].initial);
  CHECK(flop->clock == flop->find_port("a")->nets[0]);
  CHECK(flop->find_flop("f") == &flop->flops[0]);
}

TEST_CASE("what is not simulated is refused by name", "[flow][routed_reader]") {
  check_error(read(design(cell("ram", "RAMB18E1_RAMB18E1", ""))), Code::routed_unsupported, "\"ram\" of type \"RAMB18E1");
  check_error(read(design(lut("0010") + "," + cell("x", "IOB33_OUTBUF", R"("IN": [1], "OUT": [5], "TRI": [2])"))),
              Code::routed_unsupported, "pin TRI is connected");
  check_error(read(design(cell("f", "SLICE_FFX", R"("CK": [1], "D": [2], "Q": [9])", R"("IS_C_INVERTED": "1")",
                               R"("X_ORIG_TYPE": "FDRE")"))),
              Code::routed_unsupported, "pin C is inverted");
  check_error(read(design(cell("f", "SLICE_FFX", R"("CK": [1], "D": [2], "SR": [3], "Q": [9])", "",
                               R"("X_ORIG_TYPE": "FDCE")"))),
              Code::routed_unsupported, "pin SR of cell \"f\"");
  check_error(read(design(cell("f", "SLICE_FFX", R"("CK": [1], "D": [2], "Q": [9])", R"("LATCH": "1")",
                               R"("X_ORIG_TYPE": "FDRE")"))),
              Code::routed_unsupported, "parameter LATCH");
  check_error(flow::parse_routed_netlist(design(lut("0010")), "x", {.family = board::Family::gatemate, .tables = nullptr}),
              Code::routed_unsupported, "");
}

TEST_CASE("a netlist that contradicts itself is refused by the cell's name", "[flow][routed_reader]") {
  const auto mux = [](const std::string& name, const std::string& in, const std::string& out) {
    return cell(name, "SELMUX2_1", "\"0\": [" + in + R"(], "1": [2], "S0": [3], "OUT": [)" + out + "]");
  };
  check_error(read(design(mux("m", "1", "9") + "," + mux("n", "1", "9"))), Code::routed_invalid,
              "one driver for net 5, found cell \"m\" and cell \"n\"");
  check_error(read(design(mux("m", "1", "2"))), Code::routed_invalid, "found a port or constant and cell \"m\"");
  check_error(read(design(mux("m", "7", "9"))), Code::routed_invalid, "which cell \"m\" reads, found none");
  check_error(read(design(mux("m", "1", "7"))), Code::routed_invalid, "which port \"y\" reads, found none");
  check_error(read(design(mux("m", "8", "9") + "," + mux("n", "9", "8"))), Code::routed_invalid, "loop");
  check_error(read(design(lut("0012"))), Code::routed_invalid, "binary digits");
  check_error(read(design(lut("0010", "X1"))), Code::routed_invalid, "expected a bel such as");
  check_error(read(R"({"modules": {}})"), Code::routed_invalid, "found none");
  const auto flop = [](const std::string& name, const std::string& clock, const std::string& out) {
    return cell(name, "SLICE_FFX", "\"CK\": [" + clock + R"(], "D": ["0"], "Q": [)" + out + "]", "",
                R"("X_ORIG_TYPE": "FDRE")");
  };
  check_error(read(design(flop("f", "1", "9") + "," + flop("g", "2", "8"))), Code::routed_invalid, "one clock");
  CHECK(read(design(flop("f", "7", "9") + "," + cell("b", "IOB33_INBUF_EN", R"("PAD": [1], "OUT": [7])") + "," +
                    flop("g", "1", "8"))));
}

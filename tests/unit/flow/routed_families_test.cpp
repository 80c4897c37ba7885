// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_reader.hpp"
#include "lutgen/flow/routed_simulator.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using flow::RoutedNet;

namespace {

/// Ports a (1), b (2), c (3) in, y (9) out.
std::string design(const std::string& cells) {
  return R"({"modules": {"top": {"ports": {
    "a": {"direction": "input", "bits": [1]}, "b": {"direction": "input", "bits": [2]},
    "c": {"direction": "input", "bits": [3]}, "y": {"direction": "output", "bits": [9]}},
    "cells": {)" + cells + R"(}, "netnames": {}}}})";
}

std::string cell(const std::string& type, const std::string& connections, const std::string& parameters) {
  return "\"cell\": {\"type\": \"" + type + R"(", "connections": {)" + connections + R"(}, "parameters": {)" + parameters +
         R"(}, "attributes": {}})";
}

Result<flow::RoutedNetlist> read(board::Family family, const std::string& text) {
  return flow::parse_routed_netlist(text, "routed.json", {.family = family, .tables = nullptr});
}

/// y for {c, b, a} = 0, 1, ..., 7, as digits; after `edges` clock edges where there are flops.
std::string outputs(const Result<flow::RoutedNetlist>& netlist, int edges = 0) {
  if (!netlist) return to_text(netlist.error());
  flow::RoutedSimulator simulator(*netlist, 1);
  const std::uint64_t columns[] = {0xAA, 0xCC, 0xF0};
  for (std::size_t i = 0; i < 3; ++i) {
    simulator.set(netlist->find_port(std::string(1, "abc"[i]))->nets[0], std::span(columns).subspan(i, 1));
  }
  simulator.settle();
  for (int edge = 0; edge < edges; ++edge) simulator.clock_edge();
  std::string text;
  for (std::size_t run = 0; run < 8; ++run) text += simulator.value(netlist->find_port("y")->nets[0], run) ? '1' : '0';
  return text;
}

bool is_unsupported(const Result<flow::RoutedNetlist>& result) {
  return !result && result.error().code == Code::routed_unsupported;
}

using board::Family;

}  // namespace

TEST_CASE("ECP5: open pins of a table are 1, a carry goes on where the table says so", "[flow][routed_families]") {
  const auto comb = [](const std::string& pins, const std::string& parameters) {
    return read(Family::ecp5, design(cell("TRELLIS_COMB", pins, parameters)));
  };
  CHECK(outputs(comb(R"("A": [1], "B": [2], "C": [], "D": [], "F": [9])", R"("INITVAL": "0110000000000000")")) == "01100110");
  // A full adder, FCI = c: propagate a ^ b with generate = the lower entries, A.
  const std::string adder = R"("MODE": "CCU2", "CCU2_INJECT1": "NO", "INITVAL": "0110011001101010")";
  CHECK(outputs(comb(R"("A": [1], "B": [2], "C": [], "D": [], "FCI": [3], "F": [9])", adder)) == "01101001");
  CHECK(outputs(comb(R"("A": [1], "B": [2], "C": [], "D": [], "FCI": [3], "FCO": [9])", adder)) == "00010111");
  CHECK(outputs(comb(R"("A": [1], "F": [4], "F1": [2], "M": [3], "OFX": [9])", R"("INITVAL": "1010101010101010")")) == "01010011");
  CHECK(outputs(comb(R"("FXA": [1], "FXB": [2], "M": [3], "OFX": [9])", R"("INITVAL": "0000")")) == "01010011");
  CHECK(is_unsupported(comb(R"("A": [1], "F": [9])", R"("INITVAL": "0000", "MODE": "DPRAM")")));
  CHECK(is_unsupported(comb(R"("A": [1], "F": [9])", R"("INITVAL": "0000", "MODE": "CCU2", "CCU2_INJECT1": "MAYBE")")));
}

TEST_CASE("ECP5: a flop takes M or DI, with an enable and a reset that may be inverted", "[flow][routed_families]") {
  const auto flop = [](const std::string& pins, const std::string& parameters) {
    return read(Family::ecp5, design(cell("TRELLIS_FF", R"("CLK": [7], "Q": [9], )" + pins,
                                          R"("GSR": "DISABLED", "CLKMUX": "CLK", )" + parameters) +
                                     R"(, "io": {"type": "DCCA", "connections": {"CLKI": ["0"], "CLKO": [7]}, "parameters": {},
                                         "attributes": {}})"));
  };
  // The clock is a constant here: the reader says so.
  CHECK(outputs(flop(R"("M": [1])", R"("SD": "0 ", "REGSET": "RESET", "CEMUX": "1 ")")).find("one clock") != std::string::npos);
  const auto clocked = [](const std::string& pins, const std::string& parameters) {
    std::string text = design(cell("TRELLIS_FF", R"("CLK": [5], "Q": [9], )" + pins, parameters));
    text.insert(text.find("\"a\": {"), R"("clk": {"direction": "input", "bits": [5]}, )");
    return read(Family::ecp5, text);
  };
  CHECK(outputs(clocked(R"("M": [1])", R"("SD": "0 ", "REGSET": "RESET", "CEMUX": "1 ")"), 1) == "01010101");
  CHECK(outputs(clocked(R"("DI": [1], "CE": [2])", R"("SD": "1 ", "REGSET": "SET", "CEMUX": "CE")"), 1) == "11011101");
  CHECK(outputs(clocked(R"("DI": [1], "LSR": [3])", R"("SD": "1 ", "REGSET": "SET", "LSRMUX": "INV", "CEMUX": "1 ")"), 1) ==
        "11110101");
  CHECK(outputs(clocked(R"("DI": [1], "CE": [2], "LSR": [3])",
                        R"("SD": "1 ", "REGSET": "RESET", "CEMUX": "CE", "SRMODE": "CE_OVER_LSR")"), 1) == "00010000");
  CHECK(is_unsupported(clocked(R"("DI": [1], "LSR": [3])", R"("SD": "1 ", "SRMODE": "ASYNC")")));
  CHECK(is_unsupported(clocked(R"("DI": [1])", R"("SD": "1 ", "CLKMUX": "INV")")));
}

TEST_CASE("iCE40: a logic cell is a table with open pins at 0, a carry, and a flop", "[flow][routed_families]") {
  const std::string plain = R"("CARRY_ENABLE": "0", "CIN_CONST": "0", "CIN_SET": "0", "NEG_CLK": "0", "ASYNC_SR": "0",
    "SET_NORESET": "0", )";
  const auto logic = [](const std::string& pins, const std::string& parameters) {
    return read(Family::ice40, design(cell("ICESTORM_LC", pins, parameters)));
  };
  CHECK(outputs(logic(R"("I0": [1], "I3": [3], "O": [9])", plain + R"("DFF_ENABLE": "0", "LUT_INIT": "0000000010101010")")) ==
        "01010000");
  CHECK(outputs(logic(R"("I1": [1], "I2": [2], "CIN": [3], "COUT": [9])",
                      R"("CARRY_ENABLE": "1", "CIN_CONST": "0", "CIN_SET": "0", "DFF_ENABLE": "0", "LUT_INIT": "0")")) == "00010111");
  CHECK(outputs(logic(R"("I1": [1], "I2": [2], "COUT": [9])",
                      R"("CARRY_ENABLE": "1", "CIN_CONST": "1", "CIN_SET": "1", "DFF_ENABLE": "0", "LUT_INIT": "0")")) == "01110111");
  const auto flop = logic(R"("I0": [1], "CLK": [2], "SR": [3], "O": [9])", plain + R"("DFF_ENABLE": "1", "LUT_INIT": "0010")");
  REQUIRE(flop);
  CHECK(flop->flops.at(0).reset_needs_enable);
  CHECK(outputs(flop, 1) == "01010000");
  CHECK(is_unsupported(logic(R"("I0": [1], "CLK": [2], "O": [9])",
                             R"("DFF_ENABLE": "1", "LUT_INIT": "0010", "NEG_CLK": "1")")));
  CHECK(is_unsupported(read(Family::ice40, design(cell("SB_IO", R"("PACKAGE_PIN": [1], "D_IN_0": [9])", R"("PIN_TYPE": "000000")")))));
}

TEST_CASE("Gowin: an ALU adds or subtracts, or is what its raw table says", "[flow][routed_families]") {
  const auto alu = [](const std::string& pins, const std::string& parameters) {
    return read(Family::gowin, design(cell("ALU", pins, parameters)));
  };
  const std::string in = R"("I0": [1], "I1": [2], "I2": ["1"], "I3": ["0"], "CIN": [3], )";
  CHECK(outputs(alu(in + R"("SUM": [9])", R"("ALU_MODE": "0")")) == "01101001");
  CHECK(outputs(alu(in + R"("COUT": [9])", R"("ALU_MODE": "0")")) == "00010111");
  CHECK(outputs(alu(in + R"("COUT": [9])", R"("ALU_MODE": "00000000000000000000000000000001")")) == "01001101");
  CHECK(outputs(alu(R"("I2": ["1"], "CIN": [3], "SUM": [9])", R"("ALU_MODE": "C2L")")) == "00001111");
  CHECK(outputs(alu(R"("I2": ["1"], "COUT": [9])", R"("ALU_MODE": "ONE2C")")) == "11111111");
  CHECK(outputs(alu(R"("I0": [], "I1": [2], "I2": ["1"], "I3": [], "CIN": [3], "SUM": [9])",
                    R"("ALU_MODE": "10", "RAW_ALU_LUT": "1100000011000000")")) == "00111100");
  CHECK(is_unsupported(alu(in + R"("SUM": [9])", R"("ALU_MODE": "00001001")")));
  CHECK(outputs(read(Family::gowin, design(cell("BUFG", R"("I": [1], "O": [9])", "")))) == "01010101");
  CHECK(outputs(read(Family::gowin, design(cell("BUFG", R"("I": [1], "O": [])", "")))).find("net") != std::string::npos);  // y has no driver
  CHECK(outputs(read(Family::gowin, design(cell("MUX2_LUT5", R"("I0": [1], "I1": [2], "S0": [3], "O": [9])", "")))) == "01010011");
  const auto flop = read(Family::gowin, design(cell("DFFSE", R"("CLK": [1], "D": [2], "CE": [3], "SET": ["0"], "Q": [9])", "")));
  REQUIRE(flop);
  CHECK(flop->flops.at(0).reset_value);
  CHECK(flop->flops.at(0).initial);
  CHECK_FALSE(flop->flops.at(0).reset_needs_enable);
  CHECK(is_unsupported(read(Family::gowin, design(cell("DFFC", R"("CLK": [1], "D": [2], "CLEAR": [3], "Q": [9])", "")))));
}

TEST_CASE("GateMate: a half of a CPE is a tree of small tables, lines lead from cell to cell", "[flow][routed_families]") {
  const auto cpe = [](const std::string& type, const std::string& pins, const std::string& parameters) {
    return read(Family::gatemate, design(cell(type, pins, parameters)));
  };
  // (a or b) and not c, the last input by the line PINX.
  CHECK(outputs(cpe("CPE_L2T4", R"("IN1": [1], "IN2": [2], "PINX": [3], "IN3": [], "OUT": [9])",
                    R"("INIT_L00": "1110", "INIT_L01": "1100", "INIT_L10": "0010", "INIT_L20": "1100", "C_I4": "1")")) == "01110000");
  CHECK(outputs(cpe("CPE_L2T4", R"("IN1": [1], "IN2": [2], "COMBIN": [3], "OUT": [9])",
                    R"("INIT_L00": "0110", "INIT_L01": "0000", "INIT_L10": "1010", "INIT_L20": "1000")")) == "00000110");
  const std::string adder = R"("INIT_L00": "1010", "INIT_L01": "1010", "INIT_L02": "0000", "INIT_L03": "0000")";
  CHECK(outputs(cpe("CPE_ADDF", R"("IN1": [1], "IN3": [2], "CINY1": [3], "OUT1": [9])", adder)) == "01101001");
  CHECK(outputs(cpe("CPE_ADDF", R"("IN1": [1], "IN3": [2], "CINY1": [3], "COUTY1": [9])", adder)) == "00010111");
  CHECK(outputs(cpe("CPE_MX4", R"("IN1": [1], "IN2": [2], "IN5": [3], "OUT1": [9])",
                    R"("INIT_L02": "1010", "INIT_L03": "0000", "INIT_L10": "0011", "INIT_L11": "0000")")) == "01010011");
  CHECK(outputs(cpe("CPE_CPLINES", R"("OUT1": [1], "OUT2": [2], "PINX": [3], "POUTY1": [9])",
                    R"("C_PY1_I": "1", "C_SEL_P": "0", "C_SELY1": "1")")) == "00110011");
  CHECK(outputs(cpe("CPE_CPLINES", R"("OUT1": [1], "OUT2": [2], "PINX": [3], "POUTY1": [9])",
                    R"("C_PY1_I": "1", "C_SEL_P": "1", "C_SELY1": "1")")) == "00001111");
  CHECK(outputs(cpe("CPE_BRIDGE", R"("IN2": [2], "MUXOUT": [9])", R"("C_SN": "001", "C_BR": "1")")) == "00110011");
  const std::string clock = R"("C_CPE_CLK": "10", "C_CPE_EN": "01", "C_CPE_RES": "11", "FF_INIT": "11", )";
  const auto flop = cpe("CPE_FF", R"("CLK": [1], "DIN": [2], "EN": [3], "DOUT": [9])", clock + R"("C_CPE_SET": "11")");
  CHECK(outputs(flop, 1) == "00111111");  // not enabled where c is 1: it starts at 1
  CHECK(is_unsupported(cpe("CPE_FF", R"("CLK": [1], "DIN": [2], "EN": [3], "DOUT": [9])", clock + R"("C_CPE_SET": "01")")));
}

TEST_CASE("gates of Yosys are read with other names for their nets", "[flow][routed_families]") {
  const std::string text = R"({"modules": {"top": {"ports": {"a": {"direction": "input", "bits": [2]},
    "b": {"direction": "input", "bits": [3]}, "c": {"direction": "input", "bits": [4]}, "y": {"direction": "output", "bits": [5]}},
    "cells": {"g": {"type": "$_MUX_", "connections": {"A": [2], "B": [3], "S": [4], "Y": [5]}, "parameters": {}, "attributes": {}}},
    "netnames": {"n1": {"bits": [5]}, "n2": {"bits": [5]}}}}})";
  const auto netlist = flow::parse_gate_netlist(text, "gates.json", {{"n2", "core.l1_n4_y"}});
  CHECK(outputs(netlist) == "01010011");
  CHECK(netlist->net_names[index_of(netlist->find_port("y")->nets[0])] == "core.l1_n4_y");
}

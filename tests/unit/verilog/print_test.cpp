// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/print.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace lutgen;
using netlist::NetId;
using netlist::Tag;
using netlist::Unit;

namespace {

/// The line of a cell that is LUT1 with INIT 1: output and instance have one name.
std::string inverter_line(const std::string& out, const std::string& in) {
  return "  LUT1 #(.INIT(2'h1)) " + out + "_lut (.O(" + out + "), .I0(" + in + "));\n";
}

}  // namespace

TEST_CASE("names are spelled as the netlist has them, whether they count up or not", "[verilog][print]") {
  // A chain of inverters, longer than several blocks of names; each variant breaks the row of names in another place.
  for (const std::uint32_t odd : {0u, 1u, 63u, 64u, 65u, 100u, 191u, 299u}) {
    for (int kind = 0; kind < 5; ++kind) {
      netlist::Netlist net(tech::Family::xc7);
      net.clock = net.add_net({.unit = Unit::valid});
      net.in_valid = net.add_net({.unit = Unit::valid, .delay = 1});
      net.out_valid = net.in_valid;
      net.feature_bits = {net.add_net({.unit = Unit::input, .index = 0})};
      NetId last = net.feature_bits[0];
      std::vector<std::string> lines;
      for (std::uint32_t i = 0; i < 300; ++i) {
        netlist::NetName name{.layer = 0, .unit = Unit::neuron, .index = i};
        if (i == odd && kind == 0) name.delay = 3;
        if (i == odd && kind == 1) name.inverted = true;
        if (i == odd && kind == 2) name = {.layer = 2, .unit = Unit::group, .tag = Tag::sum, .index = i, .number = 9};
        if (i == odd && kind == 3) name.layer = 1;
        if (i >= odd && kind == 4) name.index += 5;  // some are missing
        const NetId next = net.add_net(name);
        net.add_cell(tech::Cell::lut1, 1, std::array{next, last}, 0);
        lines.push_back(inverter_line(netlist::spell(name), netlist::spell(net.name(last))));
        last = next;
      }
      net.bits = {last};
      const std::string text = verilog::print_module(net, {.top = "chain", .header = {}, .layer_labels = {"", "", ""}});
      for (const std::string& line : lines) {
        if (text.find(line) == std::string::npos) FAIL_CHECK("expected the line " << line);
      }
      CHECK(text.find("assign bits = {" + netlist::spell(net.name(last)) + "};") != std::string::npos);
    }
  }
}

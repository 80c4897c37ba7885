// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/capacity.hpp"

#include <array>
#include <vector>

#include "tests/support/catch.hpp"

using namespace lutgen;
using netlist::NetId;
using tech::Cell;

namespace {

NetId add_net(netlist::Netlist& net, std::uint32_t number) {
  return net.add_net({.layer = 0, .unit = netlist::Unit::neuron, .tag = netlist::Tag::table, .number = number});
}

}  // namespace

TEST_CASE("two small LUTs may share a position of xc7, a LUT6 shares none", "[flow][capacity]") {
  netlist::Netlist net(tech::Family::xc7);
  const NetId a = add_net(net, 0);
  for (std::uint32_t i = 1; i <= 3; ++i) net.add_cell(Cell::lut1, 1, std::array{add_net(net, i), a}, 0);
  net.add_cell(Cell::lut6, 1, std::array{add_net(net, 4), a, a, a, a, a, a}, 0);
  const flow::Need need = flow::compute_need(net, 5);
  CHECK(need.luts == 3);
  CHECK(need.flops == 5);
}

TEST_CASE("an iCE40 flop shares the cell of a LUT that only it reads", "[flow][capacity]") {
  netlist::Netlist net(tech::Family::ice40);
  const NetId a = add_net(net, 0);
  const NetId own = add_net(net, 1);
  const NetId shared = add_net(net, 2);
  net.add_cell(Cell::sb_lut4, 1, std::array{own, a, a, a, a}, 0);
  net.add_cell(Cell::sb_lut4, 2, std::array{shared, a, a, a, a}, 0);
  net.add_cell(Cell::sb_dff, 0, std::array{add_net(net, 3), a, own}, 0);
  net.add_cell(Cell::sb_dff, 0, std::array{add_net(net, 4), a, shared}, 0);
  net.add_cell(Cell::sb_dff, 0, std::array{add_net(net, 5), a, shared}, 0);
  const flow::Need need = flow::compute_need(net, 10);
  CHECK(need.luts == 2 + 2 + 10);
  CHECK(need.flops == 3 + 10);
}

TEST_CASE("GateMate: trees and adders take half a CPE, a multiplexer a whole one, small tables may vanish", "[flow][capacity]") {
  netlist::Netlist net(tech::Family::gatemate);
  const NetId a = add_net(net, 0);
  const NetId tree = add_net(net, 1);
  const NetId mux = add_net(net, 2);
  const auto add = [&](Cell cell, NetId output) {
    const tech::CellType& type = tech::cell_type(cell);
    std::vector<NetId> pins(std::size_t{type.output_bits} + type.input_bits, a);
    pins[0] = output;
    for (std::uint32_t o = 1; o < type.output_bits; ++o) pins[o] = add_net(net, 100 + o);
    net.add_cell(cell, 0, pins, 0);
  };
  add(Cell::cc_l2t4, tree);
  add(Cell::cc_mx4, mux);
  add(Cell::cc_addf, add_net(net, 3));
  add(Cell::cc_lut2, add_net(net, 4));
  const flow::Need bare = flow::compute_need(net, 0);
  CHECK(bare.luts == 1 + 2 + 1);
  CHECK(flow::compute_need(net, 7).luts == bare.luts + 7);
}

TEST_CASE("a network that cannot fit is refused with both numbers", "[flow][capacity]") {
  board::Board board;
  board.luts = 10;
  board.flops = 20;
  board.part = "TINY";
  CHECK(flow::check_capacity("top", {10, 20}, board));
  const auto refused = flow::check_capacity("top", {11, 3}, board);
  REQUIRE_FALSE(refused);
  CHECK(to_text(refused.error()).find("at most 10 LUT positions and 20 flops (TINY), found at least 11 and 3") !=
        std::string::npos);
}

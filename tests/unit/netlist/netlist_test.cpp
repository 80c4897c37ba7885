// SPDX-License-Identifier: Apache-2.0
#include "lutgen/netlist/netlist.hpp"

#include "lutgen/netlist/simulate.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using netlist::NetId;
using netlist::Tag;
using netlist::Unit;

namespace {

/// features[0] -> inverter -> flop.
struct Small {
  netlist::Netlist net{tech::Family::xc7};
  NetId inverted;
  NetId stored;

  Small() {
    net.clock = net.add_net({.unit = Unit::valid});
    net.feature_bits = {net.add_net({.unit = Unit::input, .index = 0})};
    inverted = net.add_net({.layer = 1, .unit = Unit::neuron, .index = 7});
    stored = net.add_net({.layer = 1, .unit = Unit::neuron, .index = 7, .delay = 1});
    net.add_cell(tech::Cell::lut1, 0b01, std::array{inverted, net.feature_bits[0]}, 1);
    net.add_cell(tech::Cell::fdre, 0, std::array{stored, net.clock, NetId::one, inverted, NetId::zero}, 1);
  }
};

}  // namespace

TEST_CASE("names say where a net comes from", "[netlist]") {
  CHECK(netlist::spell({.unit = Unit::input, .index = 9}) == "features[9]");
  CHECK(netlist::spell({.unit = Unit::input, .index = 9, .delay = 2}) == "features_9_d2");
  CHECK(netlist::spell({.layer = 0, .unit = Unit::threshold, .index = 3, .sub = 1}) == "l0_f3_t1_y");
  CHECK(netlist::spell({.layer = 1, .unit = Unit::neuron, .index = 17}) == "l1_n17_y");
  CHECK(netlist::spell({.layer = 1, .unit = Unit::neuron, .index = 17, .sub = 1, .delay = 1}) == "l1_n17_b1_y_d1");
  CHECK(netlist::spell({.layer = 1, .unit = Unit::branch, .tag = Tag::greater, .index = 17, .sub = 2}) == "l1_n17_h2_gt0");
  CHECK(netlist::spell({.layer = 1, .unit = Unit::neuron, .index = 17, .delay = 2, .inverted = true}) == "l1_n17_y_inv_d2");
  CHECK(netlist::spell({.layer = 2, .unit = Unit::group, .tag = Tag::sum, .index = 4, .number = 6, .unread = true}) == "l2_g4_s6_unused");
  CHECK(netlist::spell({.unit = Unit::input, .index = 9, .inverted = true}) == "features_9_inv");
  CHECK(netlist::spell({.unit = Unit::input, .index = 9, .delay = 1, .inverted = true}) == "features_9_inv_d1");
  CHECK(netlist::spell({.layer = 2, .unit = Unit::group, .tag = Tag::sum, .index = 4, .number = 6, .delay = 1}) == "l2_g4_s6_d1");
  CHECK(netlist::spell({.layer = 3, .unit = Unit::match, .tag = Tag::greater, .index = 2, .number = 0}) == "l3_m2_gt0");
}

TEST_CASE("a flop holds the value from before the edge", "[netlist][simulate]") {
  const Small small;
  REQUIRE(find_violation(small.net).empty());
  netlist::Simulator simulator(small.net);
  simulator.set_feature_bit(0, 0b10);
  simulator.settle();
  CHECK((simulator.value(small.inverted) & 0b11) == 0b01);
  CHECK(simulator.value(small.stored) == 0);
  simulator.clock_edge();
  CHECK((simulator.value(small.stored) & 0b11) == 0b01);
}

TEST_CASE("a net with two drivers is found", "[netlist]") {
  Small small;
  small.net.add_cell(tech::Cell::lut1, 0b10, std::array{small.inverted, small.net.feature_bits[0]}, 1);
  CHECK(find_violation(small.net) == "cell 2 (LUT1, drives l1_n7_y): its output has two drivers");
}

TEST_CASE("a net without a driver is found", "[netlist]") {
  Small small;
  const NetId loose = small.net.add_net({.layer = 1, .unit = Unit::neuron, .index = 8});
  const NetId out = small.net.add_net({.layer = 1, .unit = Unit::neuron, .index = 9});
  small.net.add_cell(tech::Cell::lut1, 0b10, std::array{out, loose}, 1);
  CHECK(find_violation(small.net) ==
        "cell 2 (LUT1, drives l1_n9_y): reads l1_n8_y, which nothing before it drives");
}

TEST_CASE("cells are counted by type and layer", "[netlist]") {
  const Small small;
  const auto statistics = compute_statistics(small.net, 2);
  CHECK(statistics.total[static_cast<std::size_t>(tech::Cell::fdre)] == 1);
  CHECK(statistics.layers[1][static_cast<std::size_t>(tech::Cell::lut1)] == 1);
  CHECK(statistics.layers[0][static_cast<std::size_t>(tech::Cell::lut1)] == 0);
}

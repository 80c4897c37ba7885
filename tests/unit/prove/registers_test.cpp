// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/registers.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;
using netlist::NetId;
using prove::Gates;
using prove::NodeId;

namespace {

/// Two features, each through a flop, and-ed, through another flop: latency 2, with its valid chain.
struct Pipeline {
  netlist::Netlist net{tech::Family::xc7};
  std::vector<std::string> names{"1'b0", "1'b1"};
  std::vector<NetId> q;

  NetId add_net(const char* name) {
    names.emplace_back(name);
    return net.add_net({});
  }
  NetId add_flop(const char* name, NetId data, NetId reset = NetId::zero, NetId enable = NetId::one) {
    const NetId out = add_net(name);
    net.add_cell(tech::Cell::fdre, 0, std::array{out, net.clock, enable, data, reset}, 0);
    return out;
  }
  NetId add_and(const char* name, NetId a, NetId b) {
    const NetId out = add_net(name);
    net.add_cell(tech::Cell::lut2, 0b1000, std::array{out, a, b}, 0);
    return out;
  }
  Pipeline() {
    net.clock = add_net("clk");
    net.reset = add_net("rst");
    net.in_valid = add_net("in_valid");
    net.feature_bits = {add_net("features[0]"), add_net("features[1]")};
    for (const NetId feature : net.feature_bits) q.push_back(add_flop("q", feature));
  }
  void finish(NetId result) {
    net.bits = {add_flop("result", result)};
    const NetId first = add_flop("valid_d1", net.in_valid, net.reset);
    net.out_valid = add_flop("valid_d2", first, net.reset);
  }
  [[nodiscard]] std::vector<std::string> faults(std::uint32_t latency = 2) const {
    Gates gates;
    const std::vector<NodeId> features{gates.add_input(), gates.add_input()};
    std::vector<std::string> texts;
    for (const auto& fault : collapse_registers(net, names, features, latency, gates).faults) {
      texts.push_back(fault.net + ": " + fault.expected + ", found " + fault.found);
    }
    return texts;
  }
};

}  // namespace

TEST_CASE("a clean pipeline collapses into its function", "[prove][registers]") {
  Pipeline p;
  p.finish(p.add_and("both", p.q[0], p.q[1]));
  CHECK(p.faults().empty());
  Gates gates;
  const std::vector<NodeId> features{gates.add_input(), gates.add_input()};
  const auto collapsed = collapse_registers(p.net, p.names, features, 2, gates);
  CHECK(collapsed.registers == 3);
  CHECK(collapsed.valid_registers == 2);
  CHECK(collapsed.nodes[index_of(p.net.bits[0])] == gates.add_gate(0b1000, features));
}

TEST_CASE("a missing register, an added one and a wrong latency are faults", "[prove][registers]") {
  Pipeline missing;
  missing.finish(missing.add_and("both", missing.q[0], missing.net.feature_bits[1]));
  CHECK(missing.faults() == std::vector<std::string>{"both: inputs of one stage, 1 as q has, found features[1] of stage 0"});
  Pipeline added;
  added.finish(added.add_and("both", added.q[0], added.add_flop("late", added.q[1])));
  CHECK(added.faults().front() == "both: inputs of one stage, 2 as late has, found q of stage 1");
  Pipeline right;
  right.finish(right.add_and("both", right.q[0], right.q[1]));
  CHECK(right.faults(3) == std::vector<std::string>{"result: an output of stage 3, found one of stage 2",
                                                    "in_valid: out_valid to be in_valid 3 cycles later, found a chain of 2 registers"});
  CHECK(right.faults(1).size() == 2);
}

TEST_CASE("a register that can stand still or be cleared is a fault", "[prove][registers]") {
  Pipeline enabled;
  enabled.finish(enabled.add_flop("held", enabled.net.feature_bits[0], NetId::zero, enabled.net.in_valid));
  CHECK(enabled.faults() == std::vector<std::string>{"held: a register that is always enabled, found one enabled by in_valid"});
  Pipeline cleared;
  cleared.finish(cleared.add_flop("cleared", cleared.net.feature_bits[0], cleared.net.reset));
  CHECK(cleared.faults() == std::vector<std::string>{"cleared: a register without reset, found one reset by rst"});
}

TEST_CASE("a valid chain without its reset, or a cell that reads in_valid, is a fault", "[prove][registers]") {
  Pipeline p;
  p.net.bits = {p.add_flop("result", p.add_and("both", p.q[0], p.q[1]))};
  p.net.out_valid = p.add_flop("valid_d2", p.add_flop("valid_d1", p.net.in_valid), p.net.reset);
  CHECK(p.faults() == std::vector<std::string>{"valid_d1: a valid bit that the reset clears, found a register reset by 1'b0"});
  Pipeline mixed;
  mixed.finish(mixed.add_and("mixed", mixed.q[0], mixed.net.in_valid));
  CHECK(mixed.faults().front() == "mixed: a function of the features alone, found one that also reads clk, rst or in_valid");
}

TEST_CASE("a loop through registers is a fault", "[prove][registers]") {
  Pipeline p;
  const NetId loop = p.add_net("loop");
  const NetId both = p.add_and("both", p.q[0], loop);
  p.net.add_cell(tech::Cell::fdre, 0, std::array{loop, p.net.clock, NetId::one, both, NetId::zero}, 0);
  p.finish(both);
  CHECK(p.faults().front() == "both: no loop through registers, found a net in or behind a loop");
}

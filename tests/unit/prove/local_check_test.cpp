// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/local_check.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;
using prove::Equation;
using prove::Gates;
using prove::LocalChecker;
using prove::NodeId;
using prove::Shown;

namespace {

struct FullAdder {
  Gates gates;
  std::vector<NodeId> in;
  NodeId sum, carry;

  FullAdder() {
    for (int i = 0; i < 3; ++i) in.push_back(gates.add_input());
    sum = gates.add_gate(0x96, in);
    carry = gates.add_gate(0xE8, in);
  }
  [[nodiscard]] Equation equation() const {
    return {{{in[0], 1}, {in[1], 1}, {in[2], 1}}, 0, {{sum, 1}, {carry, 2}}, {}};
  }
  Shown check(const Equation& equation) {
    LocalChecker checker(gates, in, {});
    return checker.check_equation(equation, in);
  }
};

}  // namespace

TEST_CASE("a full adder is proven, and every wrong claim about it is refused", "[prove][local]") {
  FullAdder adder;
  CHECK(adder.check(adder.equation()) == Shown::exhaustive);
  Equation wrong = adder.equation();
  wrong.outputs[1].weight = 1;
  CHECK(adder.check(wrong) == Shown::failed);
  wrong = adder.equation();
  wrong.inputs.pop_back();
  CHECK(adder.check(wrong) == Shown::failed);
  wrong = adder.equation();
  wrong.constant = 1;
  CHECK(adder.check(wrong) == Shown::failed);
  wrong = adder.equation();
  std::swap(wrong.outputs[0].node, wrong.outputs[1].node);
  CHECK(adder.check(wrong) == Shown::failed);
}

TEST_CASE("a bit that is not built may be 0 or 1 and nothing else", "[prove][local]") {
  FullAdder adder;
  Equation dropped = adder.equation();
  dropped.outputs.erase(dropped.outputs.begin());
  CHECK(adder.check(dropped) == Shown::failed);
  dropped.dropped = {1};
  CHECK(adder.check(dropped) == Shown::exhaustive);
  dropped.dropped = {2};
  CHECK(adder.check(dropped) == Shown::failed);
  dropped.dropped = {4, 3, 1, -1};  // no range: listed
  CHECK(adder.check(dropped) == Shown::exhaustive);
  dropped.dropped = {4, -1, 3};  // -1, 0, 2, 3, ...: not 1
  CHECK(adder.check(dropped) == Shown::failed);
}

TEST_CASE("what differs where no input leads is no fault", "[prove][local]") {
  Gates gates;
  const NodeId a = gates.add_input();
  const NodeId b = gates.add_input();
  // Two bits that are never 1 together.
  const NodeId left = gates.add_gate(0b0010, std::array{a, b});
  const NodeId right = gates.add_gate(0b0100, std::array{a, b});
  const NodeId either = gates.add_gate(0b1110, std::array{left, right});
  const NodeId exclusive = gates.add_gate(0b0110, std::array{left, right});
  const std::vector<NodeId> features{a, b};
  LocalChecker checker(gates, features, {});
  CHECK(checker.check_zero(add_difference(gates, either, exclusive), std::array{left, right}) == Shown::sat);
  CHECK(checker.patterns().empty());
  const NodeId wrong = gates.add_gate(0b1000, std::array{left, right});
  CHECK(checker.check_zero(add_difference(gates, either, wrong), std::array{left, right}) == Shown::failed);
  REQUIRE(checker.patterns().size() == 1);
  CHECK(checker.patterns()[0][0] != checker.patterns()[0][1]);
}

TEST_CASE("cones with more leaves than can be tried go to SAT", "[prove][local]") {
  Gates gates;
  std::vector<NodeId> leaves;
  std::vector<prove::WeightedNode> terms;
  for (int i = 0; i < 20; ++i) {
    leaves.push_back(gates.add_input());
    terms.push_back({leaves.back(), std::int64_t{1} << (i / 2) * (i % 2 == 0 ? 1 : -1)});
  }
  for (std::size_t i = 0; i < 20; ++i) terms[i].weight = (i % 2 == 0 ? 1 : -1) * (std::int64_t{1} << (i / 2));
  // a > b against not (b > a - 1 ...): a > b is not (b >= a).
  const NodeId greater = add_exceeds(gates, terms, 0);
  for (auto& term : terms) term.weight = -term.weight;
  const NodeId at_most = add_exceeds(gates, terms, -1);
  LocalChecker checker(gates, leaves, {});
  CHECK(checker.check_zero(add_difference(gates, greater, add_not(gates, at_most)), leaves) == Shown::sat);
  CHECK(checker.check_zero(add_difference(gates, greater, at_most), leaves) == Shown::failed);
}

// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/gates.hpp"

#include <array>

#include "lutgen/prove/cone.hpp"
#include "lutgen/prove/encode.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using prove::Gates;
using prove::NodeId;

TEST_CASE("every primitive is the same as gates, for all values of its pins", "[prove][gates][property]") {
  test::property([] {
    const auto type = static_cast<tech::Cell>(*rc::gen::inRange<std::size_t>(0, tech::kCellCount));
    const tech::CellType& kind = tech::cell_type(type);
    if (kind.role == tech::CellRole::flop) return;
    const auto init = type == tech::Cell::gowin_alu ? tech::kGowinAddSub : *rc::gen::arbitrary<std::uint64_t>();
    Gates gates;
    std::vector<NodeId> inputs;
    for (std::size_t i = 0; i < kind.input_bits; ++i) inputs.push_back(gates.add_input());
    std::vector<NodeId> outputs(kind.output_bits, NodeId::zero);
    gates.add_cell(type, init, inputs, outputs);
    prove::Cone cone(gates);
    RC_ASSERT(cone.collect(outputs, inputs));
    for (std::uint32_t word = 0; word < cone.word_count(); ++word) {
      cone.evaluate(word);
      std::vector<std::uint64_t> in;
      for (const NodeId id : inputs) in.push_back(cone.value(id));
      std::vector<std::uint64_t> out(kind.output_bits, 0);
      tech::evaluate_cell(type, init, in, out);
      for (std::size_t o = 0; o < out.size(); ++o) RC_ASSERT(cone.value(outputs[o]) == out[o]);
    }
  });
}

TEST_CASE("equal gates are one node, whatever the order of their inputs", "[prove][gates]") {
  Gates gates;
  const NodeId a = gates.add_input();
  const NodeId b = gates.add_input();
  const NodeId a_not_b = gates.add_gate(0b0010, std::array{a, b});
  CHECK(gates.add_gate(0b0100, std::array{b, a}) == a_not_b);
  CHECK(gates.add_gate(0b1000, std::array{a, a}) == a);
  CHECK(gates.add_gate(0b0110, std::array{a, a}) == NodeId::zero);
  CHECK(gates.add_gate(0b1010, std::array{a, b}) == a);
  CHECK(gates.add_gate(0b1110, std::array{a, NodeId::one}) == NodeId::one);
  CHECK(gates.add_gate(0b0100, std::array{a, b}) != a_not_b);
}

TEST_CASE("a comparison as specified counts its weights", "[prove][encode][property]") {
  test::property([] {
    Gates gates;
    std::vector<prove::WeightedNode> terms;
    std::vector<NodeId> inputs;
    const int count = *rc::gen::inRange(0, 8);
    for (int i = 0; i < count; ++i) {
      inputs.push_back(gates.add_input());
      terms.push_back({inputs.back(), *rc::gen::inRange(-9, 10)});
    }
    const std::int64_t constant = *rc::gen::inRange(-30, 30);
    const NodeId root = add_exceeds(gates, terms, constant);
    prove::Cone cone(gates);
    RC_ASSERT(cone.collect(std::array{root}, inputs));
    for (std::uint32_t assignment = 0; assignment < (1u << count); ++assignment) {
      cone.evaluate(assignment / 64);
      std::int64_t total = 0;
      for (std::size_t i = 0; i < inputs.size(); ++i) total += (assignment >> i & 1) != 0 ? terms[i].weight : 0;
      RC_ASSERT((cone.value(root) >> (assignment % 64) & 1) == std::uint64_t{total > constant});
    }
  });
}

TEST_CASE("clauses of a gate allow what its table says and nothing else", "[prove][encode][property]") {
  test::property([](std::uint64_t table) {
    Gates gates;
    std::vector<NodeId> inputs;
    const int count = *rc::gen::inRange(1, 7);
    for (int i = 0; i < count; ++i) inputs.push_back(gates.add_input());
    const NodeId root = gates.add_gate(table, inputs);
    const auto address = *rc::gen::inRange<std::uint32_t>(0, 1u << count);
    for (const bool value : {false, true}) {
      prove::Solver solver;
      prove::Encoder encoder(gates, solver);
      const prove::Literal output = encoder.literal(root);
      solver.add_clause(std::array{value ? output : -output});
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const prove::Literal input = encoder.literal(inputs[i]);
        solver.add_clause(std::array{(address >> i & 1) != 0 ? input : -input});
      }
      const bool wanted = ((table >> address & 1) != 0) == value;
      RC_ASSERT(solver.solve(1000) == (wanted ? prove::SatAnswer::satisfiable : prove::SatAnswer::unsatisfiable));
    }
  });
}

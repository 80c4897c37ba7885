// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/registers.hpp"

#include "tests/support/property.hpp"
#include "tests/support/random_program.hpp"

using namespace lutgen;
using eval::Basis;
using eval::Place;

namespace {

/// A machine that runs the instructions as they come.
class Machine final : public eval::InstructionSink {
 public:
  Machine(const eval::RegisterFile& file, std::vector<std::uint64_t> inputs, std::size_t outputs, std::size_t part)
      : file_(file), part_(part), registers(file.registers), inputs_(std::move(inputs)), outputs_(outputs) {}

  void load(std::uint32_t reg, Place from) override { registers.at(reg) = at(from); count(); }
  void store(Place to, std::uint32_t reg) override { at(to) = registers.at(reg); count(); }
  void copy(std::uint32_t to, std::uint32_t from) override { registers.at(to) = registers.at(from); count(); }
  void compute3(unsigned table, std::uint32_t result, std::uint32_t second, Place third) override {
    registers.at(result) = apply(table, registers.at(result), registers.at(second), at(third));
    count();
  }
  void compute2(unsigned table, std::uint32_t result, std::uint32_t first, Place second) override {
    REQUIRE((table == 0x8 || table == 0x6 || table == 0xE || table == 0x4));
    if (file_.overwrites) REQUIRE(result == first);
    registers.at(result) = apply(table | table << 4, registers.at(first), at(second), 0);
    count();
  }
  [[nodiscard]] bool is_full() const override { return instructions >= part_; }
  void end_part() override {
    for (auto& word : registers) word = 0xDEAD;
    instructions = 0;
  }

  [[nodiscard]] std::uint64_t output(std::size_t o) { return outputs_.at(o); }
  std::size_t slots = 0;
  std::size_t total = 0;

 private:
  void count() {
    ++instructions;
    ++total;
  }
  static std::uint64_t apply(unsigned table, std::uint64_t x, std::uint64_t y, std::uint64_t z) {
    std::uint64_t word = 0;
    for (unsigned a = 0; a < 8; ++a) {
      if (((table >> a) & 1) != 0) word |= ((a & 1) != 0 ? x : ~x) & ((a & 2) != 0 ? y : ~y) & ((a & 4) != 0 ? z : ~z);
    }
    return word;
  }
  std::uint64_t& at(Place place) {
    if (place.kind == Place::Kind::reg) return registers.at(place.index);
    if (place.kind == Place::Kind::input) return inputs_.at(place.index);
    if (place.kind == Place::Kind::output) return outputs_.at(place.index);
    REQUIRE(place.kind == Place::Kind::slot);
    slots_.resize(std::max<std::size_t>(slots_.size(), place.index + 1));
    slots = slots_.size();
    return slots_[place.index];
  }

  eval::RegisterFile file_;
  std::size_t part_;
  std::size_t instructions = 0;
  std::vector<std::uint64_t> registers;
  std::vector<std::uint64_t> inputs_;
  std::vector<std::uint64_t> outputs_;
  std::vector<std::uint64_t> slots_;
};

}  // namespace

TEST_CASE("programs keep their meaning on machines with few registers", "[eval][registers][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const Basis basis = rng.below(2) == 0 ? Basis::ternary : Basis::binary;
    const eval::Program program = test::random_program(rng, basis);
    std::vector<std::uint64_t> inputs(program.input_count);
    for (auto& word : inputs) word = rng.next();
    std::vector<std::uint64_t> expected(program.outputs.size());
    std::vector<std::uint64_t> scratch;
    eval::interpret(program, 1, inputs, expected, scratch);
    const eval::RegisterFile file{static_cast<std::uint32_t>(4 + rng.below(29)), rng.below(2) == 0};
    Machine machine(file, inputs, program.outputs.size(), rng.below(2) == 0 ? ~std::size_t{0} : 1 + rng.below(50));
    const std::uint32_t slots = eval::place_program(program, file, machine);
    RC_ASSERT(machine.slots <= slots);
    for (std::size_t o = 0; o < expected.size(); ++o) {
      const std::uint64_t mask = is_inverted(program.outputs[o]) ? ~std::uint64_t{0} : 0;
      RC_ASSERT((machine.output(o) ^ mask) == expected[o]);
    }
  });
}

TEST_CASE("what fits the registers needs no slot and no copy", "[eval][registers]") {
  eval::ProgramBuilder builder(Basis::ternary, 3);
  const eval::Lit sum = builder.add3(0x96, builder.input(0), builder.input(1), builder.input(2));
  const eval::Program program = builder.finish({sum}, 3);
  Machine machine({4, false}, {1, 3, 7}, 1, ~std::size_t{0});
  CHECK(eval::place_program(program, {4, false}, machine) == 0);
  CHECK(machine.output(0) == (1 ^ 3 ^ 7));
  CHECK(machine.total == 4);  // two loads, the operation, which reads the third from memory, and the store
}

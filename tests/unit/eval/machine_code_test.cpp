// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/machine_code.hpp"

#include <memory>

#include "tests/support/property.hpp"
#include "tests/support/random_program.hpp"

using namespace lutgen;
using eval::Target;

namespace {

/// Zeroed words, aligned to 64 bytes.
class Words {
 public:
  explicit Words(std::size_t count) : storage_(count + 8) {
    void* start = storage_.data();
    std::size_t space = storage_.size() * 8;
    data_ = static_cast<std::uint64_t*>(std::align(64, count * 8, start, space));
  }
  [[nodiscard]] std::uint64_t* data() { return data_; }

 private:
  std::vector<std::uint64_t> storage_;
  std::uint64_t* data_ = nullptr;
};

void check(base::Rng& rng, const eval::Program& program, Target target, std::size_t part_bytes) {
  // Fetching changes nothing that can be seen, wherever it fetches from.
  const std::size_t fetch_bytes = rng.below(2) == 0 ? 0 : 1 + rng.below(100'000);
  const auto code = eval::MachineCode::generate(program, target, {part_bytes, fetch_bytes});
  RC_ASSERT(code != nullptr);
  const std::size_t lanes = eval::lanes_of(target);
  const std::size_t blocks = 1 + rng.below(4);
  Words inputs(program.input_count * lanes * blocks);
  Words outputs(program.outputs.size() * lanes * blocks);
  Words scratch(code->scratch_words() * blocks);
  for (std::size_t i = 0; i < program.input_count * lanes * blocks; ++i) inputs.data()[i] = rng.next();
  code->run(inputs.data(), outputs.data(), scratch.data(), blocks, rng.below(2) == 0 ? nullptr : inputs.data());
  std::vector<std::uint64_t> expected(program.outputs.size() * lanes);
  std::vector<std::uint64_t> values;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::span words(inputs.data() + block * program.input_count * lanes, program.input_count * lanes);
    eval::interpret(program, lanes, words, expected, values);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::uint64_t mask = is_inverted(program.outputs[i / lanes]) ? ~std::uint64_t{0} : 0;
      RC_ASSERT((outputs.data()[block * expected.size() + i] ^ mask) == expected[i]);
    }
  }
}

}  // namespace

TEST_CASE("generated code gives what the interpreter gives, on every target of this machine", "[eval][machine_code][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    // Long enough, now and then, for registers that point further and for several parts.
    const eval::Program ternary = test::random_program(rng, eval::Basis::ternary, rng.below(8) == 0 ? 4000 : 300);
    const eval::Program binary = test::random_program(rng, eval::Basis::binary, rng.below(8) == 0 ? 4000 : 300);
    for (const Target target : eval::kTargets) {
      if (target == Target::portable || !eval::is_supported(target)) continue;
      const auto& program = eval::basis_of(target) == eval::Basis::ternary ? ternary : binary;
      check(rng, program, target, rng.below(2) == 0 ? 0 : 500 + rng.below(2000));
    }
  });
}

TEST_CASE("AVX-512 runs programs of two-input operations as well", "[eval][machine_code][property]") {
  if (!eval::is_supported(Target::avx512)) return;
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    check(rng, test::random_program(rng, eval::Basis::binary), Target::avx512, 0);
  });
}

TEST_CASE("many inputs and outputs are within reach of the addresses", "[eval][machine_code]") {
  base::Rng rng(3);
  constexpr std::uint32_t kInputs = 3000;
  for (const Target target : eval::kTargets) {
    if (target == Target::portable || !eval::is_supported(target)) continue;
    eval::ProgramBuilder builder(eval::basis_of(target), kInputs);
    std::vector<eval::Lit> outputs;
    for (int i = 0; i < 2000; ++i) {
      const auto pick = [&] { return builder.input(static_cast<std::uint32_t>(rng.below(kInputs))); };
      outputs.push_back(builder.add3(static_cast<unsigned>(rng.below(256)), pick(), pick(), pick()));
    }
    check(rng, builder.finish(outputs, kInputs), target, 0);
  }
}

TEST_CASE("there is no code for the portable target", "[eval][machine_code]") {
  CHECK(eval::MachineCode::generate({}, Target::portable) == nullptr);
}

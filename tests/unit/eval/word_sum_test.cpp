// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/word_sum.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;
using eval::Basis;
using eval::Lit;
using eval::Planes;

namespace {

/// A program's outputs for 64 random samples.
struct Trial {
  std::vector<std::uint64_t> inputs;
  std::vector<std::uint64_t> outputs;

  Trial(base::Rng& rng, const eval::Program& program) : inputs(program.input_count), outputs(program.outputs.size()) {
    for (auto& word : inputs) word = rng.next();
    std::vector<std::uint64_t> scratch;
    eval::interpret(program, 1, inputs, outputs, scratch);
  }

  [[nodiscard]] std::int64_t input(std::size_t i, unsigned s) const { return static_cast<std::int64_t>((inputs[i] >> s) & 1); }
  /// The number whose planes are `count` outputs from `first` on.
  [[nodiscard]] std::int64_t number(std::size_t first, std::size_t count, unsigned s) const {
    std::int64_t value = 0;
    for (std::size_t p = 0; p < count; ++p) value |= static_cast<std::int64_t>((outputs[first + p] >> s) & 1) << p;
    return value;
  }
};

Basis pick_basis(base::Rng& rng) { return rng.below(2) == 0 ? Basis::ternary : Basis::binary; }

}  // namespace

TEST_CASE("weighted bits are added up, with weights of either sign", "[eval][word_sum][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto inputs = static_cast<std::uint32_t>(rng.below(70));
    eval::ProgramBuilder builder(pick_basis(rng), inputs);
    eval::WordSum sum(builder);
    const std::int64_t range = rng.below(2) == 0 ? 1 : 100;
    std::vector<std::int64_t> weights;
    for (std::uint32_t i = 0; i < inputs; ++i) {
      weights.push_back(static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(2 * range + 1))) - range);
      sum.add(builder.input(i), weights.back());
    }
    sum.add_constant(7);
    const std::int64_t base = sum.offset() - static_cast<std::int64_t>(rng.below(3));
    const Planes planes = sum.finish(base);
    const std::size_t count = planes.size();
    const Trial trial(rng, builder.finish(planes, inputs));
    for (unsigned s = 0; s < 64; ++s) {
      std::int64_t expected = 7;
      for (std::size_t i = 0; i < inputs; ++i) expected += weights[i] * trial.input(i, s);
      RC_ASSERT(base + trial.number(0, count, s) == expected);
    }
  });
}

TEST_CASE("numbers are compared with constants and with each other", "[eval][word_sum][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto width = static_cast<std::uint32_t>(rng.below(8));
    eval::ProgramBuilder builder(pick_basis(rng), 2 * width);
    Planes x;
    Planes y;
    for (std::uint32_t p = 0; p < width; ++p) {
      x.push_back(builder.input(p));
      y.push_back(builder.input(width + p));
    }
    const auto constant = static_cast<std::int64_t>(rng.below(260)) - 2;
    std::vector<Lit> outputs{eval::add_exceeds(builder, x, constant), eval::add_greater(builder, x, y)};
    outputs.insert(outputs.end(), x.begin(), x.end());
    outputs.insert(outputs.end(), y.begin(), y.end());
    const Trial trial(rng, builder.finish(outputs, 2 * width));
    for (unsigned s = 0; s < 64; ++s) {
      const std::int64_t first = trial.number(2, width, s);
      RC_ASSERT(trial.number(0, 1, s) == (first > constant ? 1 : 0));
      RC_ASSERT(trial.number(1, 1, s) == (first > trial.number(2 + width, width, s) ? 1 : 0));
    }
  });
}

TEST_CASE("the largest number's index, the lowest of equal ones", "[eval][word_sum][property]") {
  test::property([](std::uint64_t seed) {
    base::Rng rng(seed);
    const auto width = static_cast<std::uint32_t>(1 + rng.below(3));
    const auto count = static_cast<std::uint32_t>(1 + rng.below(12));
    eval::ProgramBuilder builder(pick_basis(rng), width * count);
    std::vector<Planes> numbers(count);
    for (std::uint32_t n = 0; n < count; ++n) {
      for (std::uint32_t p = 0; p < width; ++p) numbers[n].push_back(builder.input(n * width + p));
    }
    const Planes index = eval::add_argmax(builder, numbers);
    const Trial trial(rng, builder.finish(index, width * count));
    for (unsigned s = 0; s < 64; ++s) {
      std::int64_t best = 0;
      std::int64_t largest = -1;
      for (std::uint32_t n = 0; n < count; ++n) {
        std::int64_t value = 0;
        for (std::uint32_t p = 0; p < width; ++p) value |= trial.input(n * width + p, s) << p;
        if (value > largest) {
          largest = value;
          best = n;
        }
      }
      RC_ASSERT(trial.number(0, index.size(), s) == best);
    }
  });
}

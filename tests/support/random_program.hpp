// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/base/rng.hpp"
#include "lutgen/eval/program.hpp"

namespace lutgen::test {

/// A random program: up to `max_ops` operations on up to 40 inputs, most of what an operation reads made shortly before; outputs
/// of all kinds: results, several times the same, inputs, constants, complements.
inline eval::Program random_program(base::Rng& rng, eval::Basis basis, std::uint64_t max_ops = 400) {
  const auto inputs = static_cast<std::uint32_t>(1 + rng.below(40));
  eval::ProgramBuilder builder(basis, inputs);
  std::vector<eval::Lit> made;
  for (std::uint32_t i = 0; i < inputs; ++i) made.push_back(eval::ProgramBuilder::input(i));
  const auto pick = [&] {
    const std::uint64_t back = rng.below(2) == 0 ? rng.below(made.size()) : rng.below(std::min<std::uint64_t>(made.size(), 30));
    const eval::Lit lit = made[made.size() - 1 - back];
    return rng.below(2) == 0 ? lit : ~lit;
  };
  for (std::uint64_t i = rng.below(max_ops); i > 0; --i) {
    made.push_back(builder.add3(static_cast<unsigned>(rng.below(256)), pick(), pick(), pick()));
  }
  std::vector<eval::Lit> outputs{eval::Lit::zero, eval::Lit::one};
  for (std::uint64_t i = 1 + rng.below(60); i > 0; --i) outputs.push_back(pick());
  return builder.finish(std::move(outputs), inputs);
}

}  // namespace lutgen::test

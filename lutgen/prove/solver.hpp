// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace lutgen::prove {

/// A SAT variable (positive) or its complement (negative), never 0; as in the DIMACS format.
using Literal = std::int32_t;

/// What a solver can answer; `unknown`: the limit came first.
enum class SatAnswer : std::uint8_t { satisfiable, unsatisfiable, unknown };

/// A SAT solver (CaDiCaL behind it: deterministic, so the same clauses in the same order give the same answer).
class Solver {
 public:
  Solver();
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  /// A new variable; the first is 1.
  Literal add_variable() { return ++variables_; }
  /// A literal that is always true.
  Literal true_literal();
  void add_clause(std::span<const Literal> clause);
  /// Looks for values of all variables that make every clause true, for at most `conflict_limit` conflicts.
  [[nodiscard]] SatAnswer solve(std::uint64_t conflict_limit);
  /// After `satisfiable`: whether a literal is true.
  [[nodiscard]] bool value(Literal literal) const;
  /// Conflicts of all solve calls so far.
  [[nodiscard]] std::uint64_t conflicts() const;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
  Literal variables_ = 0;
  Literal true_ = 0;
};

}  // namespace lutgen::prove

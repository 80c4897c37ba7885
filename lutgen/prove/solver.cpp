// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/solver.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <cadical.hpp>

#include "lutgen/base/result.hpp"

namespace lutgen::prove {

/// CaDiCaL, and how many conflicts it has had: it learns a clause from each.
struct Solver::Engine final : CaDiCaL::Learner {
  CaDiCaL::Solver solver;
  std::uint64_t conflicts = 0;

  Engine() {
    solver.set("quiet", 1);  // it would write to stdout
    solver.connect_learner(this);
  }
  ~Engine() override { solver.disconnect_learner(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  /// Called for every learned clause; false: its literals are not wanted.
  bool learning(int) override {
    ++conflicts;
    return false;
  }
  void learn(int) override {}
};

Solver::Solver() : engine_(std::make_unique<Engine>()) {}
Solver::~Solver() = default;

Literal Solver::true_literal() {
  if (true_ == 0) {
    true_ = add_variable();
    add_clause(std::array{true_});
  }
  return true_;
}

void Solver::add_clause(std::span<const Literal> clause) {
  for (const Literal literal : clause) engine_->solver.add(literal);
  engine_->solver.add(0);
}

SatAnswer Solver::solve(std::uint64_t conflict_limit) {
  constexpr std::uint64_t kMaximum = std::numeric_limits<int>::max();
  engine_->solver.limit("conflicts", static_cast<int>(std::min(kMaximum, conflict_limit)));
  const int answer = engine_->solver.solve();
  return answer == 10 ? SatAnswer::satisfiable : answer == 20 ? SatAnswer::unsatisfiable : SatAnswer::unknown;
}

bool Solver::value(Literal literal) const { return engine_->solver.val(literal) > 0; }

std::uint64_t Solver::conflicts() const { return engine_->conflicts; }

}  // namespace lutgen::prove
